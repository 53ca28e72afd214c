"""The small province on the eve of its reorganisation, and the plan that merges its two communes and ends its district."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.jobs.actions import work
from tinhso.core.jobs.models import Run
from tinhso.core.reorganisation import actions
from tinhso.core.reorganisation.models import Reorganisation
from tinhso.core.testing.province import SmallProvince

PLAN = """
name: Nhập Phường I và Xã Vị Tân, bỏ cấp huyện
decision: Nghị quyết 1668/NQ-UBTVQH15
on: {on}
territories:
  - {{code: "92", name: Thành phố Cần Thơ, level: province, from: [{{code: "93"}}]}}
  - {{code: "31333", name: Phường Vị Tân, level: commune, parent: "92", from: [{{code: "31318"}}, {{code: "31333"}}]}}
levels:
  - {{level: district, done_by: commune}}
units:
  - {{do: change, unit: H30, name: Ủy ban nhân dân thành phố Cần Thơ, code: H92, territory: "92"}}
  - {{do: change, unit: H30.41.15, under: H92, name: Bảo hiểm xã hội khu vực}}
  - do: merge
    from: [H30.41.21, H30.41.26]
    into: {{code: H92.51, name: Ủy ban nhân dân Phường Vị Tân, kind: commune, under: H92, territory: "31333"}}
  - {{do: dissolve, unit: H30.41, level: commune, otherwise: H92.51}}
people:
  single: {{chair: document_clerk, centre_head: one_stop_clerk}}
  spread: true
"""


def plan_text(on: date | None = None) -> str:
    return PLAN.format(on=(on or timezone.localdate()).isoformat())


def administrator(province: SmallProvince) -> Actor:
    return province.actor(province.administrator)


def saved(province: SmallProvince, text: str = "") -> Reorganisation:
    return actions.save(actor=administrator(province), text=text or plan_text())


def done(province: SmallProvince, row: Reorganisation) -> Reorganisation:
    """Begin a plan and do its long work to the end."""
    actions.begin(actor=administrator(province), plan_id=row.id)
    return run_of(row)


def run_of(row: Reorganisation) -> Reorganisation:
    row.refresh_from_db()
    assert row.run_id is not None
    work(row.run_id)
    row.refresh_from_db()
    run: Any = Run.objects.get(id=row.run_id)
    assert run.state == "done", run.error
    return row
