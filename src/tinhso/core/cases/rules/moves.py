"""Moving through the steps: entering, leaving, choosing what comes next, coming back from a branch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from tinhso.core.cases.acts import Facts, new_token, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import (
    Arrived,
    BranchBegun,
    ClockSet,
    EffectUnion,
    StatusSet,
    TokenClosed,
    TokenOpened,
    fold,
)
from tinhso.core.cases.state import State, Token, UnitRef, dump
from tinhso.core.procedures.flow import blank_case
from tinhso.core.procedures.model import Definition, Situation, Step, holds
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit import worktime
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.worktime import Calendar, Clock

#: What entering a step of some kind does beyond opening its token (`StepKind.enter`).
Enter = Callable[[Definition, Step, Token, State, Facts], list[EffectUnion]]
#: Steps the engine opens by itself about lateness; they end with the work.
ABOUT_TIME = ("apology", "late")
#: All steps the engine opens beside those of the process.
HELPERS = (*ABOUT_TIME, "undo")
HELPER_TIME = worktime.Duration.parse("8 hours")


def is_task(token: Token) -> bool:
    """Whether an open step is somebody's to do: not the applicant's, and not a machine's unless it gave up."""
    if token.do == "ask_applicant":
        return False
    return not STEP_KINDS.get(token.do).background or bool(token.error and not token.retry_at and token.role)


def situation(definition: Definition, state: State, facts: Facts) -> Situation:
    """What conditions may read of a case at this moment."""
    applicant = dump(state.applicant) if state.applicant else {}
    case = case_values(definition, state)
    return Situation.of(definition, state.answers, applicant, state.channel, facts.today, state.variant, case)


def case_values(definition: Definition, state: State) -> dict[str, Any]:
    """`case` in conditions: opinions and votes counted by step, the replies of automatic steps and sub-cases."""
    found = blank_case(definition)
    for opinion in state.opinions:
        if opinion.step in found["opinions"] and not opinion.void:
            counted = found["opinions"][opinion.step]
            counted["agreed" if opinion.agrees else "disagreed"] += 1
            counted["silent"] += opinion.silent
    for vote in state.votes:
        if vote.step in found["votes"] and not vote.void:
            counted = found["votes"][vote.step]
            counted["agreed" if vote.agrees else "against"] += 1
    for step, counted in found["votes"].items():
        counted["passed"] = counted["agreed"] >= int(definition.step(step).options.get("need", 1))
    found["replies"] |= state.replies
    found["late"] = state.escalated
    return found


def is_true(condition: str, here: Situation, place: str) -> bool:
    """A condition of the process; a `Refusal` that names the place when it cannot be worked out."""
    try:
        return holds(condition, here)
    except ExpressionError as error:
        raise refuse(
            "bad_condition",
            f"Quy trình không tính được điều kiện ở “{place}”: {error}. Hãy báo quản trị viên.",
        ) from error


def unit_of(step: Step, state: State, facts: Facts) -> UnitRef:
    """Where a step is done: the receiving unit, the deciding unit, or the unit asked."""
    if step.do == "deliver" and step.at == "reception" and state.hands_out:
        return state.hands_out
    if step.at == "reception" and state.reception:
        return state.reception
    if step.at == "asked":
        units = facts.asked_units.get(step.id)
        if not units:
            raise refuse("no_unit_to_ask", "Không tìm được cơ quan cần hỏi ý kiến từ thông tin trong hồ sơ.")
        return units[0]
    if state.competent is None:
        raise refuse("no_competent_unit", "Hồ sơ chưa có cơ quan có thẩm quyền giải quyết.")
    return state.competent


def open_step(
    step: Step, state: State, facts: Facts, *, unit: UnitRef | None = None, parent: str = "", branch: str = ""
) -> Token:
    """A token for a step, with its own due date in its unit's working time."""
    where = unit or unit_of(step, state, facts)
    calendar = facts.calendar(where)
    after = step.options.get("remind_after")
    return new_token(
        step=step.id,
        do=step.do,
        unit=where,
        role=step.role,
        entered_at=facts.now,
        due_at=None if step.within is None else worktime.add(calendar, facts.now, step.within).at,
        parent=parent,
        branch=branch,
        silence=step.options.get("silence", ""),
        late=step.options.get("late", STEP_KINDS.get(step.do).late),
        remind_at=worktime.add(calendar, facts.now, worktime.Duration.parse(after)).at if after else None,
    )


def enter(
    definition: Definition, step_id: str, state: State, facts: Facts, *, parent: str = "", branch: str = ""
) -> list[EffectUnion]:
    """Effects of arriving at a step."""
    step = definition.step(step_id)
    kind = STEP_KINDS.get(step.do)
    where = state.competent if kind.background else None
    token = open_step(step, state, facts, unit=where, parent=parent, branch=branch)
    effects: list[EffectUnion] = [TokenOpened(token=token)]
    if step.options.get("not_counted"):
        effects += pause(state, facts, step.name.vi, str(step.options["not_counted"]))
    arriving: Enter | None = kind.enter
    if arriving is not None:
        effects += arriving(definition, step, token, fold(state, effects), facts)
    return effects


def helper(do: str, unit: UnitRef, role: str, facts: Facts) -> Token:
    """A step the engine opens by itself beside those of the process; a working day is given for it."""
    due = worktime.add(facts.calendar(unit), facts.now, HELPER_TIME).at
    return new_token(step=do, do=do, unit=unit, role=role, entered_at=facts.now, due_at=due)


def close(token: Token, facts: Facts, outcome: str) -> EffectUnion:
    """Leave a step, kept among those gone through."""
    return TokenClosed(token_id=token.id, outcome=outcome, at=facts.now, by=facts.actor.name)


def following(definition: Definition, state: State, token: Token, facts: Facts) -> str:
    """The first of the next steps whose condition holds; a `Refusal` when there is none."""
    step = definition.step(token.step)
    here = situation(definition, state, facts)
    found = next((n.to for n in step.next if is_true(n.when, here, step.name.vi)), None)
    if found is None:
        raise refuse(
            "no_next_step", f"Quy trình không có bước tiếp theo sau “{step.name}” cho trường hợp này."
        )
    return found


def advance(
    definition: Definition, state: State, token: Token, facts: Facts, outcome: str = "done"
) -> list[EffectUnion]:
    """Leave a step and arrive at what follows it: another step, or the waiting step its branch belongs to."""
    waits = state.token(token.parent) if token.parent else None
    if waits is not None and waits.step == token.step:  # one of several units asked the same question
        return arrive(definition, state, token, waits, facts, outcome)
    target = following(definition, state, token, facts)
    if waits is not None and target == waits.step:
        return arrive(definition, state, token, waits, facts, outcome)
    return move_to(definition, state, token, target, facts, outcome)


def move_to(
    definition: Definition, state: State, token: Token, step_id: str, facts: Facts, outcome: str
) -> list[EffectUnion]:
    """Leave a step for a named one (returning for correction, going straight to the signature)."""
    effects: list[EffectUnion] = [close(token, facts, outcome)]
    if definition.step(token.step).options.get("not_counted"):
        effects += resume(state, facts)
    after = fold(state, effects)
    return effects + enter(definition, step_id, after, facts, parent=token.parent, branch=token.branch)


def arrive(
    definition: Definition, state: State, token: Token, waits: Token, facts: Facts, outcome: str
) -> list[EffectUnion]:
    """A branch comes back. When enough have, the rest is not needed any more and the case goes on."""
    effects: list[EffectUnion] = [
        close(token, facts, outcome),
        Arrived(token_id=waits.id, branch=token.branch),
    ]
    after = fold(state, effects)
    here = after.token(waits.id)
    if here is None:
        return effects
    if len(here.arrived) >= here.need:
        effects += [close(t, facts, "not_needed") for t in after.below(here.id)]
        return effects + advance(definition, fold(state, effects), here, facts, "joined")
    if here.waiting:
        effects += begin_next(definition, here, after, facts)
    return effects


def begin_next(definition: Definition, waits: Token, state: State, facts: Facts) -> list[EffectUnion]:
    """Begin the next of the branches that follow one another."""
    name = waits.waiting[0]
    effects: list[EffectUnion] = [BranchBegun(token_id=waits.id)]
    return effects + enter(definition, name, fold(state, effects), facts, parent=waits.id, branch=name)


def set_clock(clock: Clock, calendar: Calendar) -> ClockSet:
    """The legal clock, with the moment at which lateness must be foreseen: when work begins on the last
    working day before the due date (Decree 61/2018 art. 19.9); none when there is no such day."""
    return ClockSet(clock=clock, warn_at=_day_before(clock, calendar))


def _day_before(clock: Clock, calendar: Calendar) -> datetime | None:
    if clock.state != "running" or clock.due_current is None or clock.started_at is None:
        return None
    day = calendar.local(clock.due_current).date() - timedelta(days=1)
    first = calendar.local(clock.started_at).date()
    while day > first:
        if (opening := calendar.opening(day)) is not None:
            return opening
        day -= timedelta(days=1)
    return None


def pause(state: State, facts: Facts, reason: str, ground: str) -> list[EffectUnion]:
    """Stop the legal clock while the agency has to wait; nothing when it does not run."""
    if state.clock.state != "running":
        return []
    return [ClockSet(clock=worktime.suspend(state.clock, facts.now, reason, ground))]


def resume(state: State, facts: Facts) -> list[EffectUnion]:
    """Let the clock run again with what was left."""
    if state.clock.state != "paused" or state.competent is None:
        return []
    calendar = facts.calendar(state.competent)
    return [set_clock(worktime.resume(state.clock, calendar, facts.now), calendar)]


def going_on(state: State) -> tuple[str, ...]:
    """The open steps that go on while the case waits for the applicant: those of machines and of other agencies."""
    return tuple(t.id for t in state.tokens if STEP_KINDS.get(t.do).background)


def reopened(definition: Definition, token: Token, facts: Facts) -> Token:
    """A parked step opens again with its full time; whoever had it still has it."""
    step = definition.steps.get(token.step)
    if step is None or step.within is None:
        return replace(token, entered_at=facts.now)
    due = worktime.add(facts.calendar(token.unit), facts.now, step.within).at
    return replace(token, entered_at=facts.now, due_at=due)


def enter_deliver(
    definition: Definition, step: Step, token: Token, state: State, facts: Facts
) -> list[EffectUnion]:
    """Arriving at delivery means the work is done: the clock stops and the case counts as finished."""
    effects: list[EffectUnion] = [close(t, facts, "done") for t in state.tokens if t.do in ABOUT_TIME]
    if state.clock.state != "stopped":
        effects.append(ClockSet(clock=worktime.stop(state.clock, facts.now, "Đã xử lý xong")))
    return [*effects, StatusSet(status=Status.DONE, at=facts.now)]


def enter_pay(
    definition: Definition, step: Step, token: Token, state: State, facts: Facts
) -> list[EffectUnion]:
    """Waiting for a financial duty: status 6, and the time is not the agency's."""
    return [
        StatusSet(status=Status.FINANCIAL, at=facts.now),
        *pause(state, facts, "Chờ người dân thực hiện nghĩa vụ tài chính", ""),
    ]
