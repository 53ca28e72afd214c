"""The cashier's pages: who has to pay, taking money with change, refunds, receipts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions import perform
from tinhso.core.cases.queries import CaseFile
from tinhso.core.files.queries import content
from tinhso.core.payments import queries as book
from tinhso.core.ui.parts import Tab
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents import print_document
from tinhso.systems.onestop.queries.money import TO_PAY, TO_REFUND, cashier_queue, money_of
from tinhso.systems.onestop.views.staff import moneyforms
from tinhso.systems.onestop.views.staff.case import SEES
from tinhso.systems.onestop.views.staff.signing import pdf

COLLECTS = ("cases.cashier",)
PURPOSE = "Thu phí, lệ phí"


@needs(*COLLECTS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The cases of my centres that have something to pay, filed first at the top; a code or a name narrows."""
    text = request.GET.get("tim", "").strip()[:100]
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = cashier_queue(_actor(request), TO_PAY, text=text, cursor=cursor)
    return render(request, "onestop/staff/cashier.html", {"page": page, "text": text, "tabs": tabs("queue")})


def tabs(here: str) -> list[Tab]:
    """The pages of the cashier."""
    pages = (
        ("queue", _("Thu phí"), "onestop:cashier"),
        ("book", _("Sổ thu"), "onestop:cash_book"),
        ("refunds", _("Hoàn trả"), "onestop:refunds"),
        ("statements", _("Đối soát sao kê"), "onestop:statements"),
        ("settlement", _("Quyết toán quý"), "onestop:settlement"),
    )
    return [Tab(text, reverse(url), here == name) for name, text, url in pages]


@needs(*COLLECTS)
@require_http_methods(["GET", "POST"])
def collect(request: HttpRequest, code: str) -> HttpResponse:
    """Take the money of one case: how much, how, what was handed over; then the change and the receipts."""
    file = cases.open_case(code, actor=_actor(request), purpose=PURPOSE)
    error: Refusal | None = None
    if request.method == "POST":
        try:
            return _collected(request, file)
        except Refusal as refusal:
            error = refusal
            file = cases.open_case(code, actor=_actor(request), purpose=PURPOSE)
    context = {
        "case": file.case,
        "state": file.state,
        "name": file.definition.name.vi,
        "money": money_of(file.state, get_language() or "vi"),
        "can": file.can("collect"),
        "typed": request.POST,
        "error": error,
        "change": request.GET.get("thoi", ""),
        "tabs": tabs("queue"),
    }
    return render(request, "onestop/staff/collect.html", context, status=error.status if error else 200)


def _collected(request: HttpRequest, file: CaseFile) -> HttpResponse:
    actor, seen = _actor(request), request.POST.get("seq", "")
    data = moneyforms.parse("collect", request.POST, file, actor)
    done = perform(
        file.case.id, "collect", data, actor=actor, expected_seq=int(seen) if seen.isdecimal() else None
    )
    taken = int(done.state.payments[-1].amount) if done.state.payments else 0
    change = int(data["given"]) - taken if data["given"] else 0
    address = reverse("onestop:cashier_collect", args=[file.case.code])
    return redirect(f"{address}?thoi={change}")


@needs(*SEES)
@require_GET
def receipt(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One receipt of a case as PDF, made now unless it is there."""
    actor = _actor(request)
    file = cases.open_case(code, actor=actor, purpose="In biên lai")
    document = print_document(file, "fee_receipt", actor=actor, round_=number)
    return pdf(content(document.file), document.file.name)


@needs("cases.cashier", "cases.approve")
@require_GET
def refunds(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, and the cases whose money is to go back."""
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    context = {
        "page": cashier_queue(_actor(request), TO_REFUND, cursor=cursor),
        "waiting": book.waiting_refunds(_actor(request)),
        "tabs": tabs("refunds"),
    }
    return render(request, "onestop/staff/refunds.html", context)


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
