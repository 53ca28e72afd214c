"""Delegations as their giver, their holder and the heads of the unit see them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Delegation
from tinhso.core.access.policy import is_administrator, is_head, units_looked_after
from tinhso.core.db.paging import Page, page
from tinhso.kit.errors import NotFound


def _rows() -> QuerySet[Delegation]:
    return Delegation.objects.select_related(
        "giver", "delegate", "post__unit", "given_by", "revoked_by", "source"
    )


def _open(today: date) -> Q:
    """In force today or later, and not taken back."""
    return Q(revoked_at__isnull=True) & Q(valid__endswith__gt=today)


def delegation(delegation_id: UUID, *, actor: Actor) -> Delegation:
    """One delegation, for those it concerns and the heads and administrators of its unit; `NotFound` for others."""
    found = _rows().filter(id=delegation_id).first()
    if found is not None:
        path = found.post.unit.path
        concerned = actor.person_id in (found.giver_id, found.delegate_id, found.given_by_id)
        if actor.system or concerned or is_head(actor, path) or is_administrator(actor, path):
            return found
    raise NotFound("no_delegation", _("Không tìm thấy lần ủy quyền này."))


def delegation_of_file(file_id: UUID, *, actor: Actor) -> Delegation:
    """The delegation a file is the ground of; `NotFound` as for `delegation`."""
    found = Delegation.objects.filter(file_id=file_id).values_list("id", flat=True).first()
    if found is None:
        raise NotFound("no_delegation", _("Không tìm thấy lần ủy quyền này."))
    return delegation(found, actor=actor)


def given_by_me(actor: Actor) -> list[Delegation]:
    """What the actor handed on and still holds or will; those arranged for them by a head count too."""
    mine = Q(giver_id=actor.person_id, source=None) | Q(source__delegate_id=actor.person_id)
    return list(_rows().filter(mine, _open(timezone.localdate())).order_by("valid", "id"))


def held_by_me(actor: Actor) -> list[Delegation]:
    """What was handed to the actor, in force now or later."""
    return list(
        _rows().filter(_open(timezone.localdate()), delegate_id=actor.person_id).order_by("valid", "id")
    )


def past_of_mine(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Delegation]:
    """What the actor gave or held before, latest first."""
    rows = _rows().filter(Q(giver_id=actor.person_id) | Q(delegate_id=actor.person_id))
    return page(rows.exclude(_open(timezone.localdate())), by=["-given_at", "-id"], cursor=cursor, size=size)


def delegations_of_units(actor: Actor, *, cursor: str = "", size: int = 30) -> Page[Delegation]:
    """The delegations of posts of the units the actor is head or administrator of, latest first."""
    rows = _rows().filter(post__unit_id__in=units_looked_after(actor))
    return page(rows, by=["-given_at", "-id"], cursor=cursor, size=size)


def in_force(post_id: UUID, on: date | None = None) -> list[Delegation]:
    """Who stands in for whom in a post on a day (today unless given)."""
    day = on or timezone.localdate()
    rows = _rows().filter(post_id=post_id, revoked_at__isnull=True, valid__contains=day)
    return list(rows.order_by("valid", "id"))


def lent_since(ids: list[UUID]) -> dict[UUID, date]:
    """The first day of delegations by id."""
    rows = Delegation.objects.filter(id__in=ids) if ids else []
    return {row.id: row.first_day for row in rows}
