"""Checking the answers, sending, and the page that says what happens next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.core.forms.errors import AlreadySubmitted
from tinhso.core.ui.parts import SummaryRow
from tinhso.kit import worktime
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions import citizen as acts
from tinhso.systems.onestop.queries.citizen import code_of_key
from tinhso.systems.onestop.queries.filing import Filing, page_of_error, total
from tinhso.systems.onestop.rules import filing as rules
from tinhso.systems.onestop.rules.questions import RETURN_PAGE
from tinhso.systems.onestop.views.citizen.frame import base_context, opened

Errors = list[tuple[str, str]]


def show(request: HttpRequest, filing: Filing) -> HttpResponse:
    """The summary with links to change; a post sends it."""
    if request.method != "POST":
        return _page(request, filing, [])
    actor = request.actor  # type: ignore[attr-defined]
    try:
        done = acts.send(filing.draft.id, actor=actor, declared=request.POST.get("declared") == "yes")
        return HttpResponseRedirect(reverse("onestop:filed", args=[done.case.code]))
    except AlreadySubmitted as sent:
        return HttpResponseRedirect(reverse("onestop:filed", args=[code_of_key(sent.case_key, actor)]))
    except Refusal as refusal:
        error = ("declared" if refusal.field == "declared" else "", refusal.message)
        return _page(request, opened(request, filing.draft.id), [error], status=422)


def _page(request: HttpRequest, filing: Filing, refused: Errors, status: int = 200) -> HttpResponse:
    due = filing.expected
    context = base_context(filing, rules.CHECK) | {
        "sections": [
            (s.title, filing.url(s.page), [SummaryRow(r.label, r.text) for r in s.rows])
            for s in filing.sections
            if s.page != RETURN_PAGE.id
        ],
        "returns": [
            SummaryRow(r.label, r.text) for s in filing.sections if s.page == RETURN_PAGE.id for r in s.rows
        ],
        "return_url": filing.url(RETURN_PAGE.id),
        "papers": _papers(filing),
        "papers_url": filing.url(rules.PAPERS),
        "to_show": [p.name.in_(filing.lang) for p in rules.to_show(filing.papers)],
        "fees": filing.fees,
        "total": total(filing.fees),
        "decides": filing.decides,
        "due": due,
        "why": worktime.explain(due, filing.lang) if due else [],
        "variant": filing.variant.name.in_(filing.lang) if filing.variant else "",
        "problems": _problems(filing),
        "refused": refused,
        "declared": request.POST.get("declared") == "yes",
    }
    return render(request, "onestop/citizen/check.html", context, status=status)


def _papers(filing: Filing) -> list[SummaryRow]:
    rows = []
    for paper in rules.to_upload(filing.papers):
        names = [f.name for f in filing.files.get(paper.id, [])]
        nothing = _("Chưa đính kèm") if paper.required else _("Không đính kèm (không bắt buộc)")
        rows.append(SummaryRow(paper.name.in_(filing.lang), names or nothing))
    return rows


def _problems(filing: Filing) -> Errors:
    """What still keeps the filing from being sent: (address, sentence) pairs."""
    found: Errors = []
    for path, message in filing.errors.items():
        page = page_of_error(filing.form, path)
        if page is not None:
            found.append((f"{filing.url(page.id)}#{path}", message.in_(filing.lang)))
    for paper in rules.missing(filing.papers, filing.draft.files):
        text = _("Hãy đính kèm “%(name)s”.") % {"name": paper.name.in_(filing.lang)}
        found.append((f"{filing.url(rules.PAPERS)}#paper-{paper.id}", text))
    return found
