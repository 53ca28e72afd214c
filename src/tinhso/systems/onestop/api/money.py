"""What programs ask of the money of a case: how much, why, what was paid."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tinhso.core.cases import queries
from tinhso.systems.onestop.queries.api import money_data

router = Router()


class FeeOut(Schema):
    """One fee in whole đồng: the full rate, what is owed of it, and why, in sentences."""

    id: str
    name: str
    kind: str = Field(description="phi hoặc le_phi")
    amount: int
    owed: int
    paid: int
    rule: str = Field(description="Mã mức thu theo nghị quyết; rỗng là mức của quy trình")
    source: str
    exempt: str
    explanation: list[str]


class ReceiptOut(Schema):
    number: str
    kind: str
    amount: int
    void: bool
    at: datetime


class MoneyOut(Schema):
    """The money of a case: the finance state and the sums it follows from."""

    finance: str
    owed: int
    received: int
    refunded: int
    to_pay: int
    refund_due: int
    fees: list[FeeOut]
    receipts: list[ReceiptOut]


@router.get("/cases/{code}/fees", response=MoneyOut, summary="Phí, lệ phí: bao nhiêu, vì sao, đã nộp gì")
def get_fees(request: HttpRequest, code: str, lang: str = "vi") -> Any:
    state = queries.open_case(code, actor=request.actor).state  # type: ignore[attr-defined]
    return money_data(state, lang)
