"""The money of a case: what is owed, what came in, what goes back; sums and the finance state, all derived.

Amounts in states are text of whole đồng. *Phí* (`phi`, covers a cost) and *lệ phí* (`le_phi`, a charge of the
budget) are different kinds: they go to different accounts and have receipts of their own (Law on Fees and
Charges 97/2015/QH13).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from tinhso.core.cases.choices import Finance
from tinhso.core.procedures.fees import Fee

KINDS = ("phi", "le_phi")
WAIVED = "waived"


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """An immutable value that is plain JSON in the database."""


class Line(Value, frozen=True):
    """What of a payment went to one fee."""

    fee: str
    name: str
    kind: str
    amount: str


class Receipt(Value, frozen=True):
    """A receipt (biên lai) of one kind of money: its number in the series of the unit, kind and year."""

    number: str
    kind: str
    amount: str
    series: str = ""
    serial: int = 0


class Payment(Value, frozen=True):
    """Money that came in. `amount` is all of it; what the lines do not use came beyond what was owed.

    `how`: cash, transfer, online. `transaction` is the provider's number, the same money has the same one.
    """

    id: str
    at: datetime
    how: str
    amount: str
    lines: tuple[Line, ...]
    receipts: tuple[Receipt, ...] = ()
    by: str = ""
    provider: str = ""
    transaction: str = ""
    payer: str = ""
    note: str = ""
    void: str = ""
    void_by: str = ""
    voided_at: datetime | None = None


class Part(Value, frozen=True):
    """One transfer a request asks for: money of one kind, to its account, with the content that names the case."""

    kind: str
    amount: str
    content: str
    account: str = ""
    bank: str = ""
    bank_name: str = ""
    holder: str = ""


class PaymentRequest(Value, frozen=True):
    """That the applicant chose how to pay and was told where: by which provider, since when."""

    id: str
    at: datetime
    provider: str
    parts: tuple[Part, ...]
    redirect: str = ""
    reference: str = ""

    @property
    def amount(self) -> int:
        return sum(int(p.amount) for p in self.parts)


class Back(Value, frozen=True):
    """What of a refund comes from one kind of money; "" is money that came beyond any fee."""

    kind: str
    amount: str


class Refund(Value, frozen=True):
    """Money to give back: one person asks (`asked`), another decides (`confirmed`, `rejected`).

    `kept` is what stays with the agency for good when this refund is confirmed, with `kept_ground` as its
    legal reason (work already done that the law does not pay back).
    """

    id: str
    at: datetime
    amount: str
    reason: str
    how: str
    to: str
    by: str
    by_id: str
    lines: tuple[Back, ...] = ()
    kept: str = "0"
    kept_ground: str = ""
    state: str = "asked"
    decided_at: datetime | None = None
    decided_by: str = ""
    note: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of a case in đồng: owed, received, given back, kept for good, and asked to be given back."""

    owed: int
    received: int
    refunded: int
    kept: int
    asked: int

    @property
    def held(self) -> int:
        """What the agency holds and has not settled."""
        return self.received - self.refunded - self.kept

    @property
    def to_pay(self) -> int:
        return max(0, self.owed - self.held)

    @property
    def over(self) -> int:
        """What has to go back to the payer."""
        return max(0, self.held - self.owed)


def counted(payments: Iterable[Payment]) -> list[Payment]:
    """The payments that count: a void one never was."""
    return [p for p in payments if not p.void]


def paid_on(fee: Fee, payments: Iterable[Payment]) -> int:
    """What was paid on a fee. Fees paid before payments were kept one by one say so themselves."""
    lines = [line for p in counted(payments) for line in p.lines if line.fee == fee.id]
    if lines:
        return sum(int(line.amount) for line in lines)
    return int(fee.amount) if fee.paid_at else 0


def _known(fees: Iterable[Fee], payments: list[Payment]) -> int:
    """Money of fees that were marked as paid before payments were kept one by one."""
    with_lines = {line.fee for p in payments for line in p.lines}
    return sum(int(f.amount) for f in fees if f.paid_at and f.id not in with_lines)


def totals(
    fees: tuple[Fee, ...], payments: tuple[Payment, ...], refunds: tuple[Refund, ...], *, ended: bool
) -> Totals:
    """The sums; a case that `ended` without a result owes nothing, so what was paid is to go back."""
    valid = counted(payments)
    done = [r for r in refunds if r.state == "confirmed"]
    return Totals(
        owed=0 if ended else sum(f.owed for f in fees),
        received=sum(int(p.amount) for p in valid) + _known(fees, valid),
        refunded=sum(int(r.amount) for r in done),
        kept=sum(int(r.kept) for r in done),
        asked=sum(int(r.amount) + int(r.kept) for r in refunds if r.state == "asked"),
    )


def finance(sums: Totals) -> Finance:
    """The finance state, from the sums alone."""
    if sums.over:
        return Finance.REFUND_DUE
    if sums.owed == 0:
        if sums.refunded:
            return Finance.REFUNDED
        return Finance.PAID if sums.kept else Finance.NONE
    if sums.to_pay == 0:
        return Finance.PAID
    return Finance.PARTLY if sums.held else Finance.UNPAID
