"""All units, territories and calendars of the province, kept in the process.

A province has a few thousand of them, they change a few times a year, and every case asks for them
many times. They are read once and kept until `Revision` changes, which is looked at again at most
every `ORGS_CACHE_SECONDS` seconds (2 unless the settings say otherwise; 0 looks every time).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from tinhso.core.orgs.models import (
    CalendarDay,
    CalendarWeek,
    LevelEnd,
    Revision,
    Succession,
    Territory,
    TerritoryPeriod,
    TerritorySuccession,
    Unit,
    UnitCalendar,
    UnitKind,
    UnitPeriod,
    WorkCalendar,
)
from tinhso.core.orgs.rules import Assignments, Period, PlacePeriod, ancestors, working_calendar
from tinhso.kit.text import fold
from tinhso.kit.worktime import Calendar

REVISION_ID = 1


@dataclass(frozen=True)
class Directory:
    """One consistent picture. The rows in it are shared by all requests: read them, never change them."""

    token: UUID | None
    units: dict[UUID, Unit]
    by_code: dict[str, Unit]
    by_path: dict[str, Unit]
    children: dict[UUID | None, list[Unit]]
    of_territory: dict[UUID, list[Unit]]
    periods: dict[UUID, list[Period]]
    old_codes: dict[str, list[Period]]
    successors: dict[UUID, list[tuple[date, UUID]]]
    territories: dict[str, Territory]
    folded_territories: dict[str, str]
    territories_by_id: dict[UUID, Territory]
    place_periods: dict[UUID, list[PlacePeriod]]
    went_into: dict[UUID, list[tuple[date, UUID, bool]]]
    level_ends: dict[str, tuple[date, str]]
    calendars: dict[str, Calendar]
    unit_calendars: dict[str, Assignments]
    full_names: dict[str, str] = field(default_factory=dict)
    kept_calendars: dict[str, Calendar] = field(default_factory=dict)

    def period_on(self, unit_id: UUID, on: date) -> Period | None:
        return next((p for p in self.periods.get(unit_id, ()) if p.holds_on(on)), None)

    def place_on(self, territory_id: UUID, on: date) -> PlacePeriod | None:
        """What held for a territory on a day; a territory whose dates nobody noted is as it is today."""
        rows = self.place_periods.get(territory_id)
        if rows:
            return next((p for p in rows if p.holds_on(on)), None)
        row = self.territories_by_id[territory_id]
        period = PlacePeriod(row.valid_from, row.valid_to, row.name, row.level, row.parent_id)
        return period if period.holds_on(on) else None

    @cached_property
    def continues(self) -> dict[UUID, list[UUID]]:
        """The units that each unit continues directly."""
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for old, rows in self.successors.items():
            for _on, new in rows:
                found[new].append(old)
        return dict(found)

    def periods_parent(self, unit_id: UUID, on: date) -> UUID | None:
        """The unit above on a day; outside the unit's own dates the one it stands under now."""
        period = self.period_on(unit_id, on)
        return period.parent_id if period else self.units[unit_id].parent_id

    @cached_property
    def of_agency(self) -> dict[str, list[Unit]]:
        """The units of each agency, in the order of the tree."""
        found: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units.values():
            found[unit.agency].append(unit)
        return dict(found)

    @cached_property
    def centres(self) -> list[Unit]:
        """The one-stop centres, past ones too, in the order of the tree."""
        return [u for u in self.units.values() if u.kind == UnitKind.CENTRE]

    @cached_property
    def days_of_change(self) -> list[date]:
        """Every date on which a unit or territory begins, ends or changes, in order."""
        days = {day for rows in self.periods.values() for p in rows for day in (p.first, p.end)}
        days |= {on for rows in self.successors.values() for on, _ in rows}
        days |= {day for t in self.territories.values() for day in (t.valid_from, t.valid_to)}
        days |= {day for rows in self.place_periods.values() for p in rows for day in (p.first, p.end)}
        days |= {on for on, _ in self.level_ends.values()}
        return sorted(day for day in days if day is not None)

    def above(self, path: str) -> Iterator[Unit]:
        """The unit with `path` and those above it, nearest first."""
        return (self.by_path[p] for p in ancestors(path) if p in self.by_path)


class _Kept:
    """The picture this process keeps, and when it last compared its token with the database (monotonic seconds)."""

    picture: Directory | None = None
    looked_at = 0.0


def directory() -> Directory:
    """The picture in force; reads the database only when something changed."""
    wait = getattr(settings, "ORGS_CACHE_SECONDS", 2)
    now, kept = time.monotonic(), _Kept.picture
    if kept is not None and wait and now - _Kept.looked_at < wait:
        return kept
    token = _token()
    if kept is None or token is None or kept.token != token:
        kept = _Kept.picture = _read()
    _Kept.looked_at = now
    return kept


def forget() -> None:
    """Look at the database again at the next question; called by what changes units, in its own process."""
    _Kept.looked_at = 0.0


def _token() -> UUID | None:
    return Revision.objects.filter(id=REVISION_ID).values_list("token", flat=True).first()


def _read() -> Directory:
    with transaction.atomic():
        token = _token()
        territories = {t.id: t for t in Territory.objects.order_by("code")}
        units = {u.id: u for u in Unit.objects.order_by("path")}
        periods, old_codes = _periods()
        successors: dict[UUID, list[tuple[date, UUID]]] = defaultdict(list)
        for old, new, on in Succession.objects.order_by("on").values_list(
            "predecessor_id", "successor_id", "on"
        ):
            successors[old].append((on, new))
        calendars, unit_calendars = _calendars()
        place_periods, went_into = _places()
        level_ends = {
            level: (on, by) for level, on, by in LevelEnd.objects.values_list("level", "on", "done_by")
        }
    children, of_territory = _hung_up(units, territories, periods)
    return Directory(
        token=token,
        units=units,
        by_code={u.code: u for u in units.values()},
        by_path={u.path: u for u in units.values()},
        children=dict(children),
        of_territory=dict(of_territory),
        periods=periods,
        old_codes=old_codes,
        successors=dict(successors),
        territories={t.code: t for t in territories.values()},
        folded_territories={t.code: fold(t.name) for t in territories.values()},
        territories_by_id=territories,
        place_periods=place_periods,
        went_into=went_into,
        level_ends=level_ends,
        calendars=calendars,
        unit_calendars=unit_calendars,
    )


def _hung_up(
    units: dict[UUID, Unit], territories: dict[UUID, Territory], periods: Mapping[UUID, list[Period]]
) -> tuple[dict[UUID | None, list[Unit]], dict[UUID, list[Unit]]]:
    """Every row gets the ones above it at hand; the units by the unit above and by the territories they ever served."""
    children: dict[UUID | None, list[Unit]] = defaultdict(list)
    of_territory: dict[UUID, list[Unit]] = defaultdict(list)
    for territory in territories.values():
        territory.parent = territories.get(territory.parent_id) if territory.parent_id else None
    for unit in units.values():
        unit.parent = units.get(unit.parent_id) if unit.parent_id else None
        unit.territory = territories.get(unit.territory_id) if unit.territory_id else None
        children[unit.parent_id].append(unit)
        for place in {unit.territory_id, *(p.territory_id for p in periods.get(unit.id, ()))}:
            if place is not None:
                of_territory[place].append(unit)
    return children, of_territory


def _periods() -> tuple[dict[UUID, list[Period]], dict[str, list[Period]]]:
    by_unit: dict[UUID, list[Period]] = defaultdict(list)
    by_code: dict[str, list[Period]] = defaultdict(list)
    rows = UnitPeriod.objects.filter(valid__isempty=False).order_by("valid")
    for unit_id, valid, code, name, parent_id, territory_id in rows.values_list(
        "unit_id", "valid", "code", "name", "parent_id", "territory_id"
    ):
        period = Period(unit_id, valid.lower, valid.upper, code, name, parent_id, territory_id)
        by_unit[unit_id].append(period)
        by_code[code].append(period)
    return dict(by_unit), dict(by_code)


def _places() -> tuple[dict[UUID, list[PlacePeriod]], dict[UUID, list[tuple[date, UUID, bool]]]]:
    periods: dict[UUID, list[PlacePeriod]] = defaultdict(list)
    rows = TerritoryPeriod.objects.filter(valid__isempty=False).order_by("valid")
    for place_id, valid, name, level, parent_id in rows.values_list(
        "territory_id", "valid", "name", "level", "parent_id"
    ):
        periods[place_id].append(PlacePeriod(valid.lower, valid.upper, name, level, parent_id))
    went: dict[UUID, list[tuple[date, UUID, bool]]] = defaultdict(list)
    for old, new, on, whole in TerritorySuccession.objects.order_by("on", "new__code").values_list(
        "old_id", "new_id", "on", "whole"
    ):
        went[old].append((on, new, whole))
    return dict(periods), dict(went)


def _calendars() -> tuple[dict[str, Calendar], dict[str, Assignments]]:
    days: dict[UUID, list[tuple[date, object, str]]] = defaultdict(list)
    for calendar_id, *rest in CalendarDay.objects.values_list("calendar_id", "day", "sessions", "reason"):
        days[calendar_id].append(tuple(rest))
    weeks: dict[UUID, list[tuple[date, Any]]] = defaultdict(list)
    for calendar_id, *change in CalendarWeek.objects.order_by("first").values_list(
        "calendar_id", "first", "weekly"
    ):
        weeks[calendar_id].append((change[0], change[1]))
    calendars = {
        c.code: working_calendar(c.code, c.weekly, days[c.id], weeks[c.id])
        for c in WorkCalendar.objects.all()
    }
    own: dict[str, list[tuple[date | None, str | None]]] = defaultdict(list)
    rows = UnitCalendar.objects.order_by(F("first").asc(nulls_first=True))
    for path, first, code in rows.values_list("unit__path", "first", "calendar__code"):
        own[path].append((first, code))
    return calendars, dict(own)
