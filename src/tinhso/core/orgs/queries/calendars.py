"""Which hours a unit keeps."""

from __future__ import annotations

from tinhso.core.orgs.errors import NoCalendar
from tinhso.core.orgs.models import CalendarDay, WorkCalendar
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


def work_calendars() -> list[WorkCalendar]:
    """All calendars, by name, for the administrator's page."""
    return list(WorkCalendar.objects.order_by("name"))


def days_of(calendar_code: str, year: int) -> list[CalendarDay]:
    """The days of a year that differ from the week, in order."""
    return list(
        CalendarDay.objects.filter(calendar__code=calendar_code, day__year=year).order_by("day")
    )
