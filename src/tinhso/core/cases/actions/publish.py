"""Publishing procedures: a definition becomes an immutable version with a range of dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tinhso.contracts.cases import ProcedureChanged
from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.cases import versions
from tinhso.core.cases.actions.plans import plan_rebase
from tinhso.core.cases.acts import refuse
from tinhso.core.cases.models import Procedure, ProcedureVersion, VersionFiles
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.db.batch import Batch
from tinhso.core.events.outbox import emit
from tinhso.core.orgs.policy import require
from tinhso.core.procedures.build import build, source_hash
from tinhso.core.procedures.catalog import Catalog, Entry
from tinhso.core.procedures.files import files_in


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the version now in force from its date, and whether anything changed."""

    version: ProcedureVersion
    changed: bool


def publish(
    source: Mapping[str, Any],
    *,
    actor: Actor,
    valid_from: date | None = None,
    files: Mapping[str, str] | None = None,
) -> Published:
    """Make a version of a checked definition, in force from `valid_from` (its own date by default).

    `files` are the texts it was read from, kept so that the next edit starts from them. The version in
    force until then ends there. The same content again changes nothing. Cases keep the version they were
    filed under, unless nothing they depend on differs: then they follow on its first day (`plan_rebase`).
    Refused when a later version already starts on or after that date.
    """
    require(actor, PUBLISH)
    digest = source_hash(source)
    definition = build(source, digest)
    start = valid_from or definition.valid_from
    if definition.valid_to is not None and definition.valid_to <= start:
        raise refuse(
            "ends_first", "Bản này hết hiệu lực trước ngày được chọn; sửa mục “valid”.", field="valid_from"
        )
    with transaction.atomic():
        procedure = save_procedure(
            definition.code, source["procedure"], levels=[c.level for c in definition.competence]
        )
        Procedure.objects.select_for_update().get(code=procedure.code)
        last = ProcedureVersion.objects.filter(procedure=procedure, number__gt=0).order_by("-number").first()
        if last is not None and last.hash == digest:
            return Published(last, False)
        if last is not None and last.valid.lower and last.valid.lower > start:
            raise refuse(
                "later_version",
                f"Đã có phiên bản bắt đầu từ {last.valid.lower:%d/%m/%Y}; hãy chọn ngày sau đó.",
                field="valid_from",
            )
        if last is not None:
            _end(last, start)
        version = ProcedureVersion.objects.create(
            procedure=procedure,
            number=last.number + 1 if last else 1,
            hash=digest,
            source=source,
            valid=DateRange(start, definition.valid_to),
            published_at=timezone.now(),
            published_by=actor.name,
        )
        _keep(version, files, actor)
        _tell(version, last, start, actor)
    versions.forget()
    return Published(version, True)


def _tell(version: ProcedureVersion, last: ProcedureVersion | None, start: date, actor: Actor) -> None:
    """The audit entry of a publication, and the event."""
    code, batch = version.procedure_id, Batch()
    record(
        batch,
        act="cases.publish",
        object_kind="procedure",
        object_id=code,
        actor=actor,
        data={
            "before": {"version": last.number, "hash": last.hash} if last else None,
            "after": {"version": version.number, "hash": version.hash, "from": start.isoformat()},
        },
    )
    emit(batch, ProcedureChanged(code), subject_id=code)
    batch.send()


def _keep(version: ProcedureVersion, files: Mapping[str, str] | None, actor: Actor) -> None:
    """What goes with a new version: the texts it was read from, and the open cases that may follow it."""
    if files:
        VersionFiles.objects.create(version=version, files=dict(files))
    plan_rebase(version, _former(version), actor)


def _former(version: ProcedureVersion) -> ProcedureVersion | None:
    """The version this one follows: the latest before it that was in force for a day at least."""
    before = ProcedureVersion.objects.filter(
        procedure_id=version.procedure_id, number__gt=0, number__lt=version.number
    )
    return before.defer("source").exclude(valid__isempty=True).order_by("-number").first()


def _end(last: ProcedureVersion, start: date) -> None:
    """The former version ends where the new one starts; replaced on its very first day it never was in force."""
    if last.valid.lower == start:
        last.valid = DateRange(empty=True)
    elif last.valid.upper is None or last.valid.upper > start:
        last.valid = DateRange(last.valid.lower, start)
    last.save(update_fields=["valid"])


def save_procedure(code: str, data: Mapping[str, Any], levels: list[str]) -> Procedure:
    """The catalogue row of a procedure: names, field and what an information page shows."""
    name = data["name"]
    procedure, _ = Procedure.objects.update_or_create(
        code=code,
        defaults={
            "name": name["vi"],
            "name_en": name.get("en", ""),
            "field": data["field"],
            "levels": levels,
            "information": {k: v for k, v in data.items() if k != "process"},
        },
    )
    return procedure


def load_entry(entry: Entry, *, actor: Actor) -> bool:
    """Bring one catalogue folder into the database; returns whether anything changed."""
    if entry.source is not None:
        return publish(entry.source, actor=actor, files=files_in(entry.folder)).changed
    assert entry.information is not None  # noqa: S101  an entry is one or the other
    with transaction.atomic():
        before = Procedure.objects.filter(code=entry.code).values_list("information", flat=True).first()
        save_procedure(entry.code, entry.information, entry.information["levels"])
        if before == entry.information:
            return False
        batch = Batch()
        emit(batch, ProcedureChanged(entry.code), subject_id=entry.code)
        batch.send()
    return True


def load_catalog(catalog: Catalog, *, actor: Actor) -> tuple[int, int]:
    """Load every folder; returns (entries, changed). `FaultsError` names every fault of the first bad folder."""
    entries = [catalog.read(folder) for folder in catalog.folders()]
    return len(entries), sum(load_entry(e, actor=actor) for e in entries)
