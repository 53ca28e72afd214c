"""What pages show of money: the fees of a case with their reasons, its receipts, and who still has to pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from django.utils.safestring import SafeString, mark_safe

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.models import Case
from tinhso.core.cases.money import Part, Payment, Receipt, Refund, Totals, paid_on
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, load_state
from tinhso.core.db.paging import Page
from tinhso.core.payments.slots import PROVIDERS, Payee, Provider, Share
from tinhso.core.payments.transfer import qr_text
from tinhso.core.procedures.fees import KIND_NAMES, Fee, explain
from tinhso.systems.onestop.documents.money import HOW

TO_PAY = ("unpaid", "partly")
TO_REFUND = ("refund_due",)


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One fee of a case: what of it was paid, what is left, and why it is so much."""

    fee: Fee
    paid: int
    why: tuple[str, ...]

    @property
    def left(self) -> int:
        return max(0, self.fee.owed - self.paid)


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One payment with its receipts; the number beside a receipt is the one of its paper."""

    payment: Payment
    receipts: tuple[tuple[int, Receipt], ...]
    how: str
    surplus: int


@dataclass(frozen=True, slots=True)
class Money:
    """The money of a case for a page."""

    fees: tuple[FeeLine, ...]
    payments: tuple[PaidLine, ...]
    refunds: tuple[Refund, ...]
    sums: Totals
    finance: str

    def __bool__(self) -> bool:
        return bool(self.fees or self.payments)


def money_of(state: State, lang: str = "vi") -> Money:
    """Fees with reasons, payments with receipts, refunds, sums."""
    numbered, lines = 0, []
    for payment in state.payments:
        receipts = tuple(enumerate(payment.receipts, numbered + 1))
        numbered += len(receipts)
        used = sum(int(line.amount) for line in payment.lines)
        how = HOW.get(payment.how, payment.how)
        lines.append(PaidLine(payment, receipts, how, int(payment.amount) - used))
    return Money(
        fees=tuple(FeeLine(f, paid_on(f, state.payments), tuple(explain(f, lang))) for f in state.fees),
        payments=tuple(lines),
        refunds=state.refunds,
        sums=state.money,
        finance=str(state.finance),
    )


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One transfer a citizen is asked to make, with the QR code a banking app reads."""

    part: Part
    kind: str
    qr: SafeString


def transfers_of(file: CaseFile, lang: str = "vi") -> list[TransferLine]:
    """The transfers of the case's open request, as long as they are what is still owed."""
    asked = sum(r.amount for r in file.state.requests)
    if not asked or asked != file.state.money.to_pay:
        return []
    return [
        TransferLine(part, KIND_NAMES[part.kind].in_(lang), _drawn(part))
        for request in file.state.requests
        for part in request.parts
    ]


def _drawn(part: Part) -> SafeString:
    payee = Payee(part.bank, part.bank_name, part.account, part.holder)
    drawn = segno.make(
        qr_text(Share(part.kind, int(part.amount), part.content, payee)), error="m", micro=False
    )
    return mark_safe(drawn.svg_inline(omitsize=True, border=2))  # noqa: S308  drawn here, of our own text


def providers() -> list[Provider]:
    """The ways of paying there are."""
    return list(PROVIDERS)


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A case that owes money, or that money is owed to."""

    case: Case
    sums: Totals
    names: str


def cashier_queue(
    actor: Actor, states: Sequence[str], *, text: str = "", cursor: str = ""
) -> Page[QueueLine]:
    """The cases of the actor's centres whose money stands so, one page."""
    found = cases.cases_with_money(actor, tuple(states), text=text, cursor=cursor)
    lines = []
    for case in found.rows:
        state = load_state(case.state)
        names = "; ".join(f.name for f in state.fees if f.owed)
        lines.append(QueueLine(case, state.money, names))
    return Page(lines, found.next, found.previous)
