"""What the API reads of the catalogue."""

from __future__ import annotations

from typing import Any

from tinhso.core.access.actor import VISITOR
from tinhso.core.cases.models import Procedure
from tinhso.core.cases.state import State
from tinhso.core.db.paging import Page, page
from tinhso.core.search.queries import find
from tinhso.systems.onestop.queries.money import money_of


def find_procedures(text: str, *, cursor: str = "", size: int = 50) -> Page[Procedure]:
    """Procedures whose name or keywords hold the words (best first, one page), or all of them by code."""
    if not text.strip():
        return page(Procedure.objects.all(), by=["code"], cursor=cursor, size=size)
    codes = [h.key for g in find(VISITOR, text, source="procedure", size=size).groups for h in g.hits]
    rows = Procedure.objects.in_bulk(codes)
    return Page([rows[c] for c in codes if c in rows])


def money_data(state: State, lang: str) -> dict[str, Any]:
    """The fees of a case with their reasons, its receipts and sums, as the API tells them."""
    money = money_of(state, lang)
    return {
        "finance": money.finance,
        "owed": money.sums.owed,
        "received": money.sums.received,
        "refunded": money.sums.refunded,
        "to_pay": money.sums.to_pay,
        "refund_due": money.sums.over,
        "fees": [
            {
                **{
                    name: getattr(line.fee, name)
                    for name in ("id", "name", "kind", "rule", "source", "exempt")
                },
                "amount": int(line.fee.amount),
                "owed": line.fee.owed,
                "paid": line.paid,
                "explanation": list(line.why),
            }
            for line in money.fees
        ],
        "receipts": [
            {
                "number": r.number,
                "kind": r.kind,
                "amount": int(r.amount),
                "void": bool(p.payment.void),
                "at": p.payment.at,
            }
            for p in money.payments
            for _, r in p.receipts
        ],
    }
