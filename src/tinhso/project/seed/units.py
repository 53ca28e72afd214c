"""Territories, units, posts and calendars of the demonstration province, from the catalogue's reference files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tinhso.core.access.models import PostRole
from tinhso.core.access.roles import load_roles
from tinhso.core.orgs.actions.calendars import holiday_rows
from tinhso.core.orgs.models import (
    CalendarDay,
    Post,
    Territory,
    Unit,
    UnitCalendar,
    UnitPeriod,
    WorkCalendar,
)
from tinhso.core.orgs.references import reference
from tinhso.core.orgs.rules import path_of
from tinhso.project.seed.plan import TERRITORIES, PlannedUnit


def seed_roles() -> int:
    """Bring roles in line with the file."""
    with transaction.atomic():
        return load_roles()


def seed_territories() -> int:
    """The province, its districts and communes; those there already stay as they are. Returns how many are new."""
    places = reference(TERRITORIES, "territories").data
    first = date.fromisoformat(places["valid"][0])
    known = {t.code: t for t in Territory.objects.all()}
    made = 0

    def ensure(row: dict[str, Any], level: str, parent: Territory | None) -> Territory:
        nonlocal made
        if row["code"] not in known:
            known[row["code"]] = Territory(
                code=row["code"], name=row["name"], level=level, parent=parent, valid_from=first
            )
            fresh.append(known[row["code"]])
            made += 1
        return known[row["code"]]

    fresh: list[Territory] = []
    province = ensure(places["province"], "province", None)
    for district_row in places["districts"]:
        district = ensure(district_row, "district", province)
        for row in district_row["communes"]:
            ensure(row, "commune", district)
    with transaction.atomic():
        Territory.objects.bulk_create(fresh)
    return made


def seed_calendars() -> int:
    """Working calendars with holidays and make-up days; one that exists is left to its administrators."""
    data = reference("calendars").data
    known = set(WorkCalendar.objects.values_list("code", flat=True))
    fresh = [
        WorkCalendar(code=row["id"], name=row["name"], weekly=row["weekly"])
        for row in data["calendars"]
        if row["id"] not in known
    ]
    with transaction.atomic():
        WorkCalendar.objects.bulk_create(fresh)
        for calendar in fresh:
            days = {
                d.day: d
                for d in holiday_rows(
                    calendar, data["public_holidays"]["years"], data["public_holidays"]["source"]
                )
            }
            days |= {d.day: d for d in _own_days(calendar, data.get("days", []))}
            CalendarDay.objects.bulk_create(days.values())
    return len(fresh)


def seed_units(plan: list[PlannedUnit]) -> int:
    """Units with their first period, posts, roles and calendars; units there already stay as they are."""
    first = date.fromisoformat(reference(TERRITORIES, "territories").data["valid"][0])
    known = {u.code: u for u in Unit.objects.all()}
    territories = {t.code: t for t in Territory.objects.all()}
    fresh: list[Unit] = []
    for row in plan:
        if row.code in known:
            continue
        parent = known.get(row.parent)
        known[row.code] = Unit(
            code=row.code,
            name=row.name,
            short_name=row.short_name,
            kind=row.kind,
            agency=row.agency,
            parent=parent,
            path=path_of(row.code, row.parent, parent.path if parent else ""),
            territory=territories[row.territory],
            address=row.address,
        )
        fresh.append(known[row.code])
    with transaction.atomic():
        Unit.objects.bulk_create(fresh)
        UnitPeriod.objects.bulk_create(_period(u, first) for u in fresh)
        fresh_codes = {u.code for u in fresh}
        _seed_posts([row for row in plan if row.code in fresh_codes], known)
        calendars = {c.code: c for c in WorkCalendar.objects.all()}
        own = {row.code: row.calendar for row in plan if row.calendar}
        UnitCalendar.objects.bulk_create(
            UnitCalendar(unit=u, calendar=calendars[own[u.code]]) for u in fresh if u.code in own
        )
    return len(fresh)


def _period(unit: Unit, first: date | None) -> UnitPeriod:
    valid = DateRange(first, None)
    held = {"code": unit.code, "name": unit.name, "parent": unit.parent, "territory": unit.territory}
    return UnitPeriod(unit=unit, valid=valid, **held)


def _seed_posts(plan: list[PlannedUnit], units: dict[str, Unit]) -> None:
    posts: list[Post] = []
    roles: list[PostRole] = []
    for row in plan:
        for planned in row.posts:
            post = Post(unit=units[row.code], code=planned.code, title=planned.title)
            posts.append(post)
            roles += [PostRole(post=post, role_id=role) for role in planned.roles]
            roles += [PostRole(post=post, role_id=role, below=True) for role in planned.roles_below]
    Post.objects.bulk_create(posts)
    PostRole.objects.bulk_create(roles)


def _own_days(calendar: WorkCalendar, rows: list[dict[str, Any]]) -> Iterator[CalendarDay]:
    ordinary: list[list[str]] = next((sessions for sessions in calendar.weekly if sessions), [])
    for row in rows:
        if calendar.code in row.get("calendars", [calendar.code]):
            sessions = [] if row["closed"] else row.get("sessions", ordinary)
            yield CalendarDay(
                calendar=calendar,
                day=date.fromisoformat(row["day"]),
                sessions=sessions,
                reason=row["reason"],
                source=row["source"],
            )
