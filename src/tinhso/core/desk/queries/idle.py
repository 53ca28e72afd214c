"""Work that nobody does: units that stopped acting, roles nobody holds, people who left with work in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from tinhso.core.access.models import Holding, Role
from tinhso.core.access.queries import open_posts
from tinhso.core.desk.policy import units_of_grant
from tinhso.core.desk.slots import ACTIVITIES
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.kit.worktime import Calendar

WORKING_DAYS = 5
_OPEN = """
SELECT t.unit_id, t.role, t.person_id, coalesce(p.full_name, ''), count(*), min(t.opened_at), min(t.due_at)
FROM desk_task t LEFT JOIN people_person p ON p.id = t.person_id
WHERE t.closed_at IS NULL AND t.role <> '' {within}
GROUP BY t.unit_id, t.role, t.person_id, p.full_name
"""


@dataclass(frozen=True, slots=True)
class Idle:
    """One finding. `kind`: `unit` (no act for so many working days), `role` (nobody holds it) or `person` (left).

    `tasks` open ones, `since` the oldest's opening, `due` the earliest deadline.
    """

    kind: str
    unit: Unit
    tasks: int
    since: datetime
    due: datetime | None
    role: str = ""
    role_name: str = ""
    person_id: UUID | None = None
    person_name: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Open tasks of one role at one unit in one pair of hands (None: not taken)."""

    unit_id: UUID
    role: str
    person_id: UUID | None
    person_name: str
    tasks: int
    since: datetime
    due: datetime | None


def working_days() -> int:
    """After how many working days without an act a unit with open work is named (`DESK_IDLE_DAYS`)."""
    return int(getattr(settings, "DESK_IDLE_DAYS", WORKING_DAYS))


def idle(units: Iterable[UUID] | None = None, now: datetime | None = None) -> list[Idle]:
    """What stands still at these units (everywhere when None), worst first: no holder, left, quiet.

    One pass over the open tasks, one over today's holdings, one question per source of activity.
    """
    moment = now or timezone.now()
    groups = _groups(None if units is None else list(units))
    if not groups:
        return []
    known = orgs.directory().units
    groups = [g for g in groups if g.unit_id in known]
    reach = _reach()
    names = dict(Role.objects.values_list("code", "name"))
    found = _without_holder(groups, reach, names) + _of_those_who_left(groups, reach, names)
    found += _quiet(groups, moment)
    return found


def _groups(units: list[UUID] | None) -> list[_Group]:
    within = "" if units is None else "AND t.unit_id = ANY(%(units)s)"
    with connection.cursor() as db:
        db.execute(_OPEN.format(within=within), {"units": units})
        return [_Group(*row) for row in db.fetchall()]


def _reach() -> dict[tuple[UUID, str], set[UUID]]:
    """Who does the work of a role at a unit today: by (unit, role), the people."""
    today = timezone.localdate()
    rows = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today)
    posts = open_posts()
    places = {
        post_id: {(u, g.role) for g in p.grants for u in units_of_grant(g)} for post_id, p in posts.items()
    }
    found: dict[tuple[UUID, str], set[UUID]] = defaultdict(set)
    for person_id, post_id in rows.values_list("person_id", "post_id"):
        for place in places.get(post_id, ()):
            found[place].add(person_id)
    return found


def _without_holder(
    groups: list[_Group], reach: dict[tuple[UUID, str], set[UUID]], names: dict[str, str]
) -> list[Idle]:
    by_place: dict[tuple[UUID, str], list[_Group]] = defaultdict(list)
    for group in groups:
        if not reach.get((group.unit_id, group.role)):
            by_place[group.unit_id, group.role].append(group)
    return _sorted(
        _found("role", parts, role=role, role_name=names.get(role, role))
        for (_, role), parts in by_place.items()
    )


def _of_those_who_left(
    groups: list[_Group], reach: dict[tuple[UUID, str], set[UUID]], names: dict[str, str]
) -> list[Idle]:
    return _sorted(
        _found(
            "person",
            [g],
            role=g.role,
            role_name=names.get(g.role, g.role),
            person_id=g.person_id,
            person_name=g.person_name,
        )
        for g in groups
        if g.person_id is not None and g.person_id not in reach.get((g.unit_id, g.role), ())
    )


def _quiet(groups: list[_Group], now: datetime) -> list[Idle]:
    """Units whose work lies longer than the limit, where nobody did anything in that time."""
    by_unit: dict[UUID, list[_Group]] = defaultdict(list)
    for group in groups:
        by_unit[group.unit_id].append(group)
    known, limits = orgs.directory().units, {}
    for unit_id, parts in by_unit.items():
        since = working_days_ago(orgs.calendar_for(known[unit_id].path), now, working_days())
        if min(g.since for g in parts) < since:
            limits[unit_id] = since
    acted: set[UUID] = set()
    for activity in ACTIVITIES:
        acted |= activity.last_acts({u: since for u, since in limits.items() if u not in acted})
    return _sorted(_found("unit", by_unit[u]) for u in limits if u not in acted)


def working_days_ago(calendar: Calendar, now: datetime, days: int) -> datetime:
    """The opening of the day so many working days before today."""
    day: date = calendar.local(now).date()
    for _ in range(days):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    opening = calendar.opening(day)
    assert opening is not None  # noqa: S101  a working day opens
    return opening


def _found(kind: str, parts: list[_Group], **more: object) -> Idle:
    due = [g.due for g in parts if g.due is not None]
    return Idle(
        kind,
        orgs.directory().units[parts[0].unit_id],
        sum(g.tasks for g in parts),
        min(g.since for g in parts),
        min(due, default=None),
        **more,  # type: ignore[arg-type]
    )


def _sorted(found: Iterable[Idle]) -> list[Idle]:
    return sorted(found, key=lambda one: (one.since, one.unit.path, one.role))
