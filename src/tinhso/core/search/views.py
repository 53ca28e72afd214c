"""The search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.core.access.route import public
from tinhso.core.search import queries
from tinhso.core.search.slots import SEARCH_SOURCES

MAX_LENGTH = 200


@public
def find(request: HttpRequest) -> HttpResponse:
    """Everything the reader may find, by kind. `?q=` words, `?nhom=` one kind, `?after=` the next page of it."""
    actor = request.actor  # type: ignore[attr-defined]
    text = request.GET.get("q", "").strip()[:MAX_LENGTH]
    source = request.GET.get("nhom", "")
    narrowed = source if source in SEARCH_SOURCES else None
    found = queries.find(
        actor, text, source=narrowed, cursor=request.GET.get("after", ""), size=30 if narrowed else 8
    )
    context = {
        "q": text,
        "found": found,
        "narrowed": narrowed,
        "popular": [] if text else queries.most_used(8),
    }
    return render(request, "search/results.html", context)
