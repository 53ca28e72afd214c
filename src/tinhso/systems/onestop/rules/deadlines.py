"""The milestones of a case: every step with the agency that does it and its own deadline, and how they add up. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tinhso.core.procedures.flow import FORK, branches, needed
from tinhso.core.procedures.model import Definition, Next, Situation, Step, holds
from tinhso.kit import worktime
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.worktime import Calendar, Node

#: Kinds of steps that make a case one of several agencies.
INTERLINKED = frozenset({FORK, "consult", "subcase"})


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does a step: the agency's name and the calendar its time is counted with."""

    name: str
    calendar: Calendar


Where = Callable[[Step], tuple[Doer, ...]]


def is_interlinked(definition: Definition) -> bool:
    """Whether several agencies work on such a case, each with its own deadline."""
    return any(s.do in INTERLINKED for s in definition.steps.values())


def tree(definition: Definition, here: Situation, where: Where, lang: str = "vi") -> Node | None:
    """The steps after reception as the planner reads them, on the way the answers lead; None when there are none."""
    first = _following(definition.step(definition.first).next, here)
    nodes = _path(definition, first, "", here, where, lang)
    return worktime.sequence("case", *nodes, name=definition.name.in_(lang)) if nodes else None


def _path(
    definition: Definition, first: str, stop: str, here: Situation, where: Where, lang: str
) -> list[Node]:
    """The steps from one on, up to delivery or the step a branch leads back to. A loop is walked once."""
    nodes: list[Node] = []
    seen: set[str] = set()
    name = first
    while name and name != stop and name not in seen:
        seen.add(name)
        step = definition.step(name)
        if step.do == "deliver":
            break
        node = _node(definition, step, here, where, lang)
        nodes += [node] if node else []
        name = _following(step.next, here)
    return nodes


def _node(definition: Definition, step: Step, here: Situation, where: Where, lang: str) -> Node | None:
    name = step.name.in_(lang) or step.id
    if step.do == FORK:
        inside = [
            _branch(definition, b.to, step.id, here, where, lang)
            for b in branches(step)
            if _true(b.when, here)
        ]
        found = [n for n in inside if n is not None]
        if not found:
            return None
        if _turns(step, here):
            return worktime.sequence(step.id, *found, name=name)
        return worktime.parallel(step.id, *found, name=name, need=needed(step, len(found)))
    doers = where(step)
    if step.do == "consult":
        asked = [
            worktime.step(f"{step.id}:{n}", step.within, d.calendar, name=d.name) for n, d in enumerate(doers)
        ]
        return worktime.parallel(step.id, *asked, name=name, need=needed(step, len(asked))) if asked else None
    return worktime.step(step.id, step.within, doers[0].calendar if doers else None, name=name)


def _branch(
    definition: Definition, first: str, fork: str, here: Situation, where: Where, lang: str
) -> Node | None:
    nodes = _path(definition, first, fork, here, where, lang)
    if len(nodes) == 1:
        return nodes[0]
    name = definition.step(first).name.in_(lang)
    return worktime.sequence(f"{fork}/{first}", *nodes, name=name) if nodes else None


def _turns(step: Step, here: Situation) -> bool:
    """Whether the branches follow one another in this case."""
    rule = str(step.options.get("in_turn", ""))
    return bool(rule) and _true(rule, here)


def _following(following: tuple[Next, ...], here: Situation) -> str:
    return next((n.to for n in following if _true(n.when, here)), "")


def _true(condition: str, here: Situation) -> bool:
    try:
        return holds(condition, here)
    except ExpressionError:
        return False


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of the plan: who does what from when to when, how deep it lies, whether it decides the whole.

    `kind` is the planner's order: "step", "sequence" (one after another) or "parallel" (at the same time).
    `done` is when it really was, `due` the deadline set when it really began.
    """

    id: str
    depth: int
    kind: str
    name: str
    unit: str
    start: datetime
    end: datetime
    critical: bool
    need: int = 0
    of: int = 0
    done: datetime | None = None
    due: datetime | None = None


def milestones(
    planned: worktime.Planned,
    units: Mapping[str, str],
    done: Mapping[str, datetime],
    due: Mapping[str, datetime],
) -> tuple[Milestone, ...]:
    """The plan line by line, with what really happened beside it; the whole itself is left out."""
    return tuple(
        Milestone(
            p.node.id,
            depth - 1,
            p.node.order,
            p.node.name,
            units.get(p.node.id, ""),
            p.start,
            p.end,
            p.critical,
            p.node.need,
            len(p.children),
            done.get(p.node.id),
            due.get(p.node.id),
        )
        for depth, p in planned.walk()
        if depth
    )
