"""The closed list of what an act can do to a case, and how it changes the state.

An act's row keeps its effects. Folding them gives the state again, without asking any rule, calendar or
definition a second time: old acts stay true when the rules change.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from tinhso.core.cases.choices import Status
from tinhso.core.cases.state import (
    Fee,
    Opinion,
    PaperState,
    Party,
    Rating,
    Result,
    State,
    Supplement,
    Token,
    UnitRef,
)
from tinhso.kit.structs import prepare
from tinhso.kit.worktime import Clock


class Effect(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One change of a case's state; every kind has `apply(state) -> state`."""


class Filed(Effect, frozen=True):
    applicant: Party
    filer_id: str
    channel: str
    reception: UnitRef
    competent: UnitRef
    at: datetime
    return_how: str = "counter"
    return_address: str = ""

    def apply(self, state: State) -> State:
        return replace(
            state,
            applicant=self.applicant,
            filer_id=self.filer_id,
            channel=self.channel,
            reception=self.reception,
            competent=self.competent,
            submitted_at=self.at,
            return_how=self.return_how,
            return_address=self.return_address,
        )


class StatusSet(Effect, frozen=True):
    status: int
    at: datetime

    def apply(self, state: State) -> State:
        changes: dict[str, Any] = {"status": self.status}
        if self.status == Status.ACCEPTED and state.accepted_at is None:
            changes["accepted_at"] = self.at
        if self.status in (Status.DONE, Status.STOPPED, Status.NOT_ACCEPTED):
            changes["finished_at"] = self.at
        if self.status == Status.RETURNED:
            changes["returned_at"] = self.at
        return replace(state, **changes)


class Answered(Effect, frozen=True):
    answers: dict[str, Any]

    def apply(self, state: State) -> State:
        return replace(state, answers=self.answers)


class PapersGiven(Effect, frozen=True):
    """Papers added or replaced by id; the others stay."""

    papers: tuple[PaperState, ...]

    def apply(self, state: State) -> State:
        new = {p.id: p for p in self.papers}
        kept = tuple(p for p in state.papers if p.id not in new)
        return replace(state, papers=kept + self.papers)


class VariantSet(Effect, frozen=True):
    variant: str

    def apply(self, state: State) -> State:
        return replace(state, variant=self.variant)


class ClockSet(Effect, frozen=True):
    clock: Clock

    def apply(self, state: State) -> State:
        return replace(state, clock=self.clock)


class TokenOpened(Effect, frozen=True):
    token: Token

    def apply(self, state: State) -> State:
        return replace(state, tokens=(*state.tokens, self.token))


class TokenClosed(Effect, frozen=True):
    token_id: str
    outcome: str

    def apply(self, state: State) -> State:
        return replace(state, tokens=tuple(t for t in state.tokens if t.id != self.token_id))


class TokenTaken(Effect, frozen=True):
    token_id: str
    person_id: str
    person_name: str

    def apply(self, state: State) -> State:
        return replace(
            state,
            tokens=tuple(
                replace(t, person_id=self.person_id, person_name=self.person_name)
                if t.id == self.token_id
                else t
                for t in state.tokens
            ),
        )


class TokensParked(Effect, frozen=True):
    """All open steps wait, because the case waits for the applicant."""

    def apply(self, state: State) -> State:
        return replace(state, parked=state.parked + state.tokens, tokens=())


class TokensUnparked(Effect, frozen=True):
    """The waiting steps open again, with new due dates (in the order they were parked)."""

    tokens: tuple[Token, ...]

    def apply(self, state: State) -> State:
        return replace(state, tokens=state.tokens + self.tokens, parked=())


class FeesSet(Effect, frozen=True):
    fees: tuple[Fee, ...]

    def apply(self, state: State) -> State:
        return replace(state, fees=self.fees)


class SupplementAsked(Effect, frozen=True):
    supplement: Supplement

    def apply(self, state: State) -> State:
        return replace(state, supplements=(*state.supplements, self.supplement))


class SupplementAnswered(Effect, frozen=True):
    at: datetime

    def apply(self, state: State) -> State:
        last = replace(state.supplements[-1], answered_at=self.at)
        return replace(state, supplements=(*state.supplements[:-1], last))


class Drafted(Effect, frozen=True):
    fields: dict[str, Any]
    by: str
    refusal_reason: str = ""
    refusal_ground: str = ""

    def apply(self, state: State) -> State:
        return replace(
            state,
            draft=self.fields,
            draft_by=self.by,
            refusal_reason=self.refusal_reason,
            refusal_ground=self.refusal_ground,
            correction="",
        )


class Numbered(Effect, frozen=True):
    number: str

    def apply(self, state: State) -> State:
        return replace(state, number=self.number)


class CorrectionAsked(Effect, frozen=True):
    reason: str

    def apply(self, state: State) -> State:
        return replace(state, correction=self.reason)


class OpinionGiven(Effect, frozen=True):
    opinion: Opinion

    def apply(self, state: State) -> State:
        return replace(state, opinions=(*state.opinions, self.opinion))


class ResultSet(Effect, frozen=True):
    result: Result

    def apply(self, state: State) -> State:
        return replace(state, result=self.result)


class WithdrawalAsked(Effect, frozen=True):
    reason: str

    def apply(self, state: State) -> State:
        return replace(state, withdrawal_reason=self.reason, withdrawal_from=state.status)


class WithdrawalRejected(Effect, frozen=True):
    def apply(self, state: State) -> State:
        return replace(state, withdrawal_reason="", withdrawal_from=0)


class Stopped(Effect, frozen=True):
    reason: str

    def apply(self, state: State) -> State:
        return replace(state, stop_reason=self.reason, tokens=(), parked=())


class Rated(Effect, frozen=True):
    rating: Rating

    def apply(self, state: State) -> State:
        return replace(state, rating=self.rating)


class Noted(Effect, frozen=True):
    """A remark for the file; changes nothing else."""

    text: str

    def apply(self, state: State) -> State:
        return state


EffectUnion = (
    Filed | StatusSet | Answered | PapersGiven | VariantSet | ClockSet | TokenOpened | TokenClosed | TokenTaken
    | TokensParked | TokensUnparked | FeesSet | SupplementAsked | SupplementAnswered | Drafted | Numbered
    | CorrectionAsked | OpinionGiven | ResultSet | WithdrawalAsked | WithdrawalRejected | Stopped | Rated | Noted
)  # fmt: skip


Effects = list[EffectUnion]
prepare(Effects)


def fold(state: State, effects: Iterable[EffectUnion]) -> State:
    """Apply effects in order. `fold(fold(s, a), b) == fold(s, a + b)`."""
    for effect in effects:
        state = effect.apply(state)
    return state


def load_effects(data: list[Any]) -> list[EffectUnion]:
    """Effects from an act's row."""
    return msgspec.convert(data, Effects)
