"""Pages of long work: how far it is, stopping it, going on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import signed_in
from tinhso.core.jobs import actions, queries
from tinhso.core.jobs.models import ItemState
from tinhso.core.jobs.slots import WORK_KINDS


@signed_in
@never_cache
def show(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is and what became of each thing; looks again by itself while it runs."""
    run = queries.run(run_id, actor=request.actor)  # type: ignore[attr-defined]
    state, cursor = request.GET.get("tt", ""), request.GET.get("after") or request.GET.get("before") or ""
    page = queries.items(run_id, state=state, cursor=cursor)
    counts = queries.counts(run_id) if page.rows or state else {}
    kind = WORK_KINDS.get(run.kind) if run.kind in WORK_KINDS else None
    link = kind.link if kind else None
    context = {
        "run": run,
        "page": page,
        "rows": [(item, link(item) if link else "") for item in page.rows],
        "tabs": _tabs(counts, state),
        "changed": counts.get(ItemState.CHANGED, 0),
        "refused": counts.get(ItemState.REFUSED, 0),
        "mine": run.person_id == request.actor.person_id,  # type: ignore[attr-defined]
    }
    return render(request, "jobs/run.html", context)


def _tabs(counts: dict[str, int], state: str) -> list[dict[str, object]]:
    if not counts:
        return []
    every = {"text": _("Tất cả"), "url": "?", "current": not state, "count": sum(counts.values())}
    return [
        every,
        *(
            {"text": _(s.label), "url": f"?tt={s}", "current": state == s, "count": counts.get(s, 0)}
            for s in ItemState
            if counts.get(s) or s == state
        ),
    ]


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


@signed_in
@require_POST
def retry(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Try again what could not be done."""
    actions.retry(run_id, actor=request.actor, changed=request.POST.get("da-doi") == "1")  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("jobs:show", args=[run_id]))
