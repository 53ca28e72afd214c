"""Colleagues to choose from: who holds which post today, as officers know one another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.core.access.policy import house_of
from tinhso.core.access.queries.standing import held_on
from tinhso.core.orgs import queries as orgs
from tinhso.kit.text import fold

MOST = 300


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody in a post today."""

    person_id: UUID
    name: str
    post_id: UUID
    title: str
    unit_id: UUID
    unit_name: str

    @property
    def label(self) -> str:
        return f"{self.name}, {self.title}, {self.unit_name}"


def colleagues(units: Iterable[UUID], *, role: str = "") -> list[Colleague]:
    """Who holds a post at these units today (one carrying `role` when given), by name; at most `MOST`."""
    rows = _held().filter(post__unit_id__in=list(units))
    if role:
        rows = rows.filter(post__roles__role_id=role)
    return _read(rows)


def find_colleagues(actor: Actor, text: str = "", *, everywhere: bool = False) -> list[Colleague]:
    """The people of the actor's own agency whose name holds these words (marks optional); others when `everywhere`."""
    rows = _held()
    if not everywhere:
        if actor.unit_id is None:
            return []
        house = house_of(orgs.unit(actor.unit_id)).path
        rows = rows.filter(Q(post__unit__path=house) | Q(post__unit__path__startswith=house + "."))
    for word in fold(text).split():
        rows = rows.filter(person__folded_name__contains=word)
    return _read(rows)


def _held() -> QuerySet[Holding]:
    rows = Holding.objects.filter(held_on())
    return rows.filter(post__active=True, post__unit__active=True)


def _read(rows: QuerySet[Holding]) -> list[Colleague]:
    values = rows.order_by("person__folded_name", "valid_from", "id").values_list(
        "person_id", "person__full_name", "post_id", "post__title", "post__unit_id", "post__unit__name"
    )
    return [Colleague(*row) for row in values.distinct()[:MOST]]
