"""Units and posts as the administrator reads them: what holds, what held, who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.models import Holding, PostRole, Role
from tinhso.core.access.rules import holds_on
from tinhso.core.console.queries.overview import empty_posts
from tinhso.core.db.paging import Page, page, walk
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Succession, Unit, UnitPeriod, WorkCalendar
from tinhso.kit.errors import NotFound
from tinhso.kit.text import fold

SIZE = 50
FORMER_SHOWN = 100


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """What held for a unit from `first` to the day before `end` (None: still)."""

    first: date | None
    end: date | None
    code: str
    name: str
    parent: str
    ground: str


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post with the roles it carries and who holds it today."""

    post: Post
    roles: tuple[PostRole, ...]
    holders: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything a unit's page shows. `former` are the holdings that ended, latest first, or have not begun."""

    unit: Unit
    place: str
    calendar: WorkCalendar | None
    calendar_from: Unit | None
    periods: tuple[PeriodLine, ...]
    posts: tuple[PostLine, ...]
    former: tuple[Holding, ...]
    children: tuple[Unit, ...]
    links: tuple[Succession, ...]


def list_units(
    text: str = "", *, kind: str = "", closed: bool = False, cursor: str = "", size: int = SIZE
) -> Page[Unit]:
    """Units in the order of the tree, by words of their name or code (marks optional); pages by path."""
    words = fold(text).split()
    known = sorted(orgs.directory().units.values(), key=lambda unit: unit.path)
    rows = [u for u in known if _fits(u, words, kind, closed)]

    def fetch(backwards: bool, values: list[Any] | None, limit: int) -> list[Unit]:
        ordered = rows[::-1] if backwards else rows
        if values is not None:
            ordered = [u for u in ordered if (u.path < values[0] if backwards else u.path > values[0])]
        return ordered[:limit]

    return walk(fetch, by=["path"], cursor=cursor, size=size)


def _fits(unit: Unit, words: list[str], kind: str, closed: bool) -> bool:
    if unit.active == closed or (kind and unit.kind != kind):
        return False
    name = fold(f"{unit.name} {unit.short_name} {unit.code}")
    return all(word in name for word in words)


def unit_page(unit_id: UUID) -> UnitPage:
    """One unit. `UnknownUnit` when there is none."""
    unit, today = orgs.unit(unit_id), timezone.localdate()
    known = orgs.directory()
    holdings = list(
        Holding.objects.filter(post__unit_id=unit_id)
        .select_related("person", "post")
        .order_by("-valid_from", "id")
    )
    now: dict[UUID, list[Holding]] = {}
    for held in holdings:
        if holds_on(held.valid_from, held.valid_to, today):
            now.setdefault(held.post_id, []).append(held)
    rows = Post.objects.filter(unit_id=unit_id).prefetch_related(_roles()).order_by("-active", "code")
    posts = tuple(PostLine(post, tuple(post.roles.all()), tuple(now.get(post.id, ()))) for post in rows)
    current = {held.id for found in now.values() for held in found}
    code = orgs.calendar_code_for(unit.path)
    source = next(
        (known.by_path[p.path] for p in known.above(unit.path) if p.path in known.unit_calendars), None
    )
    return UnitPage(
        unit=unit,
        place=orgs.full_territory_name(unit.territory.code) if unit.territory else "",
        calendar=orgs.work_calendar(code) if code else None,
        calendar_from=source,
        periods=_periods(unit_id),
        posts=posts,
        former=tuple(h for h in holdings if h.id not in current)[:FORMER_SHOWN],
        children=tuple(sorted(known.children.get(unit_id, ()), key=lambda u: (not u.active, u.path))),
        links=tuple(_links(unit_id)),
    )


def _roles() -> Prefetch:
    return Prefetch("roles", PostRole.objects.select_related("role").order_by("role__name"))


def _periods(unit_id: UUID) -> tuple[PeriodLine, ...]:
    rows = UnitPeriod.objects.filter(unit_id=unit_id).select_related("parent").order_by("-valid")
    return tuple(
        PeriodLine(r.valid.lower, r.valid.upper, r.code, r.name, r.parent.name if r.parent else "", r.ground)
        for r in rows
    )


def _links(unit_id: UUID) -> list[Succession]:
    rows = Succession.objects.select_related("predecessor", "successor")
    return [*rows.filter(predecessor_id=unit_id), *rows.filter(successor_id=unit_id)]


@dataclass(frozen=True, slots=True)
class PostPage:
    """A post, its roles, everybody who holds, held or will hold it (latest first), and the roles it may still get."""

    post: Post
    unit: Unit
    roles: tuple[PostRole, ...]
    holdings: tuple[Holding, ...]
    today: date
    others: tuple[Role, ...]


def post_page(post_id: UUID) -> PostPage:
    """One post. `NotFound` when there is none."""
    post = Post.objects.filter(id=post_id).prefetch_related(_roles()).first()
    if post is None:
        raise NotFound("unknown_post", _("Không có vị trí công tác này."))
    carried = tuple(post.roles.all())
    rows = (
        Holding.objects.filter(post=post)
        .select_related("person")
        .order_by("-valid_from", "id")[:FORMER_SHOWN]
    )
    others = (
        Role.objects.exclude(code__in=[r.role_id for r in carried]).exclude(permissions=[]).order_by("name")
    )
    return PostPage(post, orgs.unit(post.unit_id), carried, tuple(rows), timezone.localdate(), tuple(others))


def holding(holding_id: UUID) -> Holding:
    """One holding with its person and post. `NotFound` when there is none."""
    found = Holding.objects.filter(id=holding_id).select_related("person", "post").first()
    if found is None:
        raise NotFound("unknown_holding", _("Không có phân công này."))
    return found


def list_empty_posts(cursor: str = "") -> Page[Post]:
    """The open posts nobody holds, in the order of the tree."""
    return page(
        empty_posts().select_related("unit"), by=["unit__path", "code", "id"], cursor=cursor, size=SIZE
    )


def role_choices() -> list[tuple[str, str]]:
    """Every role that carries a right, by name."""
    return list(Role.objects.exclude(permissions=[]).order_by("name").values_list("code", "name"))
