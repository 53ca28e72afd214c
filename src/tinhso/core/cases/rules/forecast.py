"""How long what is left will take, from the times the definition gives its steps."""

from __future__ import annotations

from datetime import datetime

from tinhso.core.cases.acts import Facts
from tinhso.core.cases.rules.moves import HELPERS, situation
from tinhso.core.cases.state import State, Token
from tinhso.core.procedures.flow import FORK, branches, needed
from tinhso.core.procedures.model import Definition, Situation, Step, holds
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit import worktime
from tinhso.kit.expressions import ExpressionError


def finish_by(definition: Definition, state: State, facts: Facts) -> datetime:
    """When the work of the agencies will be done if every step from now on takes the time it is given."""
    here = situation(definition, state, facts)
    forks = [t for t in state.tokens if t.need]
    ends = [_token_end(definition, t, here, state, facts) for t in state.tokens if t not in forks]
    latest = max((e for e in ends if e), default=facts.now)
    for fork in forks:
        for step in (definition.step(name) for name in fork.waiting):
            latest = _after(definition, step, _spend(step, latest, state, facts), here, state, facts)
        latest = _after(definition, definition.step(fork.step), latest, here, state, facts)
    return latest


def slowest(definition: Definition, state: State, facts: Facts) -> str:
    """In words: where the case stands and since when, for the letter of apology."""
    open_ = [t for t in state.tokens if t.do not in HELPERS and not t.need]
    if not open_:
        return "Hồ sơ cần thêm thời gian giải quyết"
    token = min(open_, key=lambda t: t.due_at or t.entered_at)
    step = definition.steps.get(token.step)
    name = step.name.vi if step and step.name else STEP_KINDS.get(token.do).title
    since = token.entered_at.astimezone(facts.zone)
    return f"Bước “{name}” tại {token.unit.name} chưa xong (bắt đầu {since:%H:%M ngày %d/%m/%Y})"


def _token_end(
    definition: Definition, token: Token, here: Situation, state: State, facts: Facts
) -> datetime | None:
    if token.do in HELPERS or token.step not in definition.steps:
        return None
    start = max(facts.now, token.due_at or facts.now)
    step = definition.step(token.step)
    if token.parent and (waits := state.token(token.parent)) and waits.step == step.id:
        return start
    return _after(definition, step, start, here, state, facts)


def _after(
    definition: Definition, step: Step, start: datetime, here: Situation, state: State, facts: Facts
) -> datetime:
    """When everything after a step is done: its branch up to the waiting step, or the path up to delivery."""
    moment, seen = start, {step.id}
    while True:
        target = _next(step, here)
        if target is None or target in seen or definition.step(target).do == "deliver":
            return moment
        seen.add(target)
        step = definition.step(target)
        if step.do == FORK and _came_from(definition, step, seen):
            return moment
        moment = _through(definition, step, moment, here, state, facts)


def _through(
    definition: Definition, step: Step, start: datetime, here: Situation, state: State, facts: Facts
) -> datetime:
    """When a step that begins at `start` is done; of parallel branches as many as it waits for."""
    if step.do == FORK:
        first = [definition.step(b.to) for b in branches(step) if _holds(b.when, here)]
        if _holds(str(step.options.get("in_turn", "false")), here):
            for s in first:
                start = _after(definition, s, _spend(s, start, state, facts), here, state, facts)
            return start
        ends = sorted(
            _after(definition, s, _spend(s, start, state, facts), here, state, facts) for s in first
        )
        return ends[needed(step, len(ends)) - 1] if ends else start
    return _spend(step, start, state, facts)


def _spend(step: Step, start: datetime, state: State, facts: Facts) -> datetime:
    if step.within is None or state.competent is None or step.options.get("not_counted"):
        return start
    return worktime.add(facts.calendar(state.competent), start, step.within).at


def _came_from(definition: Definition, fork: Step, seen: set[str]) -> bool:
    return any(b.to in seen for b in branches(fork))


def _next(step: Step, here: Situation) -> str | None:
    return next((n.to for n in step.next if _holds(n.when, here)), None)


def _holds(condition: str, here: Situation) -> bool:
    try:
        return holds(condition, here)
    except ExpressionError:  # it asks for what is not known yet
        return False
