"""Finding a procedure and reading what it takes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tinhso.core.access.route import public
from tinhso.systems.onestop.forms import place_view, read_place
from tinhso.systems.onestop.queries import catalogue
from tinhso.systems.onestop.queries.citizen import home_territory
from tinhso.systems.onestop.queries.procedure import office_for, procedure_page
from tinhso.systems.onestop.views.citizen import reader_language

LONGEST = 200


@public
def results(request: HttpRequest) -> HttpResponse:
    """Procedures found by words, by field, or both."""
    lang = reader_language()
    text, field = request.GET.get("q", "")[:LONGEST].strip(), request.GET.get("linh-vuc", "")
    fields = catalogue.fields(lang)
    chosen = next((f for f in fields if f.id == field), None)
    found = catalogue.find(request.actor, text, chosen.id if chosen else "", lang)  # type: ignore[attr-defined]
    context = {
        "q": text,
        "field": chosen,
        "fields": fields,
        "found": found,
        "popular": [] if found.rows else catalogue.popular(lang),
    }
    return render(request, "onestop/citizen/procedures.html", context)


@public
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure in plain words; with `?xa=` the reader's own office and an example date."""
    return _page(request, code, "onestop/citizen/procedure.html")


@public
def papers(request: HttpRequest, code: str) -> HttpResponse:
    """The papers to bring, on one sheet to print."""
    return _page(request, code, "onestop/citizen/papers_list.html")


def _page(request: HttpRequest, code: str, template: str) -> HttpResponse:
    lang, now = reader_language(), timezone.now()
    place = read_place(request.GET, "xa")
    asked = bool(request.GET.get("xa-q", "").strip() or place.code)
    territory = place.code if asked else home_territory(request.actor)  # type: ignore[attr-defined]
    office, why_none = office_for(code, territory, lang=lang, now=now)
    page = procedure_page(code, office=office, lang=lang, now=now)
    context = {
        "page": page,
        "office": office,
        "place": place_view(
            "xa", place, chosen=territory, asked=asked, served=office is not None, why_none=why_none
        ),
        "now": now,
    }
    return render(request, template, context)
