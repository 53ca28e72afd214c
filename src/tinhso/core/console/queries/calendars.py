"""Calendars as the administrator reads them: a year on one page, a day, and what changing it would move."""

from __future__ import annotations

from calendar import Calendar as Grid
from dataclasses import dataclass
from datetime import date, timedelta

from tinhso.core.cases.calendars import Moved, changed, moved_by, moved_in
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import CalendarDay, CalendarWeek, Unit, UnitCalendar, WorkCalendar
from tinhso.core.orgs.rules import SessionPairs, closure_fault, parse_sessions, parse_weekly
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import Calendar, DayRule, Session

A_YEAR = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 2020, 2060
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the year view. `kind`: `open`, `closed` (as every week), `holiday`, `makeup`, `part` (half a day)."""

    day: date
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks of seven cells, Monday first; None where the week reaches into another month."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar in the list: its hours in words, the units that were given it themselves, how many keep it in all."""

    calendar: WorkCalendar
    hours: tuple[str, ...]
    given: tuple[str, ...]
    units: int


def list_calendars() -> list[CalendarLine]:
    """All calendars, by name."""
    given: dict[str, list[str]] = {}
    rows = UnitCalendar.objects.filter(calendar__isnull=False).order_by("unit__path")
    for code, name in rows.values_list("calendar__code", "unit__name"):
        given.setdefault(code, []).append(name)
    return [
        CalendarLine(
            row, week_words(row.weekly), tuple(given.get(row.code, ())), len(orgs.units_keeping(row.code))
        )
        for row in orgs.work_calendars()
    ]


_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")


def week_words(weekly: list[SessionPairs]) -> tuple[str, ...]:
    """The week as short lines, equal days together: "T2–T6: 07:30–11:30, 13:00–17:00"."""
    lines: list[tuple[int, int, str]] = []
    for n, sessions in enumerate(weekly):
        text = session_words(sessions)
        if lines and lines[-1][2] == text:
            lines[-1] = (lines[-1][0], n, text)
        else:
            lines.append((n, n, text))
    return tuple(
        f"{_WEEKDAYS[a]}{f'–{_WEEKDAYS[b]}' if b > a else ''}: {text or '—'}" for a, b, text in lines
    )


def session_words(sessions: SessionPairs) -> str:
    """ "07:30–11:30, 13:00–17:00", "" when closed."""
    return ", ".join(f"{start}–{end}" for start, end in sessions)


@dataclass(frozen=True, slots=True)
class YearPage:
    """A calendar's year: twelve months, the days that differ with reason and source, the dated changes of the week."""

    calendar: WorkCalendar
    year: int
    months: tuple[Month, ...]
    days: tuple[CalendarDay, ...]
    hours: tuple[str, ...]
    given: tuple[str, ...]
    units: int
    weeks: tuple[tuple[CalendarWeek, tuple[str, ...]], ...] = ()


def year_page(code: str, year: int) -> YearPage:
    """One year of a calendar. `NoCalendar` when there is none."""
    row, picture = orgs.work_calendar(code), orgs.calendar_by_code(code)
    days = tuple(orgs.days_of(code, year))
    special = {d.day: d for d in days}
    months = tuple(_month(picture, special, year, n) for n in range(1, _MONTHS + 1))
    given = tuple(
        UnitCalendar.objects.filter(calendar=row).order_by("unit__path").values_list("unit__name", flat=True)
    )
    weeks = tuple((week, week_words(week.weekly)) for week in orgs.weeks_of(code))
    return YearPage(
        row, year, months, days, week_words(row.weekly), given, len(orgs.units_keeping(code)), weeks
    )


def _month(picture: Calendar, special: dict[date, CalendarDay], year: int, month: int) -> Month:
    weeks = Grid().monthdatescalendar(year, month)
    cells = tuple(
        tuple(_cell(picture, special.get(d), d) if d.month == month else None for d in week) for week in weeks
    )
    return Month(date(year, month, 1), cells)


def _cell(picture: Calendar, own: CalendarDay | None, day: date) -> DayCell:
    if own is None:
        return DayCell(day, "open" if picture.is_working(day) else "closed", "")
    if not own.sessions:
        return DayCell(day, "holiday", own.reason)
    full = max(sum(_minutes(s) for s in parse_sessions(own.sessions)), 0)
    week = max((sum(_minutes(s) for s in sessions) for sessions in picture.weekly), default=0)
    return DayCell(day, "part" if full < week else "makeup", own.reason)


def _minutes(session: Session) -> int:
    start, end = session.start, session.end
    return (end.hour - start.hour) * 60 + end.minute - start.minute


def own_day(code: str, day: date) -> CalendarDay | None:
    """How a day differs from the week, None when it does not."""
    return CalendarDay.objects.filter(calendar__code=code, day=day).first()


def effect_of(code: str, day: date, sessions: SessionPairs | None, reason: str) -> Moved:
    """Which open cases would be due at another moment if the day had these sessions (None: as in every week)."""
    present = orgs.calendar_by_code(code)
    days = {d: rule for d, rule in present.days.items() if d != day}
    if sessions is not None:
        days[day] = DayRule("open" if sessions else "closed", parse_sessions(sessions), reason)
    return moved_by(code, Calendar(code, present.weekly, days, present.tz, present.changes), day)


def effect_of_week(code: str, first: date, weekly: list[SessionPairs]) -> Moved:
    """The same if the week had these hours from a day on."""
    present = orgs.calendar_by_code(code)
    changes = [change for change in present.changes if change[0] != first]
    changes = sorted([*changes, (first, parse_weekly(weekly))], key=lambda change: change[0])
    trial = Calendar(code, present.weekly, present.days, present.tz, tuple(changes))
    if fault := closure_fault(trial, first, first + A_YEAR):
        raise Refusal("closed_too_long", fault, status=422, field="day0")
    return moved_by(code, trial, first)


def effect_of_assigning(unit: Unit, code: str, first: date) -> Moved:
    """The same if a unit, and all below without its own, kept another calendar from a day on ("" = that of the unit above)."""
    return moved_in(
        changed(
            orgs.with_below(unit), lambda u: orgs.calendar_if_given(u.path, unit.path, code or None, first)
        ),
        first,
    )
