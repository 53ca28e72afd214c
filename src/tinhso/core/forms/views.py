"""Look-ups of pickers: what was found for a typed name, as a fragment of the page."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from tinhso.core.access.route import public
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.forms.view import found_view

_FIELD = re.compile(r"[a-z0-9_]+(-[a-z0-9_]+){0,3}")


@public
@require_safe
@cache_control(max_age=300)
def find_territory(request: HttpRequest) -> HttpResponse:
    """Communes for `q` (or the search box of `field`); names of places are public."""
    return _found(request, "territory")


@public
@require_safe
@cache_control(max_age=300)
def find_unit(request: HttpRequest) -> HttpResponse:
    """Agencies for `q`."""
    return _found(request, "unit")


def _found(request: HttpRequest, kind: str) -> HttpResponse:
    field = request.GET.get("field", "")
    field = field if _FIELD.fullmatch(field) else kind
    text = (request.GET.get("q") or request.GET.get(f"{field}-q") or "")[:100]
    view = found_view(kind, field, text, tuple(OrgPlaces().find(kind, text)))
    return render(request, "forms/found.html", {"view": view})
