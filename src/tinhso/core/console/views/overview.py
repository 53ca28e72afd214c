"""The overview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.core.access.route import needs
from tinhso.core.console import policy
from tinhso.core.console.queries import overview as queries
from tinhso.core.console.views.frame import actor_of


@needs(*policy.ANY)
def overview(request: HttpRequest) -> HttpResponse:
    """What needs attention, troubles first."""
    signs = queries.signs(actor_of(request))
    context = {"troubles": [s for s in signs if s.kind != "ok"], "fine": [s for s in signs if s.kind == "ok"]}
    return render(request, "console/overview.html", context)
