"""Every result a procedure promises can be made from its first worked example: no template fails on the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction

from tinhso.core.cases.facts import unit_ref
from tinhso.core.cases.state import ChildRef, Opinion, Party, State
from tinhso.core.forms.trial import sample
from tinhso.core.orgs.queries import forget
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.roles import roles_of
from tinhso.core.signing.render import render
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.systems.onestop.documents.results import Signing, result_data
from tinhso.systems.onestop.tests.staff_world import ZONE

ROOT = Path(settings.CATALOG)
CODES = sorted(p.parent.name for p in ROOT.glob("procedures/*/*/procedure.yml"))
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def units(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province(())
        transaction.set_rollback(True)


def _state(definition: Definition, answers: dict[str, Any], units: SmallProvince) -> State:
    """A case on its way to be signed: drafted, asked about, with what other agencies brought."""
    fields = definition.result.fields
    ward = unit_ref(units.commune)
    replies = {"status": "done", "name": "Giấy", "number": "7/2026", "issued_code": "ABC", "fields": {}}
    steps = [s for s in definition.steps.values() if s.do == "subcase"]
    return State(
        applicant=Party(id="x", kind="person", full_name="Lê Thị Hồng Thắm"),
        competent=ward,
        answers=answers,
        accepted_at=NOW,
        draft={f.id: sample(f) for f in fields.fields.values()} if fields else {},
        opinions=(Opinion(unit=ward, by="Ai", at=NOW, agrees=True, text="Đồng ý", step="x"),),
        children=tuple(
            ChildRef(token="t", step=s.id, case_id="c", code="H30-1", procedure="p", unit=ward, at=NOW)
            for s in steps
        ),
        replies={s.id: replies | ({"status": "refused", "reason": "Thiếu"} if n else {}) for n, s in enumerate(steps)},
    )  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_the_result_of_a_worked_example_is_made(units: SmallProvince, db: None, code: str) -> None:
    forget()
    catalog = Catalog(ROOT, roles_of(ROOT))
    folder = next(ROOT.glob(f"procedures/*/{code}"))
    entry = catalog.read(folder)
    assert entry.definition is not None
    example = next(d for d in catalog.examples(folder) if not d.data["expect"].get("errors"))
    state = _state(entry.definition, dict(example.data["form"]), units)
    data = result_data(
        state, entry.definition, case_code="H30-1", number="1/2026", signer=Signing("Ai", "Chủ tịch"), now=NOW
    )
    for source in entry.definition.outputs.values():
        assert render(source, data).startswith(b"%PDF-")
