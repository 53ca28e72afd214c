"""Counting a case's time again when the working calendar of its unit changed: only ever later, with the reason."""

from __future__ import annotations

from datetime import datetime

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.effects import EffectUnion, TokensDated
from tinhso.core.cases.rules.moves import set_clock
from tinhso.core.cases.state import State, Token
from tinhso.core.procedures.model import Definition
from tinhso.kit import worktime


class RecountData(ActData, frozen=True):
    """Which change of the calendar it is for, as people read it in the ledger: "Bão số 9 (CĐ 12/2026)"."""

    reason: str = ""


def recount(definition: Definition, state: State, data: RecountData, facts: Facts) -> list[EffectUnion]:
    """The due date of the case and of its open steps by the calendars as they are now, where that is later.

    A date once promised never comes nearer; refused when nothing would move.
    """
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do đổi lịch để người dân hiểu vì sao hẹn lại.", field="reason")
    effects: list[EffectUnion] = []
    if state.competent is not None and state.clock.state == "running":
        calendar = facts.calendar(state.competent)
        then = worktime.projected(state.clock, calendar)
        if then and state.clock.due_current and then > state.clock.due_current:
            clock = worktime.recount(state.clock, calendar, facts.now, data.reason.strip())
            effects.append(set_clock(clock, calendar))
    dues = {t.id: due for t in state.tokens if (due := _later(definition, t, facts))}
    if dues:
        effects.append(TokensDated(dues=dues))
    if not effects:
        raise refuse("not_later", "Lịch làm việc hiện nay không làm hạn nào của hồ sơ này muộn hơn.")
    return effects


def _later(definition: Definition, token: Token, facts: Facts) -> datetime | None:
    """The due date of an open step counted again, if it is later."""
    step = definition.steps.get(token.step)
    if step is None or step.within is None or token.due_at is None:
        return None
    due = worktime.add(facts.calendar(token.unit), token.entered_at, step.within).at
    return due if due > token.due_at else None
