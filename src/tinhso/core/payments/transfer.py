"""Paying by bank transfer: the provider every installation has. The payer scans a VietQR code or types the content;
the cashier gives the system the bank's statement, and the content leads the money to its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tinhso.core.payments.models import StatementLine
from tinhso.core.payments.rules import candidates, content_of
from tinhso.core.payments.slots import Arrived, Order, Provider, Returned, Share, Started
from tinhso.kit.errors import Refusal
from tinhso.kit.vietqr import payload

NAME = "transfer"
MOST_WAITING = 2000


def start(order: Order) -> Started:
    """One transfer for each kind of money, because phí and lệ phí go to different accounts."""
    shares = []
    for due in order.dues:
        if due.payee is None:
            raise Refusal(
                "no_account",
                "Cơ quan này chưa công bố tài khoản nhận tiền. Hãy nộp tại quầy của bộ phận một cửa.",
            )
        shares.append(Share(due.kind, due.amount, content_of(order.subject_key, due.kind), due.payee))
    return Started(shares=tuple(shares))


def confirm(message: Mapping[str, str]) -> Arrived:
    """A line of a bank statement; the account makes the bank's number unique."""
    return Arrived(
        transaction=f"{message['account']}:{message['transaction']}",
        amount=int(message["amount"]),
        at=datetime.fromisoformat(message["at"]),
        content=message["content"],
        payer=message.get("payer", ""),
    )


def query(reference: str) -> list[Arrived]:
    """Money of statements that says this content and that nobody has recorded yet."""
    waiting = StatementLine.objects.filter(state="unmatched").order_by("at")
    return [as_arrived(line) for line in waiting[:MOST_WAITING] if reference in candidates(line.content)]


def as_arrived(line: StatementLine) -> Arrived:
    """A kept line as what arrived."""
    return confirm(
        {
            "account": line.account,
            "transaction": line.transaction,
            "amount": str(int(line.amount)),
            "at": line.at.isoformat(),
            "content": line.content,
            "payer": line.payer,
        }
    )


def refund(transaction: str, amount: int, reason: str) -> Returned:
    """Nobody can pull a transfer back: the accountant makes a payment order, whose number is noted."""
    return Returned(done=False, instruction="Lập ủy nhiệm chi trả lại người nộp, rồi ghi số chứng từ.")


def qr_text(share: Share) -> str:
    """What the QR code of a transfer says to a banking app."""
    return payload(
        bank=share.payee.bank, account=share.payee.number, amount=share.amount, content=share.content
    )


TRANSFER = Provider(NAME, "Chuyển khoản ngân hàng (mã VietQR)", "transfer", start, confirm, query, refund)
"""The bank transfer as a provider."""
