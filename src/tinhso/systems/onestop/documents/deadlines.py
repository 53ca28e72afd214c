"""The milestones of a case that several agencies work on: each agency's deadline, and how the total comes about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.facts import gather
from tinhso.core.cases.queries import CaseFile, offered
from tinhso.core.cases.rules.forecast import finish_by
from tinhso.core.cases.rules.moves import situation
from tinhso.core.cases.state import State, UnitRef
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition, Step
from tinhso.kit import worktime
from tinhso.systems.onestop.rules.deadlines import Doer, Milestone, is_interlinked, milestones, tree
from tinhso.systems.onestop.rules.standing import Related

READER = system_actor("onestop.deadlines")
#: Ways to leave a step without having done it.
NOT_DONE = ("opened", "not_needed", "returned", "objected")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The plan of a case: its lines, when all is done by the agencies' own deadlines (`end`), the legal due date,
    when it will be done as things stand (`forecast`, None once finished), the path that decides, in words."""

    lines: tuple[Milestone, ...]
    start: datetime
    end: datetime
    due: datetime | None
    forecast: datetime | None
    path: tuple[str, ...]
    sentences: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Whether the case will be late as things stand."""
        return bool(self.forecast and self.due and self.forecast > self.due)


def deadlines(
    file: CaseFile, now: datetime, lang: str = "vi", *, children: Sequence[Related] = ()
) -> Deadlines | None:
    """The milestones of a case since its time began to run; None before, and for work of one agency alone.

    `children` are its sub-cases, whose agencies have legal limits of their own.
    """
    state, definition = file.state, file.definition
    clock = state.clock
    if not is_interlinked(definition) or clock.started_at is None or state.competent is None:
        return None
    facts = gather(definition, state, READER, now=now)
    start = clock.restarts[-1].at if clock.restarts else clock.started_at
    node = tree(
        definition, situation(definition, state, facts), lambda step: _doers(step, state, facts), lang
    )
    if node is None:
        return None
    planned = worktime.plan(node, start)
    really = _really(definition, state, facts, children, lang)
    running = clock.state == "running" and bool(state.tokens)
    return Deadlines(
        milestones(planned, really.units, really.done, really.due),
        start,
        planned.end,
        clock.due_current,
        finish_by(definition, state, facts) if running else None,
        tuple(p.node.name for p in planned.critical_path),
        tuple(worktime.explain_plan(planned, lang)),
    )


def _doers(step: Step, state: State, facts: Facts) -> tuple[Doer, ...]:
    """Who does a step: the units asked, the agency of the sub-case, the receiving or the deciding unit."""
    if step.do in ("consult", "ask_unit"):
        units = facts.asked_units.get(step.id, ())
    else:
        child = next((c for c in reversed(state.children) if c.step == step.id), None)
        unit = child.unit if child else state.reception if step.at == "reception" else state.competent
        units = (unit,) if unit else ()
    return tuple(Doer(u.name, orgs.calendar_for(u.path)) for u in units) or _deciding(state)


def _deciding(state: State) -> tuple[Doer, ...]:
    unit = state.competent
    return (Doer(unit.name, orgs.calendar_for(unit.path)),) if unit else ()


@dataclass(frozen=True, slots=True)
class _Really:
    """What really happened at the steps: by whom, until when it has to be, when it was done."""

    units: dict[str, str]
    done: dict[str, datetime]
    due: dict[str, datetime]


def _really(
    definition: Definition, state: State, facts: Facts, children: Sequence[Related], lang: str
) -> _Really:
    open_ = {t.step for t in state.tokens}
    found = _Really(
        {s.id: _unit(s, state, facts, lang) for s in definition.steps.values()},
        {v.step: v.left_at for v in state.visits if v.outcome not in NOT_DONE and v.step not in open_},
        {t.step: t.due_at for t in state.tokens if t.due_at},
    )
    for child in children:  # the agency of a sub-case has the limit of its own procedure
        if child.due and child.ended == "open":
            found.due[child.step] = child.due
    for step_id, asked in facts.asked_units.items():
        for number, unit in enumerate(asked):
            _asked(found, state, step_id, unit, f"{step_id}:{number}")
    return found


def _unit(step: Step, state: State, facts: Facts, lang: str) -> str:
    """The name of who does a step; for a sub-case not yet filed, whom its procedure names."""
    if step.do in ("consult", "parallel"):
        return ""
    if step.do == "subcase" and not any(c.step == step.id for c in state.children):
        child = offered(str(step.options["procedure"]))
        return child.competence[0].text.in_(lang) if child and child.competence else ""
    doers = _doers(step, state, facts)
    return doers[0].name if doers else ""


def _asked(found: _Really, state: State, step: str, unit: UnitRef, key: str) -> None:
    """One of the units asked at a step."""
    found.units[key] = unit.name
    for opinion in state.opinions:
        if (opinion.step, opinion.unit.code, opinion.void) == (step, unit.code, False):
            found.done[key] = opinion.at
    for token in state.tokens:
        if (token.step, token.unit.code, token.do) == (step, unit.code, "ask_unit") and token.due_at:
            found.due[key] = token.due_at
