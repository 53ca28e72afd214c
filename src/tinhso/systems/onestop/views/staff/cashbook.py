"""The books: what was taken day by day, closing, the quarter's settlement with the agencies."""

from __future__ import annotations

import csv
from datetime import date, datetime
from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.payments import actions
from tinhso.core.payments import queries as book
from tinhso.core.payments.policy import CASHIER, REPORTS
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents.money import HOW, KIND_NAMES
from tinhso.systems.onestop.views.staff import moneyforms
from tinhso.systems.onestop.views.staff.cashier import tabs

READS = (CASHIER, REPORTS)
QUARTERS = (1, 2, 3, 4)
FIRST_YEAR = 2020


@needs(*READS)
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """What a centre took from one day to another, with the totals by kind and way of paying."""
    return _book_page(request)


def _book_page(request: HttpRequest, error: Refusal | None = None) -> HttpResponse:
    actor = _actor(request)
    unit = book.book_of(actor, request.GET.get("noi", "") or request.POST.get("noi", ""), *READS)
    first, last, wrong = _days(request)
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    shown = book.day_book(actor, unit.id, first, last, cursor=cursor)
    context = {
        "unit": unit,
        "units": book.books(actor, *READS),
        "first": first,
        "last": last,
        "wrong": wrong,
        "book": shown,
        "totals": [(KIND_NAMES.get(t.kind, t.kind), HOW.get(t.how, t.how), t) for t in shown.receipts],
        "how": HOW,
        "open": book.open_book(unit.id) if actor.may(CASHIER, unit.path) else None,
        "closings": book.closings(unit.id),
        "error": error,
        "typed": request.POST,
        "tabs": tabs("book"),
    }
    status = error.status if error else 422 if wrong else 200
    return render(request, "onestop/staff/cash_book.html", context, status=status)


@needs(CASHIER)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the book of a centre with the cash that was counted."""
    actor = _actor(request)
    unit = book.book_of(actor, request.POST.get("noi", ""), CASHIER)
    try:
        closing = actions.close_book(
            unit.id, counted=_counted(request), note=request.POST.get("note", ""), actor=actor
        )
    except Refusal as refusal:
        return _book_page(request, refusal)
    messages.success(request, _("Đã chốt sổ số %(number)s.") % {"number": closing.number})
    return redirect(f"{reverse('onestop:cash_book')}?noi={unit.code}")


def _counted(request: HttpRequest) -> int:
    counted = moneyforms.amount(request.POST.get("counted", ""), "counted")
    if not counted:
        raise Refusal("required", _("Hãy ghi số tiền mặt đã kiểm đếm."), 422, field="counted")
    return int(counted)


def _days(request: HttpRequest) -> tuple[date, date, str]:
    today = timezone.localdate()
    first, last = _day(request.GET.get("tu", ""), today), _day(request.GET.get("den", ""), today)
    if first is None or last is None:
        return today, today, _("Hãy nhập ngày dạng ngày/tháng/năm.")
    if last < first:
        return first, first, _("Ngày sau phải không trước ngày đầu.")
    return first, last, ""


def _day(text: str, default: date) -> date | None:
    if not text.strip():
        return default
    try:
        return datetime.strptime(text.strip(), "%d/%m/%Y").date()  # noqa: DTZ007  a date
    except ValueError:
        return None


@needs(*READS)
@require_GET
def settlement(request: HttpRequest) -> HttpResponse:
    """What a centre owes each agency for a quarter, as a page or (`?csv=1`) as a table for the accountant."""
    actor, today = _actor(request), timezone.localdate()
    unit = book.book_of(actor, request.GET.get("noi", ""), *READS)
    year = _number(request.GET.get("nam", ""), today.year, range(FIRST_YEAR, today.year + 1))
    quarter = _number(request.GET.get("quy", ""), (today.month + 2) // 3, QUARTERS)
    rows = book.settlement(actor, unit.id, year, quarter)
    if request.GET.get("csv") == "1":
        return _csv(rows, f"quyet-toan-{unit.code}-{year}-quy{quarter}.csv")
    context = {
        "unit": unit,
        "units": book.books(actor, *READS),
        "year": year,
        "years": range(today.year, today.year - 5, -1),
        "quarter": quarter,
        "quarters": QUARTERS,
        "rows": rows,
        "total": sum((r.total for r in rows), Decimal(0)),
        "tabs": tabs("settlement"),
    }
    return render(request, "onestop/staff/settlement.html", context)


def _csv(rows: list[book.Settled], name: str) -> HttpResponse:
    """Semicolons and a mark at the front, as spreadsheets in Vietnam read it without asking."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    sheet = csv.writer(answer, delimiter=";")
    sheet.writerow(
        [_("Mã cơ quan"), _("Cơ quan"), _("Số biên lai"), _("Phí"), _("Lệ phí"), _("Hoàn phí"),
         _("Hoàn lệ phí"), _("Phải chuyển")]
    )  # fmt: skip
    for r in rows:
        sheet.writerow(
            [
                _plain(r.agency_code),
                _plain(r.agency),
                r.count,
                r.phi,
                r.le_phi,
                r.back_phi,
                r.back_le_phi,
                r.total,
            ]
        )
    return answer


def _plain(text: str) -> str:
    """A cell that a spreadsheet never takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def _number(text: str, default: int, known: range | tuple[int, ...]) -> int:
    return int(text) if text.isascii() and text.isdecimal() and int(text) in known else default


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
