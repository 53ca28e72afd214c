"""Reading the cash book: accounts, day books, refunds, unmatched money, settlements. Lists are scoped by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, page
from tinhso.core.orgs import queries as orgs
from tinhso.core.payments import policy
from tinhso.core.payments.models import Account, Closing, Payment, Receipt, Refund, StatementLine, Transfer
from tinhso.core.payments.rules import ZONE, candidates
from tinhso.core.payments.slots import Payee
from tinhso.kit.errors import Forbidden, NotFound

KINDS = ("phi", "le_phi")
NOTHING = Decimal(0)


def payee(unit_id: UUID, kind: str, on: date) -> Payee | None:
    """The account a unit's money of a kind goes to on a day: its own, else of the unit above, and so on."""
    unit = orgs.unit(unit_id)
    while unit is not None:
        found = Account.objects.filter(unit_id=unit.id, kind=kind, valid__contains=on).first()
        if found is not None:
            return Payee(found.bank, found.bank_name, found.number, found.holder)
        if unit.parent_id is None:
            return None
        unit = orgs.unit(unit.parent_id)
    return None


def transfer_in(content: str) -> Transfer | None:
    """The transfer that the words of a bank line name; None when none does, or when they name two subjects."""
    found = list(Transfer.objects.filter(content__in=candidates(content))[:50])
    longest = [t for t in found if not any(t.content != o.content and t.content in o.content for o in found)]
    return longest[0] if len({t.subject_id for t in longest}) == 1 else None


def books(actor: Actor, *permissions: str) -> list[Any]:
    """The units whose cash book the actor may open."""
    return [orgs.unit(u) for u in policy.units_of(actor, *permissions)]


def book_of(actor: Actor, code: str, *permissions: str) -> Any:
    """One of them by its code, the first unless named; `Forbidden` when there is none."""
    units = books(actor, *permissions)
    unit = next((u for u in units if u.code == code), units[0] if units and not code else None)
    if unit is None:
        raise Forbidden("no_book", "Bạn không có quyền xem sổ thu của nơi này.")
    return unit


def day_range(first: date, last: date) -> tuple[datetime, datetime]:
    """The moments a range of days begins and ends (the end excluded), in Vietnam."""
    start = datetime.combine(first, time.min, ZONE)
    return start, datetime.combine(last + timedelta(days=1), time.min, ZONE)


@dataclass(frozen=True, slots=True)
class Total:
    """A line of the totals: how many, how much."""

    kind: str
    how: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class DayBook:
    """What a centre took and gave back in a range of days: one page of payments, and sums over all of them."""

    payments: Page[Payment]
    receipts: tuple[Total, ...]
    surplus: Decimal
    void: int
    refunds: tuple[Refund, ...]

    @property
    def taken(self) -> Decimal:
        return sum((s.amount for s in self.receipts), NOTHING) + self.surplus

    @property
    def returned(self) -> Decimal:
        return sum((r.amount for r in self.refunds), NOTHING)

    @property
    def cash(self) -> Decimal:
        """What must lie in the drawer: cash taken less cash given back."""
        into = sum((s.amount for s in self.receipts if s.how == "cash"), NOTHING)
        return into - sum((r.amount for r in self.refunds if r.how == "cash"), NOTHING)


MOST_REFUNDS = 500


def day_book(
    actor: Actor, unit_id: UUID, first: date, last: date, *, cursor: str = "", size: int = 50
) -> DayBook:
    """The book of a centre; `Forbidden` for somebody who is not its cashier."""
    _may(actor, unit_id, policy.CASHIER, policy.REPORTS)
    start, end = day_range(first, last)
    payments = Payment.objects.filter(unit_id=unit_id, at__gte=start, at__lt=end)
    refunds = Refund.objects.filter(
        unit_id=unit_id, state="confirmed", decided_at__gte=start, decided_at__lt=end
    )
    return _book(payments, refunds, cursor, size)


def open_book(unit_id: UUID) -> DayBook:
    """What was taken and given back since the book was last closed."""
    payments = Payment.objects.filter(unit_id=unit_id, closing__isnull=True)
    refunds = Refund.objects.filter(unit_id=unit_id, closing__isnull=True, state="confirmed")
    return _book(payments, refunds, "", 1)


def closed_book(closing: Closing) -> DayBook:
    """What stands in a closed book."""
    return _book(Payment.objects.filter(closing=closing), Refund.objects.filter(closing=closing), "", 1)


def _book(payments: QuerySet[Payment], refunds: QuerySet[Refund], cursor: str, size: int) -> DayBook:
    sums = (
        Receipt.objects.filter(payment__in=payments, void=False)
        .values("kind", "payment__how")
        .annotate(count=Count("id"), total=Sum("amount"))
        .order_by("kind", "payment__how")
    )
    more = payments.aggregate(surplus=Sum("surplus", filter=Q(void="")), void=Count("id", filter=~Q(void="")))
    return DayBook(
        payments=page(payments.prefetch_related("receipts"), by=["-at", "-id"], cursor=cursor, size=size),
        receipts=tuple(Total(s["kind"], s["payment__how"], s["count"], s["total"]) for s in sums),
        surplus=more["surplus"] or NOTHING,
        void=more["void"],
        refunds=tuple(refunds.order_by("decided_at")[:MOST_REFUNDS]),
    )


def closings(unit_id: UUID) -> list[Closing]:
    """The latest closed books of a centre."""
    return list(Closing.objects.filter(unit_id=unit_id).order_by("-at")[:20])


def is_closed(payment_id: str) -> bool:
    """Whether a payment stands in a closed book."""
    return Payment.objects.filter(id=payment_id, closing__isnull=False).exists()


def unmatched(actor: Actor, *, cursor: str = "") -> Page[StatementLine]:
    """Money on the actor's accounts that no case is known for, latest first."""
    units = policy.units_of(actor)
    rows = StatementLine.objects.filter(unit_id__in=units, state="unmatched")
    return page(rows, by=["-at", "-id"], cursor=cursor)


def statement_line(actor: Actor, line_id: UUID) -> StatementLine:
    """One line of the actor's statements."""
    found = StatementLine.objects.filter(id=line_id, unit_id__in=policy.units_of(actor)).first()
    if found is None:
        raise NotFound("no_line", "Không tìm thấy dòng sao kê này.")
    return found


def waiting_refunds(actor: Actor) -> list[Refund]:
    """Refunds that were asked for and wait for somebody's decision, oldest first."""
    units = policy.units_of(actor, policy.CASHIER, policy.APPROVE)
    return list(Refund.objects.filter(unit_id__in=units, state="asked").order_by("at")[:200])


@dataclass(frozen=True, slots=True)
class Settled:
    """A line of the quarter's settlement: what a centre took for an agency, by kind, and gave back."""

    agency: str
    agency_code: str
    count: int
    phi: Decimal
    le_phi: Decimal
    back_phi: Decimal
    back_le_phi: Decimal

    @property
    def total(self) -> Decimal:
        return self.phi + self.le_phi - self.back_phi - self.back_le_phi


def settlement(actor: Actor, unit_id: UUID, year: int, quarter: int) -> list[Settled]:
    """What a centre owes each agency for a quarter (Decree 61/2018/NĐ-CP art. 12), by agency."""
    _may(actor, unit_id, policy.CASHIER, policy.REPORTS)
    first = date(year, 3 * quarter - 2, 1)
    last = (date(year + 1, 1, 1) if quarter == 4 else date(year, 3 * quarter + 1, 1)) - timedelta(days=1)  # noqa: PLR2004
    start, end = day_range(first, last)
    took = (
        Receipt.objects.filter(unit_id=unit_id, void=False, at__gte=start, at__lt=end)
        .values("agency_id")
        .annotate(
            count=Count("id"),
            phi=Sum("amount", filter=Q(kind="phi"), default=NOTHING),
            le_phi=Sum("amount", filter=Q(kind="le_phi"), default=NOTHING),
        )
    )
    back = (
        Refund.objects.filter(unit_id=unit_id, state="confirmed", decided_at__gte=start, decided_at__lt=end)
        .values("agency_id")
        .annotate(phi=Sum("phi"), le_phi=Sum("le_phi"))
    )
    return _settled([dict(row) for row in took], {row["agency_id"]: dict(row) for row in back})


def _settled(took: Sequence[dict[str, Any]], back: dict[UUID, dict[str, Any]]) -> list[Settled]:
    rows = {row["agency_id"]: row for row in took}
    found = []
    for agency_id in dict.fromkeys([*rows, *back]):
        unit, row, gone = orgs.unit(agency_id), rows.get(agency_id, {}), back.get(agency_id, {})
        found.append(
            Settled(
                agency=unit.name,
                agency_code=unit.code,
                count=row.get("count", 0),
                phi=row.get("phi") or NOTHING,
                le_phi=row.get("le_phi") or NOTHING,
                back_phi=gone.get("phi") or NOTHING,
                back_le_phi=gone.get("le_phi") or NOTHING,
            )
        )
    return sorted(found, key=lambda s: s.agency_code)


def _may(actor: Actor, unit_id: UUID, *permissions: str) -> None:
    if unit_id not in policy.units_of(actor, *permissions):
        raise Forbidden("no_book", "Bạn không có quyền xem sổ thu của nơi này.")
