"""What the acts of a case amount to: one immutable value, stored beside the case and rebuilt by folding its acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from tinhso.core.cases import money
from tinhso.core.cases.choices import Delivery, Finance, Status
from tinhso.core.cases.money import Payment, PaymentRequest, Refund, Totals
from tinhso.core.procedures.fees import Fee
from tinhso.kit.errors import Refusal
from tinhso.kit.structs import prepare
from tinhso.kit.worktime import Clock

STEP_GONE = "Bước này đã được xử lý xong hoặc đã chuyển nơi khác. Hãy tải lại trang."


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
    """That a step is open: where, for which role, since when, until when, and who took it.

    Several may be open at once. A token that waits for others (a fork, a round of opinions) counts in
    `arrived` the branches that came back and keeps in `waiting` those not begun; theirs name it as `parent`.
    `first_by` is the first of two people; `retry_at`, `tries` and `error` belong to automatic steps.
    """

    id: str
    step: str
    do: str
    unit: UnitRef
    role: str
    entered_at: datetime
    due_at: datetime | None = None
    person_id: str = ""
    person_name: str = ""
    parent: str = ""
    branch: str = ""
    need: int = 0
    arrived: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    silence: str = ""
    remind_at: datetime | None = None
    late: str = ""
    first_by: str = ""
    first_name: str = ""
    retry_at: datetime | None = None
    tries: int = 0
    error: str = ""

    @property
    def moments(self) -> list[datetime]:
        """When the engine must look at this step by itself."""
        due = self.due_at if self.silence or self.late else None
        return [m for m in (self.retry_at, self.remind_at, due) if m]


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


class Opinion(Struct, frozen=True):
    """What an asked unit answered; `silent` when its silence was counted, `void` when the case went back behind it."""

    unit: UnitRef
    by: str
    at: datetime
    agrees: bool
    text: str
    step: str = ""
    silent: bool = False
    void: bool = False


class Vote(Struct, frozen=True):
    """One member's vote in a committee."""

    step: str
    person_id: str
    person_name: str
    agrees: bool
    text: str
    at: datetime
    void: bool = False


class Visit(Struct, frozen=True):
    """A step that was gone through: where, when, with which outcome."""

    step: str
    token: str
    unit: str
    entered_at: datetime
    left_at: datetime
    outcome: str
    by: str = ""
    due_at: datetime | None = None


class ParentRef(Struct, frozen=True):
    """The case and the open step for which this case was filed."""

    case_id: str
    code: str
    token: str
    step: str


class ChildRef(Struct, frozen=True):
    """A case filed in another agency for a step of this one; `status` is open, done, refused or stopped."""

    token: str
    step: str
    case_id: str
    code: str
    procedure: str
    unit: UnitRef
    at: datetime
    status: str = "open"
    ended_at: datetime | None = None


class Undo(Struct, frozen=True):
    """An automatic step whose effect outside has to be taken back."""

    token: str
    step: str
    retry_at: datetime | None
    tries: int = 0
    error: str = ""


class Apology(Struct, frozen=True):
    """The drafted letter of apology: why the case will be late, and the day that can be promised."""

    at: datetime
    reason: str
    until: str


class CorrectionRef(Struct, frozen=True):
    """A case filed to mend the result of this one; `fault` is `agency` when the agency made the mistake."""

    case_id: str
    code: str
    wrong: str
    at: datetime
    fault: str = ""
    apology: str = ""
    ended_at: datetime | None = None
    issued_code: str = ""


class Corrects(Struct, frozen=True):
    """The case whose result this one mends, and what is wrong in it."""

    case_id: str
    code: str
    wrong: str
    fault: str = ""
    apology: str = ""


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
    acted_at: datetime | None = None
    status: int = 0
    channel: str = ""
    variant: str = ""
    applicant: Party | None = None
    filer_id: str = ""
    reception: UnitRef | None = None
    competent: UnitRef | None = None
    return_how: str = "counter"
    return_address: str = ""
    return_unit: UnitRef | None = None
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
    votes: tuple[Vote, ...] = ()
    visits: tuple[Visit, ...] = ()
    replies: dict[str, dict[str, Any]] = {}
    parent: ParentRef | None = None
    children: tuple[ChildRef, ...] = ()
    undo: tuple[Undo, ...] = ()
    warn_at: datetime | None = None
    apology: Apology | None = None
    escalated: bool = False
    source: str = ""
    mirrored: tuple[datetime, ...] = ()
    corrects: Corrects | None = None
    corrections: tuple[CorrectionRef, ...] = ()
    payments: tuple[Payment, ...] = ()
    requests: tuple[PaymentRequest, ...] = ()
    refunds: tuple[Refund, ...] = ()

    @property
    def money(self) -> Totals:
        """What is owed, paid, given back; a case that ended without a result owes nothing."""
        ended = self.status in (Status.STOPPED, Status.NOT_ACCEPTED)
        return money.totals(self.fees, self.payments, self.refunds, ended=ended)

    @property
    def finance(self) -> Finance:
        return money.finance(self.money)

    @property
    def delivery(self) -> Delivery:
        if self.returned_at:
            return Delivery.DELIVERED
        return Delivery.READY if self.status == Status.DONE else Delivery.WAITING

    @property
    def hands_out(self) -> UnitRef | None:
        """The centre where the result is fetched: the one chosen, else the one that received."""
        return self.return_unit or self.reception

    @property
    def open_supplement(self) -> Supplement | None:
        last = self.supplements[-1] if self.supplements else None
        return last if last and last.answered_at is None else None

    def token(self, token_id: str) -> Token | None:
        return next((t for t in self.tokens if t.id == token_id), None)

    def open(self, token_id: str) -> Token:
        """The open step with that id; `Refusal` when it is gone."""
        found = self.token(token_id)
        if found is None:
            raise Refusal("step_gone", STEP_GONE)
        return found

    def at(self, do: str) -> Token | None:
        """The open token at a step of this kind, if any."""
        return next((t for t in self.tokens if t.do == do), None)

    def paper(self, paper_id: str) -> PaperState | None:
        return next((p for p in self.papers if p.id == paper_id), None)

    def below(self, token_id: str) -> list[Token]:
        """The open steps that belong to a waiting one, to any depth."""
        found = [t for t in self.tokens + self.parked if t.parent == token_id]
        return found + [deeper for t in found for deeper in self.below(t.id)]

    @property
    def orphans(self) -> list[ChildRef]:
        """Sub-cases still open whose step is no longer: nobody waits for them."""
        waiting = {t.id for t in self.tokens + self.parked}
        return [c for c in self.children if c.status == "open" and c.token not in waiting]

    def for_machine(self, at: datetime) -> bool:
        """Whether the engine has something to do outside of acts: automatic steps, taking back, orphans."""
        again = [t.retry_at for t in self.tokens] + [u.retry_at for u in self.undo]
        return any(m and m <= at for m in again) or bool(self.orphans)

    @property
    def moments(self) -> list[datetime]:
        """When the engine must look at the case by itself: silence, reminders, automatic work, an unanswered
        supplement, the day before it is due, the moment it is late."""
        if self.source:
            return []  # another system keeps its time
        found = [m for t in self.tokens for m in t.moments] + [u.retry_at for u in self.undo if u.retry_at]
        found += [c.at for c in self.orphans]
        asked = self.open_supplement
        if asked and self.status == Status.SUPPLEMENT and not self.at("stop_proposal"):
            found.append(asked.answer_by)
        if self.clock.state == "running":
            if self.warn_at and not self.apology and not self.clock.extension:
                found.append(self.warn_at)
            if self.clock.due_current and not self.escalated:
                found.append(self.clock.due_current)
        return found

    @property
    def wake_at(self) -> datetime | None:
        """The first of the moments."""
        return min(self.moments, default=None)


prepare(State)


def load_state(data: dict[str, Any]) -> State:
    return msgspec.convert(data, State)


def dump(value: Any) -> Any:
    """Plain JSON of a state, an effect or a list of them."""
    return msgspec.to_builtins(value)
