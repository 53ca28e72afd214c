"""Moving through the steps: entering, leaving, choosing what comes next, and what each step kind does on entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tinhso.core.cases.acts import Facts, new_token, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.definition.model import Definition, Situation, Step, holds
from tinhso.core.cases.effects import ClockSet, EffectUnion, StatusSet, TokenClosed, TokenOpened, fold
from tinhso.core.cases.state import State, Token, UnitRef, dump
from tinhso.kit import worktime
from tinhso.kit.slots import Slot

Enter = Callable[[Definition, Step, State, Facts], list[EffectUnion]]


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step: what its definition needs, and what entering it does beyond opening a token.

    `needs` names options a definition must give; `end` marks a kind that ends every path; `waits` one
    whose time is not the agency's.
    """

    name: str
    title: str
    task: str
    enter: Enter | None = None
    needs: tuple[str, ...] = ()
    end: bool = False
    waits: bool = False
    options: dict[str, Any] = field(default_factory=dict)


STEP_KINDS: Slot[StepKind] = Slot("step kinds", StepKind, lambda k: k.name)


def situation(definition: Definition, state: State, facts: Facts) -> Situation:
    """What conditions may read of a case at this moment."""
    applicant = dump(state.applicant) if state.applicant else {}
    return Situation.of(definition, state.answers, applicant, state.channel, facts.today, state.variant)


def unit_of(step: Step, state: State, facts: Facts) -> UnitRef:
    """Where a step is done: the receiving unit, the deciding unit, or the unit asked."""
    if step.do == "deliver" and step.at == "reception" and state.hands_out:
        return state.hands_out
    if step.at == "reception" and state.reception:
        return state.reception
    if step.at == "asked":
        unit = facts.asked_units.get(step.id)
        if unit is None:
            raise refuse("no_unit_to_ask", "Không tìm được cơ quan cần hỏi ý kiến từ thông tin trong hồ sơ.")
        return unit
    if state.competent is None:
        raise refuse("no_competent_unit", "Hồ sơ chưa có cơ quan có thẩm quyền giải quyết.")
    return state.competent


def open_step(definition: Definition, step: Step, state: State, facts: Facts) -> Token:
    """A token for a step, with its own due date in the unit's working time."""
    unit = unit_of(step, state, facts)
    due = None
    if step.within is not None:
        due = worktime.add(facts.calendar(unit), facts.now, step.within).at
    return new_token(step=step.id, do=step.do, unit=unit, role=step.role, entered_at=facts.now, due_at=due)


def enter(definition: Definition, step_id: str, state: State, facts: Facts) -> list[EffectUnion]:
    """Effects of arriving at a step."""
    step = definition.step(step_id)
    effects: list[EffectUnion] = [TokenOpened(token=open_step(definition, step, state, facts))]
    kind = STEP_KINDS.get(step.do)
    if kind.enter is not None:
        effects += kind.enter(definition, step, fold(state, effects), facts)
    return effects


def advance(
    definition: Definition, state: State, token: Token, facts: Facts, outcome: str = "done"
) -> list[EffectUnion]:
    """Leave a step and arrive at the first of its next steps whose condition holds."""
    step = definition.step(token.step)
    here = situation(definition, state, facts)
    target = next((n.to for n in step.next if holds(n.when, here)), None)
    if target is None:
        raise refuse(
            "no_next_step", f"Quy trình không có bước tiếp theo sau “{step.name}” cho trường hợp này."
        )
    effects: list[EffectUnion] = [TokenClosed(token_id=token.id, outcome=outcome)]
    return effects + enter(definition, target, fold(state, effects), facts)


def move_to(
    definition: Definition, state: State, token: Token, step_id: str, facts: Facts, outcome: str
) -> list[EffectUnion]:
    """Leave a step for a named one (returning for correction, going straight to the signature)."""
    effects: list[EffectUnion] = [TokenClosed(token_id=token.id, outcome=outcome)]
    return effects + enter(definition, step_id, fold(state, effects), facts)


def pause(state: State, facts: Facts, reason: str, ground: str) -> list[EffectUnion]:
    """Stop the legal clock while the applicant is waited for; nothing when it does not run."""
    if state.clock.state != "running":
        return []
    return [ClockSet(clock=worktime.suspend(state.clock, facts.now, reason, ground))]


def resume(state: State, facts: Facts) -> list[EffectUnion]:
    """Let the clock run again with what was left."""
    if state.clock.state != "paused" or state.competent is None:
        return []
    return [ClockSet(clock=worktime.resume(state.clock, facts.calendar(state.competent), facts.now))]


def enter_deliver(definition: Definition, step: Step, state: State, facts: Facts) -> list[EffectUnion]:
    """Arriving at delivery means the work is done: the clock stops and the case counts as finished."""
    clock = worktime.stop(state.clock, facts.now, "Đã xử lý xong")
    return [ClockSet(clock=clock), StatusSet(status=Status.DONE, at=facts.now)]


def enter_pay(definition: Definition, step: Step, state: State, facts: Facts) -> list[EffectUnion]:
    """Waiting for a financial duty: status 6, and the time is not the agency's."""
    return [
        StatusSet(status=Status.FINANCIAL, at=facts.now),
        *pause(state, facts, "Chờ người dân thực hiện nghĩa vụ tài chính", ""),
    ]
