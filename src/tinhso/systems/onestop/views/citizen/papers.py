"""The page of papers: what to attach and why, what is looked up instead, why a file was refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.core.files.models import StoredFile
from tinhso.core.forms import actions as drafts
from tinhso.core.procedures.model import PaperRule
from tinhso.systems.onestop.actions import citizen as acts
from tinhso.systems.onestop.queries.filing import Filing
from tinhso.systems.onestop.rules import filing as rules
from tinhso.systems.onestop.rules.conditions import in_words
from tinhso.systems.onestop.rules.plain import copies_in_words
from tinhso.systems.onestop.views.citizen.frame import base_context, opened

PREFIX = "paper-"
MAX_MB = 20


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file attached, with the button that removes it."""

    file: StoredFile
    remove: str
    url: str


@dataclass(frozen=True, slots=True)
class PaperBox:
    """One paper on the page."""

    id: str
    name: str
    hint: str
    instead: str
    why: str
    required: bool
    copies: str
    files: list[FileLine]
    error: str


def show(request: HttpRequest, filing: Filing) -> HttpResponse:
    """Show, or keep what was sent: uploads, removals, going on."""
    if request.method == "POST":
        return _sent(request, filing)
    return _page(request, filing, {})


def _sent(request: HttpRequest, filing: Filing) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    here = filing.url(rules.PAPERS)
    uploads = chosen_files(request, {p.id for p in rules.to_upload(filing.papers)})
    refused = acts.attach(filing.draft.id, uploads, actor=actor)
    for paper, file_id in removed(request):
        drafts.detach(filing.draft.id, paper, file_id, actor=actor)
        return HttpResponseRedirect(f"{here}#field-{PREFIX}{paper}")
    if refused:
        return _page(request, opened(request, filing.draft.id), refused, status=422)
    if "later" in request.POST:
        return HttpResponseRedirect(reverse("onestop:mine"))
    if "upload" in request.POST:
        return HttpResponseRedirect(here)
    filing = opened(request, filing.draft.id)
    lacking = rules.missing(filing.papers, filing.draft.files)
    if lacking:
        lang = filing.lang
        errors = {p.id: _("Hãy đính kèm “%(name)s”.") % {"name": p.name.in_(lang)} for p in lacking}
        return _page(request, filing, errors, status=422)
    return HttpResponseRedirect(filing.url(rules.after(filing.stops, rules.PAPERS).id))


def chosen_files(request: HttpRequest, papers: set[str]) -> list[tuple[str, Any]]:
    """The uploads of a form by paper; an input left empty sends none. Papers not asked for are ignored."""
    return [
        (name.removeprefix(PREFIX), upload)
        for name in request.FILES
        if name.removeprefix(PREFIX) in papers
        for upload in request.FILES.getlist(name)
    ]


def removed(request: HttpRequest) -> list[tuple[str, UUID]]:
    """The (paper, file) whose button was pressed."""
    found = []
    for name in request.POST:
        paper, sep, file_id = name.removeprefix("remove-").partition(":")
        if name.startswith("remove-") and sep:
            try:
                found.append((paper, UUID(file_id)))
            except ValueError:
                continue
    return found


def _page(request: HttpRequest, filing: Filing, errors: dict[str, str], status: int = 200) -> HttpResponse:
    lang = filing.lang
    boxes = [_box(filing, p, errors.get(p.id, "")) for p in rules.to_upload(filing.papers)]
    context = base_context(filing, rules.PAPERS) | {
        "boxes": boxes,
        "errors": [(PREFIX + b.id, b.error) for b in boxes if b.error],
        "to_show": [p.name.in_(lang) for p in rules.to_show(filing.papers)],
        "looked_up": [p.name.in_(lang) for p in rules.looked_up(filing.papers)],
        "max_mb": MAX_MB,
    }
    return render(request, "onestop/citizen/filing_papers.html", context, status=status)


def _box(filing: Filing, paper: PaperRule, error: str) -> PaperBox:
    lang = filing.lang
    return PaperBox(
        paper.id,
        paper.name.in_(lang),
        paper.hint.in_(lang) if paper.hint else "",
        paper.instead_of.in_(lang) if paper.instead_of else "",
        in_words(paper.when, filing.definition.form, lang) if paper.when else "",
        paper.required,
        copies_in_words(paper, lang),
        file_lines(paper.id, filing.files.get(paper.id, [])),
        error,
    )


def file_lines(paper: str, files: list[StoredFile]) -> list[FileLine]:
    """The files of a paper with their addresses and the buttons that remove them."""
    return [FileLine(f, f"remove-{paper}:{f.id}", reverse("files:send", args=[f.id])) for f in files]
