"""Territories, units, posts and calendars of the demonstration province, from the catalogue's reference files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from tinhso.core.access.models import PostRole
from tinhso.core.access.roles import load_roles, role_ids
from tinhso.core.orgs.actions.calendars import holiday_rows
from tinhso.core.orgs.models import (
    CalendarDay,
    Post,
    Territory,
    Unit,
    UnitCalendar,
    UnitKind,
    UnitPeriod,
    WorkCalendar,
)
from tinhso.core.orgs.references import agencies, reference
from tinhso.core.orgs.rules import path_of
from tinhso.kit.yamlfile import Document, Fault, FaultsError

TERRITORIES = "units-hau-giang-2022"


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post as the reference file describes it. `same_as`: who holds that post of the unit above holds this too."""

    code: str
    title: str
    roles: tuple[str, ...]
    roles_below: tuple[str, ...]
    count: int
    same_as: str


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit to be, with the code of the one above it; parents come before children."""

    code: str
    name: str
    short_name: str
    kind: str
    agency: str
    parent: str
    territory: str
    address: str
    calendar: str
    posts: tuple[PlannedPost, ...] = field(default=())


def lowered(name: str) -> str:
    """ "Phường I" inside a name: "Ủy ban nhân dân phường I"."""
    return name[:1].lower() + name[1:]


def planned_units() -> list[PlannedUnit]:
    """Every unit of the province, parents first. `FaultsError` when a file names an unknown role, agency or calendar."""
    structure, places = reference("units"), reference(TERRITORIES, "territories").data
    _check(structure)
    pattern, province = structure.data, places["province"]
    root = places["agency_id"]
    found = list(
        _unit_and_parts(
            pattern["province"], root, "", province, UnitKind.PROVINCE, "standard", {}, province.get("address", "")
        )
    )
    for district in places["districts"]:
        found += _unit_and_parts(
            pattern["district"], district["agency_id"], root, district, UnitKind.DISTRICT, "", places["calendars"]
        )
        for commune in district["communes"]:
            found += _unit_and_parts(
                pattern["commune"], commune["agency_id"], district["agency_id"], commune, UnitKind.COMMUNE, "",
                places["calendars"],
            )
    return found


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
            known[row["code"]] = Territory(code=row["code"], name=row["name"], level=level, parent=parent, valid_from=first)
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
            days = {d.day: d for d in holiday_rows(calendar, data["public_holidays"]["years"], data["public_holidays"]["source"])}
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
            code=row.code, name=row.name, short_name=row.short_name, kind=row.kind, agency=row.agency, parent=parent,
            path=path_of(row.code, row.parent, parent.path if parent else ""), territory=territories[row.territory],
            address=row.address,
        )
        fresh.append(known[row.code])
    with transaction.atomic():
        Unit.objects.bulk_create(fresh)
        UnitPeriod.objects.bulk_create(
            UnitPeriod(unit=u, valid=DateRange(first, None), code=u.code, name=u.name, parent=u.parent) for u in fresh
        )
        _seed_posts([row for row in plan if known[row.code] in fresh], known)
        calendars = {c.code: c for c in WorkCalendar.objects.all()}
        own = {row.code: row.calendar for row in plan if row.calendar}
        UnitCalendar.objects.bulk_create(
            UnitCalendar(unit=u, calendar=calendars[own[u.code]]) for u in fresh if u.code in own
        )
    return len(fresh)


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
    ordinary = next((sessions for sessions in calendar.weekly if sessions), [])
    for row in rows:
        if calendar.code in row.get("calendars", [calendar.code]):
            sessions = [] if row["closed"] else row.get("sessions", ordinary)
            yield CalendarDay(
                calendar=calendar, day=date.fromisoformat(row["day"]), sessions=sessions, reason=row["reason"],
                source=row["source"],
            )


def _unit_and_parts(
    pattern: dict[str, Any], code: str, parent: str, place: dict[str, Any], kind: str, calendar: str,
    own_calendars: dict[str, str], address: str = "",
) -> Iterator[PlannedUnit]:
    here = lowered(place["name"])
    address = address or f"Trụ sở UBND {here}"
    yield PlannedUnit(
        code, f"Ủy ban nhân dân {here}", f"UBND {here}", kind, "people_committee", parent, place["code"], address,
        calendar, _posts(pattern["posts"]),
    )
    suffix = "" if kind == UnitKind.PROVINCE else f" {here}"
    for part in pattern["units"]:
        yield from _part(part, code, place["code"], suffix, address, own_calendars)


def _part(
    row: dict[str, Any], parent: str, territory: str, suffix: str, address: str, own_calendars: dict[str, str]
) -> Iterator[PlannedUnit]:
    code = f"{parent}.{row['code']}"
    calendar = row.get("calendar", "")
    if row["kind"] == UnitKind.CENTRE:
        calendar = own_calendars.get(territory, calendar)
    short = row.get("short_name", "")
    yield PlannedUnit(
        code, row["name"] + suffix, short + suffix if short else "", row["kind"], row["agency"], parent, territory,
        address, calendar, _posts(row.get("posts", [])),
    )
    for part in row.get("units", []):
        yield from _part(part, code, territory, suffix, address, own_calendars)


def _posts(rows: list[dict[str, Any]]) -> tuple[PlannedPost, ...]:
    return tuple(
        PlannedPost(
            r["code"], r["title"], tuple(r["roles"]), tuple(r.get("roles_below", ())), r.get("count", 1), r.get("same_as", "")
        )
        for r in rows
    )


def _check(structure: Document) -> None:
    known_roles, known_agencies = role_ids(), agencies()
    faults: list[Fault] = []

    def walk(row: dict[str, Any], where: tuple[str | int, ...]) -> None:
        if row.get("agency", "people_committee") not in known_agencies:
            faults.append(structure.fault((*where, "agency"), f"Không có lĩnh vực “{row['agency']}”."))
        for n, post in enumerate(row.get("posts", [])):
            faults.extend(
                structure.fault((*where, "posts", n), f"Không có vai trò “{role}”.")
                for role in (*post["roles"], *post.get("roles_below", []))
                if role not in known_roles
            )
        for n, part in enumerate(row.get("units", [])):
            walk(part, (*where, "units", n))

    for level in ("province", "district", "commune"):
        walk(structure.data[level], (level,))
    if faults:
        raise FaultsError(faults)
