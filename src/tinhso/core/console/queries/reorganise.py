"""What the page of a reorganisation plan shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.jobs.models import Run
from tinhso.core.jobs.runs import OPEN
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.errors import UnknownUnit
from tinhso.core.reorganisation import queries
from tinhso.core.reorganisation.models import Decision, PlanState, Reorganisation
from tinhso.core.reorganisation.plan import load
from tinhso.core.reorganisation.proof import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to decide: what it is, why rules do not say, and what can be chosen (value, words)."""

    key: str
    label: str
    link: str
    why: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    plan: Reorganisation
    trial: dict[str, Any] | None
    moves: list[tuple[str, str, str, int]]
    choices: list[Choice]
    run: Run | None
    decisions: list[Decision]
    proof: list[Line]
    moved: list[tuple[str, int]]

    @property
    def is_draft(self) -> bool:
        return self.plan.state == PlanState.DRAFT

    @property
    def busy(self) -> bool:
        return self.run is not None and self.run.state in OPEN

    @property
    def may_revert(self) -> bool:
        return self.plan.state in (PlanState.DONE, PlanState.WAITING) and not self.busy


def view(actor: Actor, plan_id: UUID) -> View:
    found = queries.plan(actor, plan_id)
    trial: dict[str, Any] | None = found.trial
    names = _names(found)
    run = Run.objects.filter(id=found.run_id).first() if found.run_id else None
    return View(
        found,
        trial,
        _moves(trial, names),
        _choices(trial, names),
        run,
        queries.decisions(plan_id),
        queries.proof_lines(found),
        sorted(found.proof.get("moved", {}).items()),
    )


def _names(found: Reorganisation) -> dict[str, str]:
    """Units the plan founds or renames, by their new codes."""
    names: dict[str, str] = {}
    for step in load(found.source).units:
        target = getattr(step, "into", None) or step
        code = getattr(target, "code", "") or getattr(target, "keep", "")
        if isinstance(code, str) and code and getattr(target, "name", ""):
            names[code] = target.name  # type: ignore[union-attr]
    return names


def _called(code: str, names: dict[str, str]) -> str:
    if code in names:
        return names[code]
    try:
        return orgs.unit_by_code(code).name
    except UnknownUnit:
        head, _, _ = code.rpartition(".")
        return f"{_called(head, names)} ({code})" if head else code


def _moves(trial: dict[str, Any] | None, names: dict[str, str]) -> list[tuple[str, str, str, int]]:
    if not trial:
        return []
    return [
        (trial["titles"].get(kind, kind), _called(row["frm"], names), _called(row["to"], names), row["count"])
        for kind, rows in trial["moves"].items()
        for row in rows
    ]


#: Why rules could not place something, in words.
WHY = {
    "no_place": "Hồ sơ không ghi địa bàn.",
    "divided": "Địa bàn cũ đã chia cho nhiều nơi.",
    "nobody": "Không có đơn vị nào phụ trách địa bàn này.",
    "no_rule": "Không quy tắc nào trong phương án khớp.",
    "dissolved": "Đơn vị chấm dứt, chưa nói người này về đâu.",
    "only_one": "Vị trí chỉ một người giữ, đã có người khác.",
}


def _choices(trial: dict[str, Any] | None, names: dict[str, str]) -> list[Choice]:
    if not trial:
        return []
    found = [
        Choice(
            row["key"], row["label"], row["link"], WHY.get(row["undecided"]["why"], ""),
            tuple((code, _called(code, names)) for code in row["undecided"]["choices"]),
        )
        for row in trial["open"]
    ]  # fmt: skip
    found += [
        Choice(
            seat["held"]["key"], f"{seat['held']['name']} · {seat['held']['post']} · {_called(seat['held']['unit'], names)}",
            "", WHY.get(seat["why"], ""), tuple((c, c) for c in seat["choices"]),
        )
        for seat in trial["homeless"]
    ]  # fmt: skip
    return found
