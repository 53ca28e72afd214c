"""Which hours a unit keeps."""

from __future__ import annotations

from tinhso.core.orgs.errors import NoCalendar
from tinhso.core.orgs.models import CalendarDay, Unit, WorkCalendar
from tinhso.core.orgs.queries.directory import directory
from tinhso.core.orgs.rules import ancestors
from tinhso.kit.worktime import Calendar


def calendar_for(unit_path: str) -> Calendar:
    """The working calendar of a unit: its own, else that of the nearest unit above. `NoCalendar` when none.

    The same object is given until units or calendars change, so what it has worked out stays cached.
    """
    known = directory()
    for path in ancestors(unit_path):
        if code := known.unit_calendars.get(path):
            return known.calendars[code]
    raise NoCalendar(unit_path)


def calendar_by_code(code: str) -> Calendar:
    """A calendar by its code, such as `standard`. `NoCalendar` when none."""
    try:
        return directory().calendars[code]
    except KeyError:
        raise NoCalendar(code) from None


def calendar_code_for(unit_path: str) -> str:
    """The code of the calendar a unit keeps, its own or that of the nearest unit above; "" when none."""
    known = directory().unit_calendars
    return next((known[path] for path in ancestors(unit_path) if path in known), "")


def units_keeping(code: str) -> list[Unit]:
    """The units whose time is counted with a calendar, their own or one from above."""
    known = directory()
    found = []
    for unit in known.units.values():
        kept = next(
            (known.unit_calendars[path] for path in ancestors(unit.path) if path in known.unit_calendars), ""
        )
        if kept == code:
            found.append(unit)
    return found


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
