"""Who starts, moves and leaves at the units somebody keeps, from which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.core.access.policy import unit_scope
from tinhso.core.access.queries import held_on
from tinhso.core.db.paging import Page, page
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.kit.errors import NotFound
from tinhso.kit.text import fold

#: How far back the page looks, and how close two dates make a move.
SINCE = timedelta(days=60)
NEAR = timedelta(days=31)
POSTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Mover:
    """A holding with what else the person begins or ends about then; `elsewhere` when that lies outside the reader's units."""

    held: Holding
    other: Holding | None = None
    elsewhere: bool = False


def _scoped(actor: Actor) -> QuerySet[Holding]:
    rows = Holding.objects.select_related("person", "post__unit")
    return rows.filter(unit_scope(actor, EDIT_UNITS, field="post__unit__path", unit_field="post__unit"))


def starting(actor: Actor, *, cursor: str = "") -> Page[Mover]:
    """Who began lately or will begin, latest day first."""
    rows = _scoped(actor).filter(valid_from__gte=timezone.localdate() - SINCE)
    found = page(rows, by=["-valid_from", "-id"], cursor=cursor, size=50)
    return Page(_with_others(actor, found.rows, started=True), found.next, found.previous)


def leaving(actor: Actor, *, cursor: str = "") -> Page[Mover]:
    """Who left lately or will leave, latest day first."""
    rows = _scoped(actor).filter(valid_to__gte=timezone.localdate() - SINCE)
    found = page(rows, by=["-valid_to", "-id"], cursor=cursor, size=50)
    return Page(_with_others(actor, found.rows, started=False), found.next, found.previous)


def here(actor: Actor, text: str = "", *, cursor: str = "") -> Page[Mover]:
    """Who holds a post now, by name, marks optional."""
    rows = _scoped(actor).filter(held_on())
    for word in fold(text).split():
        rows = rows.filter(person__folded_name__contains=word)
    found = page(rows, by=["person__folded_name", "id"], cursor=cursor, size=50)
    return Page([Mover(h) for h in found.rows], found.next, found.previous)


def _with_others(actor: Actor, rows: list[Holding], *, started: bool) -> list[Mover]:
    """Beside each holding the one that makes it a move: ended about when this began, or the other way round."""
    others: dict[UUID, list[Holding]] = {}
    ids = {h.person_id for h in rows}
    for other in Holding.objects.filter(person_id__in=ids).select_related("post__unit").order_by("id"):
        others.setdefault(other.person_id, []).append(other)
    return [_mover(actor, held, others[held.person_id], started=started) for held in rows]


def _mover(actor: Actor, held: Holding, others: list[Holding], *, started: bool) -> Mover:
    day = held.valid_from if started else held.valid_to
    for other in others:
        near = other.valid_to if started else other.valid_from
        if other.id != held.id and day and near and abs(near - day) <= NEAR:
            seen = actor.may(EDIT_UNITS, other.post.unit.path)
            return Mover(held, other if seen else None, not seen)
    return Mover(held)


def holding(holding_id: UUID, *, actor: Actor) -> Holding:
    """One holding of the reader's units; `NotFound` for others, as for none."""
    found = _scoped(actor).filter(id=holding_id).first()
    if found is None:
        raise NotFound("unknown_holding", _("Không có phân công này trong phạm vi của bạn."))
    return found


def posts(actor: Actor, text: str) -> list[Post]:
    """Open posts of the reader's units whose title or unit holds the words; a few."""
    rows = Post.objects.filter(active=True, unit__active=True).select_related("unit")
    rows = rows.filter(unit_scope(actor, EDIT_UNITS))
    words = fold(text).split()
    found = [
        p
        for p in rows.order_by("unit__path", "title")
        if all(w in fold(f"{p.title} {p.unit.name}") for w in words)
    ]
    return found[:POSTS_SHOWN] if words else []
