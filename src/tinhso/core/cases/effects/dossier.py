"""Effects on the dossier: what was filed, asked for, drafted, decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects.base import Effect
from tinhso.core.cases.effects.corrections import free_of_fault
from tinhso.core.cases.state import PaperState, Party, Rating, Result, State, Supplement, UnitRef
from tinhso.core.procedures.fees import Fee


class Filed(Effect, frozen=True):
    applicant: Party
    filer_id: str
    channel: str
    reception: UnitRef
    competent: UnitRef
    at: datetime
    return_how: str = "counter"
    return_address: str = ""
    return_unit: UnitRef | None = None

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
            return_unit=self.return_unit,
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


class FeesSet(Effect, frozen=True):
    fees: tuple[Fee, ...]

    def apply(self, state: State) -> State:
        return replace(state, fees=free_of_fault(state, self.fees))


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
