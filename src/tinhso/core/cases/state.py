"""What the acts of a case amount to: one immutable value, stored beside the case and rebuilt by folding its acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tinhso.core.cases.choices import Delivery, Finance, Status
from tinhso.kit.structs import prepare
from tinhso.kit.worktime import Clock


class Struct(msgspec.Struct, frozen=True, omit_defaults=True):
    """An immutable value that is plain JSON in the database."""


class UnitRef(Struct, frozen=True):
    """A unit as it was called when the act happened."""

    id: str
    code: str
    name: str
    path: str


class Party(Struct, frozen=True):
    """The applicant, as they stood when they filed. `identity` is the number, `id` the person's id."""

    id: str
    kind: str
    full_name: str
    birth: str = ""
    sex: str = ""
    identity: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    territory: str = ""


class Token(Struct, frozen=True):
    """That a step is open: where, for which role, since when, until when, and who took it."""

    id: str
    step: str
    do: str
    unit: UnitRef
    role: str
    entered_at: datetime
    due_at: datetime | None = None
    person_id: str = ""
    person_name: str = ""


class PaperState(Struct, frozen=True):
    """A paper of the dossier: the files given, or that the original was shown at the counter."""

    id: str
    files: tuple[str, ...] = ()
    shown: bool = False
    source: str = "upload"


class Item(Struct, frozen=True):
    """One thing asked for in a supplement request: a paper or an answer, and why."""

    paper: str
    reason: str


class Supplement(Struct, frozen=True):
    """One round of asking for what is missing, and its answer."""

    round: int
    asked_at: datetime
    items: tuple[Item, ...]
    note: str
    answer_by: datetime
    from_status: int
    answered_at: datetime | None = None


class Fee(Struct, frozen=True):
    """A fee that applies: the amount in đồng as text, and what it came from."""

    id: str
    name: str
    kind: str
    amount: str
    exempt: str = ""
    paid_at: datetime | None = None
    paid_how: str = ""
    receipt: str = ""


class Opinion(Struct, frozen=True):
    """What an asked unit answered."""

    unit: UnitRef
    by: str
    at: datetime
    agrees: bool
    text: str


class Result(Struct, frozen=True):
    """What came out: the result of the procedure, or a reasoned refusal (which is a result too)."""

    kind: str
    name: str
    code: str
    number: str
    document: str
    signed_at: datetime
    signed_by: str
    issued_code: str = ""


class Rating(Struct, frozen=True):
    stars: int
    text: str
    at: datetime


class State(Struct, frozen=True):
    """The fold of a case's acts. Times are aware; money is text of whole đồng."""

    seq: int = 0
    hash: str = ""
    status: int = 0
    channel: str = ""
    variant: str = ""
    applicant: Party | None = None
    filer_id: str = ""
    reception: UnitRef | None = None
    competent: UnitRef | None = None
    return_how: str = "counter"
    return_address: str = ""
    answers: dict[str, Any] = {}
    papers: tuple[PaperState, ...] = ()
    tokens: tuple[Token, ...] = ()
    parked: tuple[Token, ...] = ()
    clock: Clock = Clock()
    submitted_at: datetime | None = None
    accepted_at: datetime | None = None
    finished_at: datetime | None = None
    returned_at: datetime | None = None
    fees: tuple[Fee, ...] = ()
    supplements: tuple[Supplement, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    draft: dict[str, Any] = {}
    draft_by: str = ""
    number: str = ""
    refusal_reason: str = ""
    refusal_ground: str = ""
    correction: str = ""
    result: Result | None = None
    withdrawal_from: int = 0
    withdrawal_reason: str = ""
    stop_reason: str = ""
    rating: Rating | None = None

    @property
    def finance(self) -> Finance:
        due = [f for f in self.fees if f.amount != "0" and not f.exempt]
        if not due:
            return Finance.NONE
        if any(not f.paid_at for f in due):
            return Finance.UNPAID
        return Finance.REFUND_DUE if self.status == Status.STOPPED else Finance.PAID

    @property
    def delivery(self) -> Delivery:
        if self.returned_at:
            return Delivery.DELIVERED
        return Delivery.READY if self.status == Status.DONE else Delivery.WAITING

    @property
    def open_supplement(self) -> Supplement | None:
        last = self.supplements[-1] if self.supplements else None
        return last if last and last.answered_at is None else None

    def token(self, token_id: str) -> Token | None:
        return next((t for t in self.tokens if t.id == token_id), None)

    def at(self, do: str) -> Token | None:
        """The open token at a step of this kind, if any."""
        return next((t for t in self.tokens if t.do == do), None)

    def paper(self, paper_id: str) -> PaperState | None:
        return next((p for p in self.papers if p.id == paper_id), None)

    @property
    def wake_at(self) -> datetime | None:
        """When the engine must look at the case by itself: silence that counts as consent, an unanswered supplement."""
        moments = [t.due_at for t in self.tokens if t.do == "ask_applicant" and t.due_at]
        asked = self.open_supplement
        if asked and self.status == Status.SUPPLEMENT and not self.at("stop_proposal"):
            moments.append(asked.answer_by)
        return min(moments, default=None)


prepare(State)


def load_state(data: dict[str, Any]) -> State:
    return msgspec.convert(data, State)


def dump(value: Any) -> Any:
    """Plain JSON of a state, an effect or a list of them."""
    return msgspec.to_builtins(value)
