"""One's own cases: the list, one case, why that date, the receipt page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tinhso.core.access.route import public, signed_in
from tinhso.core.audit.queries import reads_of
from tinhso.core.cases import queries as cases
from tinhso.core.cases.explained import explained
from tinhso.core.cases.links import linked
from tinhso.core.cases.queries import CaseFile
from tinhso.core.db.paging import page
from tinhso.kit import worktime
from tinhso.kit.errors import NotFound
from tinhso.systems.onestop.queries import acknowledgement, citizen
from tinhso.systems.onestop.queries.case_page import case_page, case_url, values_of
from tinhso.systems.onestop.rules.plain import STEP_WORDS
from tinhso.systems.onestop.views.citizen import reader_language


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Drafts to be continued, and cases, latest first."""
    actor = request.actor  # type: ignore[attr-defined]
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    context = {
        "cases": citizen.my_cases(actor, cursor),
        "drafts": [] if cursor else citizen.filings(actor),
        "now": timezone.now(),
    }
    return render(request, "onestop/citizen/mine.html", context)


@public
@require_safe
def case(request: HttpRequest, code: str) -> HttpResponse:
    """The applicant's page of a case. The QR code of every paper opens it, so a visitor is led to the look-up."""
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_known:
        return HttpResponseRedirect(f"{reverse('onestop:track')}?{urlencode({'ma': code})}")
    if actor.is_staff and not citizen.is_own(code, actor):
        return HttpResponseRedirect(reverse("onestop:staff_case", args=[code]))
    request.case_code = code  # type: ignore[attr-defined]
    now = timezone.now()
    shown = case_page(code, actor=actor, lang=reader_language(), now=now)
    context = {"page": shown, "case": shown.file.case, "state": shown.file.state, "now": now}
    context["why"] = worktime.explain(shown.file.state.clock, reader_language())
    context["linked"] = linked(shown.file.case, shown.file.state, actor=actor)
    context["can"] = {a.act: a for a in shown.file.abilities}
    return render(request, "onestop/citizen/case.html", context)


@signed_in
@require_safe
def due(request: HttpRequest, code: str) -> HttpResponse:
    """How the appointment came about, stretch by stretch."""
    file = own_case(request, code)
    clock = file.state.clock
    now = timezone.now()
    context = {
        "file": file,
        "case": file.case,
        "clock": clock,
        "why": explained(file.definition, file.state, now, reader_language()),
        "ledger": clock.ledger,
        "now": now,
    }
    return render(request, "onestop/citizen/due.html", context)


@signed_in
@require_safe
def filed(request: HttpRequest, code: str) -> HttpResponse:
    """The page after sending: the code, what happens next and when, and why."""
    file, lang = own_case(request, code), reader_language()
    expected = citizen.expected_due(file)
    context = {
        "file": file,
        "case": file.case,
        "name": file.definition.name.in_(lang),
        "values": values_of(file.state, file.definition, lang),
        "check": file.state.at("receive"),
        "check_words": STEP_WORDS["receive"].in_(lang),
        "expected": expected,
        "why": worktime.explain(expected, lang) if expected else [],
        "qr": acknowledgement.qr(file.case.code),
    }
    return render(request, "onestop/citizen/filed.html", context)


@signed_in
@require_safe
def acknowledgement_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The acknowledgement of a filing as a PDF with its QR code."""
    file = own_case(request, code)
    response = HttpResponse(acknowledgement.pdf(file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="phieu-nop-{file.case.code}.pdf"'
    return response


@signed_in
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Who read one's data, when, what for, on which ground."""
    actor = request.actor  # type: ignore[attr-defined]
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    found = page(reads_of(actor.person_id), by=["-at", "-id"], cursor=cursor, size=30)
    context = {
        "page": found,
        "rows": [(r, case_url(r.subject_id) if r.subject_kind == "case" else "") for r in found.rows],
    }
    return render(request, "onestop/citizen/my_data.html", context)


def own_case(request: HttpRequest, code: str) -> CaseFile:
    """The reader's own case; another person's does not exist for them, whatever their post."""
    request.case_code = code  # type: ignore[attr-defined]
    file = cases.open_case(code, actor=request.actor)  # type: ignore[attr-defined]
    if not file.is_mine:
        raise NotFound("no_case", "Không tìm thấy hồ sơ này. Hãy kiểm tra lại mã hồ sơ.")
    return file
