"""Pages of long work: how far it is, stopping it, going on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import signed_in
from tinhso.core.jobs import actions, queries


@signed_in
@never_cache
def show(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is; looks again by itself while it runs."""
    return render(request, "jobs/run.html", {"run": queries.run(run_id, actor=request.actor)})  # type: ignore[attr-defined]


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """The reader's own runs, latest first."""
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.my_runs(request.actor, cursor=cursor)  # type: ignore[attr-defined]
    return render(request, "jobs/list.html", {"page": page})


@signed_in
@require_POST
def cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run."""
    actions.cancel(run_id, actor=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("jobs:show", args=[run_id]))


@signed_in
@require_POST
def resume(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Go on with a stopped run."""
    actions.resume(run_id, actor=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("jobs:show", args=[run_id]))
