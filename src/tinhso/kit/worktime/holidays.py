"""Vietnam's public holidays as day rules.

Dates come from the `holidays` package, which follows the Prime Minister's yearly decisions as far as its
release knows them; a province corrects or completes them with dated data through `merge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import holidays as published

from .calendar import STANDARD, Calendar, DayRule, Session, Weekly

_TET = "Tết Nguyên đán"
_MAKE_UP = "Ngày làm bù"


def vietnam(years: Iterable[int]) -> dict[date, DayRule]:
    """The closed days of those years, with Vietnamese names, and the make-up Saturdays already decided.

    Days around Lunar New Year share the one name people use, so that an explanation has one line.
    """
    wanted = sorted(set(years))
    table = published.country_holidays("VN", years=wanted, language="vi")
    rules = {day: DayRule("closed", reason=_name(table[day])) for day in sorted(table) if day.year in wanted}
    for day in sorted(table.weekend_workdays):
        if day.year in wanted:
            rules[day] = DayRule("open", reason=_MAKE_UP)
    return rules


def merge(
    days: Mapping[date, DayRule],
    *,
    make_up: Mapping[date, tuple[Session, ...]] | Iterable[date] = (),
    closed: Mapping[date, str] | None = None,
    reason: str = _MAKE_UP,
) -> dict[date, DayRule]:
    """Day rules with more make-up days (with or without their own sessions) and days off (date to
    reason) laid over them; a make-up day wins over a day off."""
    merged = dict(days)
    merged.update((day, DayRule("closed", reason=why)) for day, why in (closed or {}).items())
    hours = make_up if isinstance(make_up, Mapping) else dict.fromkeys(make_up, ())
    merged.update((day, DayRule("open", tuple(sessions), reason)) for day, sessions in hours.items())
    return merged


def vietnam_calendar(
    years: Iterable[int],
    *,
    code: str = "VN",
    weekly: Weekly = STANDARD,
    make_up: Mapping[date, tuple[Session, ...]] | Iterable[date] = (),
) -> Calendar:
    """A ready calendar: the weekly hours given, public holidays of those years, make-up days."""
    return Calendar(code, weekly, merge(vietnam(years), make_up=make_up))


def _name(names: str) -> str:
    first = names.partition(";")[0].strip()
    return _TET if "Tết Nguyên Đán" in first or first.endswith(" Tết") else first
