"""Where a case is, for programs: open steps with their branches, sub-cases, opinions, votes, milestones."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from msgspec.structs import replace
from ninja import Schema
from pydantic import Field

from tinhso.core.access.actor import Actor
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, dump
from tinhso.systems.onestop.documents.deadlines import Deadlines, deadlines
from tinhso.systems.onestop.queries.standing import Standing, may_read, standing
from tinhso.systems.onestop.rules.standing import Place, Related


class StepOut(Schema):
    """An open step, or a branch of one that waits for several. `status`: open, waiting, machine (the system does it),
    stuck (the system failed, an officer has to see to it), paused, done, not_begun, not_needed, other_case (the
    branch does not apply here), agreed, against, silent, silent_against. `need` of the branches have to come back."""

    step: str
    kind: str
    name: str
    status: str
    token: str = Field("", description="Mã bước đang mở, dùng trong `data.token` của một việc")
    unit: str = ""
    person: str = ""
    since: datetime | None = None
    due: datetime | None = None
    ended: datetime | None = None
    need: int = 0
    error: str = ""
    tries: int = 0
    branches: list[StepOut] = Field(default_factory=list)


class RelatedOut(Schema):
    """A sub-case in another agency, or the case this one was filed for. `ended`: open, done, refused, stopped."""

    code: str
    name: str
    unit: str
    status: int
    step: str
    ended: str
    due: datetime | None
    finished_at: datetime | None


class OpinionOut(Schema):
    """What a unit asked at a step answered: waiting, agreed, against, silent, silent_against, not_needed, void, paused."""

    step: str
    unit: str
    status: str
    by: str = ""
    at: datetime | None = None
    due: datetime | None = None
    text: str = ""


class VoteOut(Schema):
    """A committee's vote so far: `need` in favour pass; `members` is 0 when their number is not fixed."""

    step: str
    name: str
    need: int
    members: int
    agreed: int
    against: int
    open: bool


class MilestoneOut(Schema):
    """One line of the plan of a case several agencies work on. `kind`: step, sequence (one after another) or
    parallel (at the same time, `need` of `of`); `critical` steps decide when all is done."""

    id: str
    depth: int
    kind: str
    name: str
    unit: str
    start: datetime
    end: datetime
    critical: bool
    need: int
    of: int
    done: datetime | None
    due: datetime | None


class PlanOut(Schema):
    """Each agency's own deadline and how they add up: `end` is when all is done if everybody keeps theirs, `due` the
    legal date, `forecast` when it will be done as things stand (officers only), `sentences` the same in words."""

    start: datetime
    end: datetime
    due: datetime | None
    forecast: datetime | None
    path: list[str]
    lines: list[MilestoneOut]
    sentences: list[str]


def where_it_is(file: CaseFile, actor: Actor, lang: str = "vi") -> dict[str, Any]:
    """`steps`, `parent`, `children`, `opinions`, `votes`, `plan` of a case as this reader may see them."""
    found, now = standing(file, actor, lang), timezone.now()
    plan = deadlines(file, now, lang, children=found.children)
    inner = not file.is_mine
    return {
        "steps": [_step(p, inner=inner) for p in (found.places if inner else found.working)],
        "parent": _related(found.parent) if found.parent else None,
        "children": [_related(c) for c in found.children],
        "opinions": _opinions(found, inner=inner),
        "votes": _votes(found) if inner else [],
        "plan": _plan(plan, inner=inner) if plan else None,
    }


def _step(place: Place, *, inner: bool) -> dict[str, Any]:
    """A place; who works at it and why a machine failed are the agencies' own affair."""
    names = ("step", "kind", "name", "status", "token", "unit", "since", "due", "ended", "need")
    row = {name: getattr(place, name) for name in names}
    if inner:
        row |= {"person": place.person, "error": place.error, "tries": place.tries}
    return {**row, "branches": [_step(b, inner=inner) for b in place.branches]}


def _related(related: Related) -> dict[str, Any]:
    return {name: getattr(related, name) for name in RelatedOut.model_fields}


def _opinions(found: Standing, *, inner: bool) -> list[dict[str, Any]]:
    return [
        {
            "step": r.step,
            "unit": a.unit,
            "status": a.status,
            "at": a.at,
            "due": a.due,
            **({"by": a.by, "text": a.text} if inner else {}),
        }
        for r in found.rounds
        for a in r.answers
    ]


def _votes(found: Standing) -> list[dict[str, Any]]:
    return [{name: getattr(t, name) for name in VoteOut.model_fields} for t in found.tallies]


def _plan(plan: Deadlines, *, inner: bool) -> dict[str, Any]:
    return {
        "start": plan.start,
        "end": plan.end,
        "due": plan.due,
        "forecast": plan.forecast if inner else None,
        "path": list(plan.path),
        "lines": [{name: getattr(line, name) for name in MilestoneOut.model_fields} for line in plan.lines],
        "sentences": list(plan.sentences),
    }


def state_for(file: CaseFile, actor: Actor) -> dict[str, Any]:
    """The state of a case for a program: without the agencies' inner affairs for the applicant, and without what
    other units answered for a unit asked in a round that is still blind."""
    if file.is_mine:
        return dump(outward(file.state))  # type: ignore[no-any-return]
    sees = may_read(file.state, actor)
    blind = {s.id for s in file.definition.steps.values() if s.options.get("blind")}
    waiting = {t.step for t in file.state.tokens if t.do == "ask_unit"} & blind
    if sees is None or not waiting:
        return dump(file.state)  # type: ignore[no-any-return]
    opinions = tuple(
        replace(o, text="", by="", agrees=False) if o.step in waiting and o.unit.code not in sees else o
        for o in file.state.opinions
    )
    return dump(replace(file.state, opinions=opinions))  # type: ignore[no-any-return]


def outward(state: State) -> State:
    """What the applicant is told of the agencies' work: where it is, not who voted how or what failed."""
    return replace(
        state,
        votes=(),
        opinions=tuple(replace(o, text="", by="") for o in state.opinions),
        tokens=tuple(replace(t, error="", tries=0, first_by="", first_name="") for t in state.tokens),
        undo=(),
        apology=None,
    )
