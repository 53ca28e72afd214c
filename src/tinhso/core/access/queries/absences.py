"""Who is away, until when, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence, Holding
from tinhso.core.access.policy import looks_after, units_looked_after
from tinhso.core.access.queries.standing import standing_of_person
from tinhso.core.db.paging import Page, page
from tinhso.kit.errors import NotFound


def _rows() -> QuerySet[Absence]:
    return Absence.objects.select_related("person", "substitute", "recorded_by")


def away_on(people: Iterable[UUID], on: date | None = None) -> dict[UUID, Absence]:
    """The absences of these people on a day (today unless given), by person; one query."""
    wanted = set(people)
    if not wanted:
        return {}
    day = on or timezone.localdate()
    rows = _rows().filter(person_id__in=wanted, cancelled_at__isnull=True, valid__contains=day)
    return {row.person_id: row for row in rows}


def stood_in_for(actor: Actor, on: date | None = None) -> list[Absence]:
    """The absences of a day in which the actor is the substitute."""
    if actor.person_id is None:
        return []
    day = on or timezone.localdate()
    rows = _rows().filter(substitute_id=actor.person_id, cancelled_at__isnull=True, valid__contains=day)
    return list(rows.order_by("valid", "id"))


def absence(absence_id: UUID, *, actor: Actor) -> Absence:
    """One absence, for the person, the substitute and those who look after the person; `NotFound` for others."""
    found = _rows().filter(id=absence_id).first()
    if found is not None:
        paths = [p.unit_path for p in standing_of_person(found.person_id).posts]
        if (
            actor.system
            or actor.person_id in (found.person_id, found.substitute_id)
            or looks_after(actor, paths)
        ):
            return found
    raise NotFound("no_absence", _("Không có lần vắng mặt này."))


def my_absences(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Absence]:
    """The actor's own absences, latest first."""
    if actor.person_id is None:
        return Page([])
    rows = _rows().filter(person_id=actor.person_id, cancelled_at__isnull=True)
    return page(rows, by=["-recorded_at", "-id"], cursor=cursor, size=size)


def absences_of_units(actor: Actor, *, size: int = 100) -> list[Absence]:
    """Who of the people the actor looks after is away today or later, soonest first; at most `size`."""
    today = timezone.localdate()
    held = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        valid_from__lte=today,
        post__unit_id__in=units_looked_after(actor),
    )
    rows = _rows().filter(
        cancelled_at__isnull=True, valid__endswith__gt=today, person_id__in=held.values("person_id")
    )
    return list(rows.order_by("valid", "id")[:size])
