"""Absences: mine and those of the people I look after; recording one, and coming back."""

from __future__ import annotations

from datetime import date
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access import actions as access_actions
from tinhso.core.access import queries as access
from tinhso.core.access.actor import Actor
from tinhso.core.access.policy import units_looked_after
from tinhso.core.access.route import staff
from tinhso.core.desk import actions, forms
from tinhso.core.desk.forms import Typed
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import Refusal


@staff
@require_http_methods(["GET", "POST"])
def absences(request: HttpRequest) -> HttpResponse:
    """Who is away; recording it for myself or, as a head, for others."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    typed, errors = Typed(request.POST), {}
    if request.method == "POST":
        try:
            _record(actor, typed)
            messages.success(request, _("Đã ghi vắng mặt."))
            return redirect("desk:absences")
        except Refusal as refusal:
            errors = {refusal.field or "first_day": refusal.message}
    below = access.colleagues(units_looked_after(actor))
    me = str(actor.person_id)
    who = [forms.Option(me, _("Tôi")), *forms.people_options(below, actor.person_id)] if below else []
    people = forms.people_options(access.find_colleagues(actor))
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = access.my_absences(actor, cursor=cursor)
    context = {
        "boxes": forms.absence_boxes(typed, errors, who, people, vi_date(timezone.localdate()), me),
        "errors": errors,
        "page": page,
        "others": access.absences_of_units(actor) if below else [],
        "today": timezone.localdate(),
    }
    return render(request, "desk/absences.html", context, status=422 if errors else 200)


@staff
@require_POST
def back(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Somebody is back, or does not go."""
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    access.absence(absence_id, actor=actor)
    access_actions.end_absence(actor=actor, absence_id=absence_id)
    messages.success(request, _("Đã ghi là có mặt trở lại."))
    return redirect("desk:absences")


def _record(actor: Actor, typed: Typed) -> None:
    first: date = typed.day("first_day")
    actions.note_absence(
        actor=actor,
        person_id=typed.maybe("person") or cast(UUID, actor.person_id),
        first_day=first,
        last_day=typed.day("last_day"),
        kind=typed.text("kind"),
        note=typed.text("note"),
        substitute_id=typed.maybe("substitute"),
        ground=typed.text("ground"),
    )
