"""Which hours a unit keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from tinhso.core.orgs.errors import NoCalendar
from tinhso.core.orgs.models import CalendarDay, CalendarWeek, Unit, WorkCalendar
from tinhso.core.orgs.queries.directory import directory
from tinhso.core.orgs.rules import Assignments, calendars_of, joined_calendar
from tinhso.kit.worktime import Calendar


def calendar_for(unit_path: str) -> Calendar:
    """The working calendar of a unit: its own, else that of the nearest unit above; those that follow one another
    by date as one. `NoCalendar` when none.

    The same object is given until units or calendars change, so what it has worked out stays cached.
    """
    known = directory()
    if unit_path not in known.kept_calendars:
        parts = calendars_of(unit_path, known.unit_calendars)
        if not parts:
            raise NoCalendar(unit_path)
        known.kept_calendars[unit_path] = joined_calendar(parts, known.calendars)
    return known.kept_calendars[unit_path]


def calendar_if(unit_path: str, trial: Mapping[str, Calendar]) -> Calendar:
    """What a unit would keep if the calendars in `trial` (by code) replaced those in force."""
    known = directory()
    parts = calendars_of(unit_path, known.unit_calendars)
    if not parts:
        raise NoCalendar(unit_path)
    return joined_calendar(parts, {**known.calendars, **trial})


def calendar_if_given(unit_path: str, given_path: str, code: str | None, first: date) -> Calendar:
    """What a unit would keep if the unit at `given_path` were given another calendar from a day."""
    known = directory()
    rows = [row for row in known.unit_calendars.get(given_path, ()) if row[0] != first]
    own = {**known.unit_calendars, given_path: sorted([*rows, (first, code)], key=lambda r: r[0] or date.min)}
    parts = calendars_of(unit_path, own)
    if not parts:
        raise NoCalendar(unit_path)
    return joined_calendar(parts, known.calendars)


def calendar_by_code(code: str) -> Calendar:
    """A calendar by its code, such as `standard`. `NoCalendar` when none."""
    try:
        return directory().calendars[code]
    except KeyError:
        raise NoCalendar(code) from None


def calendar_code_for(unit_path: str, on: date | None = None) -> str:
    """The code of the calendar a unit keeps on a day (today), its own or that of the nearest unit above; "" when none."""
    day = on or timezone.localdate()
    parts = calendars_of(unit_path, directory().unit_calendars)
    return next((code for first, code in reversed(parts) if first <= day), "")


def own_calendars(unit_path: str) -> Assignments:
    """The calendars given to the unit itself: (first day or None, code or None to follow the unit above), in order."""
    return directory().unit_calendars.get(unit_path, ())


def units_keeping(code: str) -> list[Unit]:
    """The units whose time is, or will be, counted with a calendar, their own or one from above."""
    known = directory()
    return [
        unit
        for unit in known.units.values()
        if any(kept == code for _first, kept in calendars_of(unit.path, known.unit_calendars))
    ]


def work_calendar(code: str) -> WorkCalendar:
    """The stored calendar with that code. `NoCalendar` when none."""
    found = WorkCalendar.objects.filter(code=code).first()
    if found is None:
        raise NoCalendar(code)
    return found


def work_calendars() -> list[WorkCalendar]:
    """All calendars, by name, for the administrator's page."""
    return list(WorkCalendar.objects.order_by("name"))


def days_of(calendar_code: str, year: int) -> list[CalendarDay]:
    """The days of a year that differ from the week, in order."""
    return list(CalendarDay.objects.filter(calendar__code=calendar_code, day__year=year).order_by("day"))


def weeks_of(calendar_code: str) -> list[CalendarWeek]:
    """The dated changes of a calendar's week, in order."""
    return list(CalendarWeek.objects.filter(calendar__code=calendar_code).order_by("first"))
