"""Reconciling: a bank's statement is read, what it names is recorded, the rest waits for somebody who knows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases.actions.money import assign_line
from tinhso.core.payments import actions
from tinhso.core.payments import queries as book
from tinhso.core.payments.policy import CASHIER
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.money import reconcile
from tinhso.systems.onestop.views.staff.cashier import tabs

LARGEST = 5 * 1024 * 1024


@needs(CASHIER)
@require_http_methods(["GET", "POST"])
def statements(request: HttpRequest) -> HttpResponse:
    """Give a statement; below it, the money nobody knows the case of."""
    actor = _actor(request)
    if request.method == "POST":
        try:
            return _taken(request, actor)
        except Refusal as refusal:
            return _page(request, refusal)
    return _page(request)


def _taken(request: HttpRequest, actor: Actor) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("required", _("Hãy chọn tệp sao kê CSV."), 422, field="file")
    if (file.size or 0) > LARGEST:
        raise Refusal("too_large", _("Tệp sao kê lớn nhất 5 MB; hãy chia theo ngày."), 422, field="file")
    unit = book.book_of(actor, request.POST.get("noi", ""), CASHIER)
    run = reconcile(
        file.read(),
        name=file.name or "sao-ke.csv",
        account=request.POST.get("account", "").strip(),
        unit_id=unit.id,
        actor=actor,
    )
    if run is None:
        messages.success(request, _("Sao kê này không có khoản nào mới."))
        return redirect("onestop:statements")
    return redirect("jobs:show", run_id=run.id)


def _page(request: HttpRequest, error: Refusal | None = None) -> HttpResponse:
    actor = _actor(request)
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    context = {
        "page": book.unmatched(actor, cursor=cursor),
        "units": book.books(actor, CASHIER),
        "error": error,
        "typed": request.POST,
        "tabs": tabs("statements"),
    }
    return render(request, "onestop/staff/statements.html", context, status=error.status if error else 200)


@needs(CASHIER)
@require_POST
def line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say whose money a line is, or that it is no fee."""
    actor = _actor(request)
    found = book.statement_line(actor, line_id)
    try:
        if request.POST.get("bo") == "1":
            actions.set_aside(found, reason=request.POST.get("reason", ""), actor=actor)
            messages.success(request, _("Đã để riêng khoản tiền này."))
        else:
            matched = assign_line(found, request.POST.get("code", ""), actor=actor)
            messages.success(request, f"{matched.case_code}: {matched.message}")
    except Refusal as refusal:
        return _page(request, refusal)
    return redirect("onestop:statements")


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]
