"""Receipts of fees (biên lai thu phí, lệ phí): one paper for each number, from the case's payments."""

from __future__ import annotations

from typing import Any

from tinhso.core.cases.money import Payment, Receipt
from tinhso.core.cases.state import State
from tinhso.core.procedures.fees import explain
from tinhso.kit.money import vnd_in_words
from tinhso.systems.onestop.documents.words import Subject, applicant, head, moment_text, procedure, unit_of

TITLES = {"phi": "Biên lai thu phí", "le_phi": "Biên lai thu lệ phí"}
KIND_NAMES = {"phi": "Phí", "le_phi": "Lệ phí"}
HOW = {"cash": "tiền mặt", "transfer": "chuyển khoản", "online": "thanh toán trực tuyến"}


def receipts_of(state: State) -> list[tuple[Payment, Receipt]]:
    """Every receipt of a case in the order they were numbered, void ones too."""
    return [(payment, receipt) for payment in state.payments for receipt in payment.receipts]


def fee_receipt(subject: Subject, round_: int) -> dict[str, Any]:
    """The paper of the case's receipt number `round_`, counted from 1."""
    payment, receipt = receipts_of(subject.state)[round_ - 1]
    unit = unit_of(subject.state.reception)
    assert unit is not None  # noqa: S101  a filed case has one
    lines = [line for line in payment.lines if line.kind == receipt.kind]
    fees = {f.id: f for f in subject.state.fees}
    total = int(receipt.amount)
    return {
        **head(unit, payment.at, number=receipt.number),
        "case_code": subject.case.code,
        "applicant": applicant(subject.state),
        "procedure": procedure(subject.definition),
        "title": TITLES[receipt.kind],
        "kind_name": KIND_NAMES[receipt.kind],
        "receipt_no": receipt.number,
        "payer": payment.payer or (subject.state.applicant.full_name if subject.state.applicant else ""),
        "lines": [
            {
                "name": line.name,
                "amount": int(line.amount),
                "note": f"số lượng {fees[line.fee].counted}"
                if line.fee in fees and fees[line.fee].counted
                else "",
            }
            for line in lines
        ],
        "total": total,
        "total_words": vnd_in_words(total),
        "how": HOW.get(payment.how, payment.how),
        "received_at": moment_text(payment.at),
        "reasons": [text for line in lines if line.fee in fees for text in explain(fees[line.fee])[1:]],
        "void": payment.void or None,
        "officer": {"name": payment.by, "title": ""},
    }
