"""The pages of a filing: its overview, the questions, the papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.route import signed_in
from tinhso.core.forms import actions as drafts
from tinhso.core.forms.actions import Saved
from tinhso.core.forms.answers import merge, prefill, read_page
from tinhso.core.forms.definition import Page
from tinhso.core.forms.view import page_views
from tinhso.core.ui.parts import TaskItem
from tinhso.kit.errors import NotFound
from tinhso.systems.onestop.queries.filing import Filing
from tinhso.systems.onestop.rules import filing as rules
from tinhso.systems.onestop.views.citizen import papers, sending
from tinhso.systems.onestop.views.citizen.frame import base_context, opened, sent_already


@signed_in
def overview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All steps of a filing with how they stand, and where to go on. A filing just begun goes to its first page."""
    filing = opened(request, draft_id)
    if sent := sent_already(request, filing):
        return sent
    if not filing.draft.seen:
        return HttpResponseRedirect(filing.url(filing.stops[0].id))
    tasks = [TaskItem(s.title, filing.url(s.id), s.status) for s in filing.stops]
    return render(
        request,
        "onestop/citizen/filing.html",
        base_context(filing)
        | {
            "tasks": tasks,
            "next_url": filing.url(rules.first_open(filing.stops).id),
        },
    )


@signed_in
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, draft_id: UUID, stop: str) -> HttpResponse:
    """One page of a filing: questions, papers, how to receive the result, or the check before sending."""
    filing = opened(request, draft_id)
    if sent := sent_already(request, filing):
        return sent
    if stop not in {s.id for s in filing.stops}:
        return HttpResponseRedirect(filing.url(rules.first_open(filing.stops).id))
    if stop == rules.PAPERS:
        return papers.show(request, filing)
    if stop == rules.CHECK:
        return sending.show(request, filing)
    found = filing.form.page(stop)
    if found is None:
        raise NotFound("no_page", _("Tờ khai không có trang này."))
    return _post(request, filing, found) if request.method == "POST" else _get(request, filing, found)


@signed_in
@require_POST
def discard(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete a draft."""
    drafts.discard(draft_id, actor=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("onestop:mine"))


def _get(request: HttpRequest, filing: Filing, found: Page) -> HttpResponse:
    own = {f.id for f in found.fields}
    seen = found.id in filing.draft.seen
    errors = {p: t for p, t in filing.errors.items() if p.split("-")[0] in own} if seen else {}
    return _questions(request, filing, found, filing.draft.answers, filing.draft.raw, errors)


def _post(request: HttpRequest, filing: Filing, found: Page) -> HttpResponse:
    if "HX-Request" in request.headers:
        return _revealed(request, filing, found)
    saved = drafts.save_page(
        filing.draft.id,
        found.id,
        request.POST,
        form=filing.form,
        env=filing.env,
        actor=request.actor,  # type: ignore[attr-defined]
        expected_version=_version(request),
    )
    if "later" in request.POST and not saved.stale:
        return HttpResponseRedirect(reverse("onestop:mine"))
    if saved.goes_on:
        filing = replace(filing, draft=saved.draft)
        return HttpResponseRedirect(filing.url(rules.after(filing.stops, found.id).id))
    filing.draft = saved.draft
    return _questions(
        request,
        filing,
        found,
        saved.answers,
        saved.raw,
        saved.shown_errors,
        saved=saved,
        status=_status(saved),
    )


def _revealed(request: HttpRequest, filing: Filing, found: Page) -> HttpResponse:
    """The questions again after an answer was changed, without blame: some may have come up or gone away.

    Nothing is kept: two answers changed quickly, or "Continue" right after one, would otherwise meet a draft
    newer than the page and be called stale. The page keeps the number it was opened with.
    """
    draft, form, env = filing.draft, filing.form, filing.env
    read = read_page(form, found, request.POST, draft.answers, env, draft.raw)
    answers = prefill(form, env, merge(draft.answers, read.values), [*draft.seen, found.id])
    draft.version = _version(request)
    return _questions(request, filing, found, answers, read.raw, {})


def _status(saved: Saved) -> int:
    if saved.stale:
        return 409
    return 422 if saved.shown_errors else 200


def _questions(
    request: HttpRequest,
    filing: Filing,
    found: Page,
    answers: Mapping[str, Any],
    raw: Mapping[str, Any],
    errors: Mapping[str, Any],
    *,
    saved: Saved | None = None,
    status: int = 200,
) -> HttpResponse:
    views = page_views(filing.form, found, answers, filing.env, raw, dict(errors), filing.lang)
    context = base_context(filing, found.id) | {
        "views": views,
        "title": found.title.in_(filing.lang),
        "intro": found.intro.in_(filing.lang),
        "reveals": any(f.when for f in found.fields),
        "stale": saved is not None and saved.stale,
        "revealed": saved is not None and bool(saved.result.revealed) and not saved.result.errors,
    }
    return render(request, "onestop/citizen/filing_page.html", context, status=status)


def _version(request: HttpRequest) -> int:
    value = request.POST.get("version", "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0  # noqa: PLR2004
