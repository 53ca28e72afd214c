"""What to pay and how: the amounts with their reasons, the transfer with its QR code, receipts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import signed_in
from tinhso.core.cases.actions import check_payment, start_payment
from tinhso.core.files.queries import content
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents import print_document
from tinhso.systems.onestop.queries.money import money_of, providers, transfers_of
from tinhso.systems.onestop.views.citizen import reader_language
from tinhso.systems.onestop.views.citizen.cases import own_case


@signed_in
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """What is owed and why; choosing a way of paying shows where to pay, with the words that name the case."""
    file = own_case(request, code)
    error: Refusal | None = None
    if request.method == "POST":
        back = request.build_absolute_uri(reverse("onestop:pay", args=[code]))
        try:
            done = start_payment(
                file.case.id,
                request.POST.get("cach", ""),
                actor=request.actor,  # type: ignore[attr-defined]
                return_url=back,
            )
            started = done.state.requests[-1] if done.state.requests else None
            if started is not None and started.redirect:
                return HttpResponseRedirect(started.redirect)
            return HttpResponseRedirect(back)
        except Refusal as refusal:
            error = refusal
    lang = reader_language()
    context = {
        "file": file,
        "case": file.case,
        "name": file.definition.name.in_(lang),
        "money": money_of(file.state, lang),
        "transfers": transfers_of(file, lang),
        "providers": providers(),
        "reception": file.state.reception,
        "error": error,
    }
    return render(request, "onestop/citizen/pay.html", context, status=error.status if error else 200)


@signed_in
@require_POST
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Look whether the money has arrived."""
    file = own_case(request, code)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = sum(check_payment(file.case.id, r.provider, actor=actor) for r in file.state.requests)
    if found:
        messages.success(request, _("Đã nhận được tiền của bạn. Biên lai ở bên dưới."))
    else:
        messages.info(
            request,
            _("Chưa thấy tiền về. Ngân hàng báo cho chúng tôi trong ngày làm việc; bạn không cần nộp lại."),
        )
    return HttpResponseRedirect(reverse("onestop:pay", args=[code]))


@signed_in
@require_safe
def receipt(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One of one's own receipts as PDF."""
    file = own_case(request, code)
    document = print_document(file, "fee_receipt", actor=request.actor, round_=number)  # type: ignore[attr-defined]
    response = HttpResponse(content(document.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bien-lai-{file.case.code}-{number}.pdf"'
    return response
