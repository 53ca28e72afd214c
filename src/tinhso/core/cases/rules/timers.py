"""What the engine does by itself when a moment has passed: silence, reminders, lateness foreseen and met."""

from __future__ import annotations

from collections.abc import Callable

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import (
    ApologyDrafted,
    EffectUnion,
    Escalated,
    Noted,
    Reminded,
    ResultSet,
    TokenClosed,
    TokenOpened,
    fold,
)
from tinhso.core.cases.rules.branches import silent
from tinhso.core.cases.rules.forecast import finish_by, slowest
from tinhso.core.cases.rules.moves import close, enter, helper, is_true, situation
from tinhso.core.cases.rules.steps import consent
from tinhso.core.cases.state import Apology, Result, State
from tinhso.core.procedures.model import Definition

Timer = Callable[[Definition, State, Facts], list[EffectUnion]]


def wake(definition: Definition, state: State, data: ActData, facts: Facts) -> list[EffectUnion]:
    """Everything whose moment has come, in one act; refused when there is nothing to do."""
    effects: list[EffectUnion] = []
    for timer in TIMERS:
        effects += timer(definition, fold(state, effects), facts)
    if not effects:
        raise refuse("nothing_due", "Chưa đến hạn nào.")
    return effects


def _silence(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """Whoever was asked and did not answer in time, where the definition counts silence."""
    effects: list[EffectUnion] = []
    for token in state.tokens:
        here = fold(state, effects)
        if here.token(token.id) is None or not token.silence or not token.due_at or token.due_at > facts.now:
            continue
        if token.do == "ask_applicant":
            effects += consent(definition, here, token, facts, "silence")
        else:
            effects += silent(definition, here, token, facts)
    return effects


def _unanswered(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """A supplement that never came is put before somebody who can stop the case."""
    asked = state.open_supplement
    if not asked or asked.answer_by > facts.now or state.reception is None or state.at("stop_proposal"):
        return []
    if state.status != Status.SUPPLEMENT:
        return []
    return [TokenOpened(token=helper("stop_proposal", state.reception, "centre_head", facts))]


def _reminders(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    return [Reminded(token_id=t.id) for t in state.tokens if t.remind_at and t.remind_at <= facts.now]


def _late_steps(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """A step that is late goes before its head, where the definition asks for it (art. 19.5 for opinions)."""
    effects: list[EffectUnion] = []
    for token in state.tokens:
        if token.late and not token.silence and token.due_at and token.due_at <= facts.now:
            step = definition.step(token.step)
            unit = state.reception if token.late == "centre_head" else state.competent
            effects.append(Escalated(token_id=token.id))
            effects.append(Noted(text=f"Quá hạn bước “{step.name.vi}” tại {token.unit.name}"))
            if unit is not None and fold(state, effects).at("late") is None:
                role = head_role(definition) if token.late == "head" else token.late
                effects.append(TokenOpened(token=helper("late", unit, role, facts)))
    return effects


def _foreseen(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """A working day before: when what is left cannot be done in time, the letter of apology is drafted."""
    due = state.clock.due_current
    if not state.warn_at or state.warn_at > facts.now or state.clock.state != "running" or due is None:
        return []
    if state.apology or state.clock.extension or due <= facts.now or state.competent is None:
        return []
    until = finish_by(definition, state, facts)
    if until <= due:
        return []
    calendar = facts.calendar(state.competent)
    day = max(calendar.local(until).date(), calendar.next_working(calendar.local(due).date()))
    if not calendar.is_working(day):
        day = calendar.next_working(day)
    apology = Apology(at=facts.now, reason=slowest(definition, state, facts), until=day.isoformat())
    role = next((t.role for t in state.tokens if t.role), head_role(definition))
    return [
        ApologyDrafted(apology=apology),
        TokenOpened(token=helper("apology", state.competent, role, facts)),
    ]


def _overdue(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """The due date has passed: what the law takes for decided is decided; otherwise the head is told."""
    due = state.clock.due_current
    if state.clock.state != "running" or due is None or due > facts.now or state.escalated:
        return []
    effects: list[EffectUnion] = [Escalated()]
    rule = definition.deemed
    if rule is not None and state.result is None:
        here = situation(definition, state, facts)
        if is_true(rule.when, here, rule.name.vi):
            return effects + _deemed(definition, fold(state, effects), facts)
    if state.competent is not None and state.at("late") is None:
        effects.append(TokenOpened(token=helper("late", state.competent, head_role(definition), facts)))
    return effects


def _deemed(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """A decision by the passing of time: it needs no signature and goes straight to the applicant."""
    rule = definition.deemed
    assert rule is not None  # noqa: S101  asked by the caller
    result = Result(
        kind="deemed" if rule.outcome == "consent" else "refusal",
        name=rule.name.vi,
        code=definition.result.code,
        number=state.number,
        document="",
        signed_at=facts.now,
        signed_by="",
    )
    effects: list[EffectUnion] = [ResultSet(result=result), Noted(text=f"{rule.name.vi}: {rule.ground}")]
    effects += [close(t, facts, "deemed") for t in state.tokens]
    target = next(s.id for s in definition.steps.values() if s.do == "deliver")
    return effects + enter(definition, target, fold(state, effects), facts)


#: In this order: what may finish a step comes before what complains about it.
TIMERS: tuple[Timer, ...] = (_silence, _unanswered, _reminders, _overdue, _late_steps, _foreseen)


def head_role(definition: Definition) -> str:
    """Who leads the work on a procedure: the role that signs its result."""
    return next((s.role for s in definition.steps.values() if s.do == "sign"), "division_head")


class DirectData(ActData, frozen=True):
    text: str = ""


def direct(definition: Definition, state: State, data: DirectData, facts: Facts) -> list[EffectUnion]:
    """The head says what has to be done about a late case; it stands in the file."""
    token = state.open(data.token)
    if not data.text.strip():
        raise refuse("required", "Hãy ghi ý kiến chỉ đạo.", field="text")
    return [
        Noted(text=f"Chỉ đạo: {data.text.strip()[:3900]}"),
        TokenClosed(token_id=token.id, outcome="directed", at=facts.now, by=facts.actor.name),
    ]
