"""Delegations: mine, those of the unit, giving one, passing one on, taking one back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.core.access import queries as access
from tinhso.core.access.actions import Terms
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Delegation
from tinhso.core.access.policy import is_administrator, units_looked_after
from tinhso.core.access.queries import HeldPost
from tinhso.core.access.route import staff
from tinhso.core.desk import actions, forms
from tinhso.core.desk.forms import Typed
from tinhso.core.desk.policy import power_words
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import NotFound, Refusal


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


@staff
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What I handed on, what was handed to me, what is over; for heads a link to those of the unit."""
    actor, cursor = _actor(request), request.GET.get("after") or request.GET.get("before") or ""
    context = {
        "given": power_words(access.given_by_me(actor)),
        "held": power_words(access.held_by_me(actor)),
        "past": power_words((page := access.past_of_mine(actor, cursor=cursor)).rows),
        "page": page,
        "posts": _own_posts(request),
        "head": bool(units_looked_after(actor)),
        "today": timezone.localdate(),
    }
    return render(request, "desk/powers.html", context)


@staff
@require_GET
def of_units(request: HttpRequest) -> HttpResponse:
    """The delegations of the posts I am head or administrator of."""
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = access.delegations_of_units(_actor(request), cursor=cursor)
    context = {"rows": power_words(page.rows), "page": page, "today": timezone.localdate()}
    return render(request, "desk/powers_of_units.html", context)


@staff
@require_GET
def show(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """One delegation with its ground; taking it back, and passing it on where that is allowed."""
    actor = _actor(request)
    row = access.delegation(delegation_id, actor=actor)
    open_ = row.revoked_at is None and row.last_day >= timezone.localdate()
    mine = row.delegate_id == actor.person_id
    context = {
        "power": power_words([row])[0],
        "row": row,
        "may_end": open_,
        "may_pass_on": open_ and mine and row.may_pass_on,
        "can_act": open_ and mine and row.first_day <= timezone.localdate(),
    }
    return render(request, "desk/power.html", context)


@staff
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, post_id: UUID, giver_id: UUID | None = None) -> HttpResponse:
    """Hand on what a post allows: one's own, or (heads, administrators) that of somebody who is away."""
    actor = _actor(request)
    giver = giver_id or cast(UUID, actor.person_id)
    post = _post_of(giver, post_id)
    typed, errors = Typed(request.POST), {}
    if request.method == "POST":
        try:
            row = actions.give_power(
                actor=actor,
                giver_id=giver,
                post_id=post_id,
                delegate_id=typed.one("delegate", _("Chọn người được ủy quyền.")),
                terms=_terms(typed),
                file=request.FILES.get("file"),  # type: ignore[arg-type]
            )
            messages.success(request, _("Đã ủy quyền. Hai bên đều được báo."))
            return redirect("desk:power", row.id)
        except Refusal as refusal:
            errors = {refusal.field or "delegate": refusal.message}
    everywhere = is_administrator(actor, post.unit_path)
    found = access.find_colleagues(actor, request.GET.get("tim", ""), everywhere=everywhere)
    context = _form(typed, errors, forms.people_options(found, giver), forms.permission_options(post))
    context |= {
        "post": post,
        "other": access.standing_of_person(giver).name if giver_id else "",
        "chain": True,
    }
    return render(request, "desk/give.html", context, status=422 if errors else 200)


@staff
@require_http_methods(["GET", "POST"])
def pass_on(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """Hand on what was handed to me."""
    actor = _actor(request)
    source = access.delegation(delegation_id, actor=actor)
    typed, errors = Typed(request.POST), {}
    if request.method == "POST":
        try:
            row = actions.pass_on_power(
                actor=actor,
                source_id=source.id,
                delegate_id=typed.one("delegate", _("Chọn người được ủy quyền.")),
                terms=_terms(typed),
            )
            messages.success(request, _("Đã ủy quyền. Hai bên đều được báo."))
            return redirect("desk:power", row.id)
        except Refusal as refusal:
            errors = {refusal.field or "delegate": refusal.message}
    people = forms.people_options(access.find_colleagues(actor), cast(UUID, actor.person_id))
    permissions = [o for o in _lent_options(source) if o.value not in ("cases.sign",)]
    context = _form(typed, errors, people, permissions)
    context |= {"post": _post_of(source.giver_id, source.post_id), "other": source.giver.full_name}
    return render(request, "desk/give.html", context, status=422 if errors else 200)


@staff
@require_POST
def revoke(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """End a delegation now."""
    access.delegation(delegation_id, actor=_actor(request))
    actions.take_back(
        actor=_actor(request), delegation_id=delegation_id, reason=request.POST.get("reason", "")
    )
    messages.success(request, _("Ủy quyền đã hết hiệu lực từ bây giờ."))
    return redirect("desk:power", delegation_id)


def _terms(typed: Typed) -> Terms:
    return Terms(
        typed.day("first_day"),
        typed.day("last_day"),
        typed.text("ground"),
        typed.several("permissions"),
        typed.text("form"),
        typed.text("text"),
        may_pass_on=typed.flag("may_pass_on"),
    )


def _form(
    typed: Typed, errors: dict[str, str], people: list[forms.Option], permissions: list[forms.Option]
) -> dict[str, Any]:
    boxes = forms.power_boxes(typed, errors, people, permissions, vi_date(timezone.localdate()))
    return {"boxes": boxes, "errors": errors, "chain_on": typed.flag("may_pass_on")}


def _own_posts(request: HttpRequest) -> list[HeldPost]:
    return [p for p in request.posts if p.lent is None]  # type: ignore[attr-defined]


def _post_of(person_id: UUID, post_id: UUID) -> HeldPost:
    found = next((p for p in access.standing_of_person(person_id).posts if p.id == post_id), None)
    if found is None:
        raise NotFound("unknown_post", _("Người này không giữ vị trí công tác đó."))
    return found


def _lent_options(source: Delegation) -> list[forms.Option]:
    held = forms.permission_options(_post_of(source.giver_id, source.post_id))
    return [o for o in held if not source.permissions or o.value in source.permissions]
