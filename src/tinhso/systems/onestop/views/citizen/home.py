"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.core.access.route import public
from tinhso.systems.onestop.queries import catalogue
from tinhso.systems.onestop.views.citizen import reader_language


@public
def home(request: HttpRequest) -> HttpResponse:
    """Search, the most used procedures, the fields, and the way to a case and to a paper's proof."""
    lang = reader_language()
    context = {"popular": catalogue.popular(lang), "fields": catalogue.fields(lang)}
    return render(request, "onestop/citizen/home.html", context)
