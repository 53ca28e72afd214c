"""Effects of the clock: the legal time, reminders, escalation, the drafted apology."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect, change
from tinhso.core.cases.state import Apology, State
from tinhso.kit.worktime import Clock


class ClockSet(Effect, frozen=True):
    """The legal clock; `warn_at` is when it must be asked whether the case will be late."""

    clock: Clock
    warn_at: datetime | None = None

    def apply(self, state: State) -> State:
        again = self.clock.due_current != state.clock.due_current
        escalated = state.escalated and not again
        return replace(state, clock=self.clock, warn_at=self.warn_at, escalated=escalated)


class Reminded(Effect, frozen=True):
    """Whoever has the step was reminded of it."""

    token_id: str

    def apply(self, state: State) -> State:
        return change(state, self.token_id, remind_at=None)


class Escalated(Effect, frozen=True):
    """The head was told: of one late step, or without `token_id` of the late case."""

    token_id: str = ""

    def apply(self, state: State) -> State:
        if self.token_id:
            return change(state, self.token_id, late="")
        return replace(state, escalated=True)


class ApologyDrafted(Effect, frozen=True):
    apology: Apology

    def apply(self, state: State) -> State:
        return replace(state, apology=self.apology)


class TokensDated(Effect, frozen=True):
    """Open steps have another due date, because the working calendar changed; by token id."""

    dues: dict[str, datetime]

    def apply(self, state: State) -> State:
        tokens = (replace(t, due_at=self.dues.get(t.id, t.due_at)) for t in state.tokens)
        return replace(state, tokens=tuple(tokens))
