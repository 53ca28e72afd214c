"""Work that others hold: found by name, given to somebody else or put back; and work that nobody does."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access.actor import Actor
from tinhso.core.access.policy import HEADS, units_within
from tinhso.core.access.queries import away_on
from tinhso.core.access.route import needs
from tinhso.core.desk import actions, queries
from tinhso.core.desk.policy import posts_looked_after
from tinhso.core.desk.views.inbox import lines_of
from tinhso.core.people import queries as people
from tinhso.kit.errors import Refusal


@needs(HEADS)
@require_GET
def loads(request: HttpRequest) -> HttpResponse:
    """Who holds how much, those away first; `?tim=` part of a name."""
    text = request.GET.get("tim", "").strip()[:100]
    found = queries.loads(_actor(request), text)
    return render(request, "desk/handover.html", {"loads": found, "text": text, "now": timezone.now()})


@needs(HEADS)
@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """What somebody holds; some or all of it given to another or put back, with a reason."""
    actor, error = _actor(request), None
    if request.method == "POST":
        try:
            return _hand_on(request, actor)
        except Refusal as refusal:
            error = refusal
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.held_by(actor, person_id, cursor=cursor)
    now = timezone.now()
    to = [(i, name) for i, name in queries.place_of(page.rows) if i != str(person_id)]
    away = away_on([person_id, *(UUID(i) for i, _name in to)])
    context = {
        "person": people.person(person_id) if page.rows or cursor else None,
        "page": page,
        "lines": lines_of(page.rows, actor.person_id, now),
        "now": now,
        "to": [(i, name, away.get(UUID(i))) for i, name in to],
        "away": away.get(person_id),
        "posts": posts_looked_after(actor, person_id),
        "error": error,
        "typed": request.POST,
        "chosen": request.POST.getlist("task"),
    }
    return render(request, "desk/handover_tasks.html", context, status=error.status if error else 200)


@needs(HEADS)
@require_GET
def idle(request: HttpRequest) -> HttpResponse:
    """Units, roles and people of mine whose work nobody does."""
    actor = _actor(request)
    found = queries.idle([u.id for u in units_within(actor.paths(HEADS))])
    return render(request, "desk/idle.html", {"rows": found, "days": queries.working_days()})


def _hand_on(request: HttpRequest, actor: Actor) -> HttpResponse:
    to = request.POST.get("to", "")
    if not to:
        raise Refusal("nobody", _("Chọn người nhận, hoặc đưa về hàng chung."), 422, field="to")
    chosen = [UUID(value) for value in request.POST.getlist("task")]
    reason = request.POST.get("reason", "")
    run = actions.hand_on(actor=actor, tasks=chosen, to="" if to == "pool" else to, reason=reason)
    if run is not None:
        return redirect("jobs:show", run.id)
    messages.success(request, _("Đã chuyển việc."))
    return redirect("desk:handover")


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]
