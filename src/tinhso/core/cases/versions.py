"""Definitions in memory: the version of a case, and the version in force on a day."""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

from tinhso.core.cases.models import ProcedureVersion
from tinhso.core.procedures.build import build
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound

KEEP_SECONDS = 5.0

_by_id: dict[UUID, Definition] = {}
_in_force: dict[tuple[str, date], tuple[float, UUID]] = {}


def definition_of(version_id: UUID) -> Definition:
    """The definition of a version. Versions never change, so it is read once per process."""
    found = _by_id.get(version_id)
    if found is None:
        version = ProcedureVersion.objects.get(id=version_id)
        found = _by_id[version_id] = build(version.source, version.hash)
    return found


def in_force(code: str, on: date) -> tuple[UUID, Definition]:
    """The version of a procedure for a date; looked up again after a few seconds, so a publication is seen."""
    kept = _in_force.get((code, on))
    if kept is None or time.monotonic() - kept[0] > KEEP_SECONDS:
        version_id = (
            ProcedureVersion.objects.filter(procedure_id=code, valid__contains=on)
            .values_list("id", flat=True)
            .first()
        )
        if version_id is None:
            raise NotFound("no_version", "Thủ tục này chưa nhận hồ sơ trên hệ thống vào ngày này.")
        kept = _in_force[code, on] = (time.monotonic(), version_id)
    return kept[1], definition_of(kept[1])


def forget() -> None:
    """Look at the database again at the next question; called after publishing."""
    _in_force.clear()
