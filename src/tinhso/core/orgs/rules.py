"""Decisions on units and calendars that need nothing but values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from tinhso.kit.worktime import Calendar, ClockError, DayRule, Session, Weekly

DAYS_OF_WEEK = 7
SessionPairs = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Period:
    """What held for a unit from `first` (included) to `end` (excluded, None = open)."""

    unit_id: UUID
    first: date | None
    end: date | None
    code: str
    name: str
    parent_id: UUID | None

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


def path_of(code: str, parent_code: str, parent_path: str) -> str:
    """The path of a unit under a parent: one label per level, joined by points.

    Official codes mostly repeat the parent's code (H30.41 under H30); the repeated part is left out.
    A point inside the rest would look like another level and becomes a hyphen.
    """
    if not parent_path:
        return code.replace(".", "-")
    own = code.removeprefix(parent_code + ".") if parent_code else code
    return f"{parent_path}.{own.replace('.', '-')}"


def ancestors(path: str) -> list[str]:
    """The path itself, then each path above it, nearest first."""
    labels = path.split(".")
    return [".".join(labels[:n]) for n in range(len(labels), 0, -1)]


def full_name(names: Iterable[str]) -> str:
    """The names of a territory and those above it as one line: "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"."""
    first, *above = names
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in above)])


def parse_sessions(pairs: SessionPairs) -> tuple[Session, ...]:
    """Sessions from [["07:30", "11:30"], ...]. ClockError names what is wrong with them."""
    try:
        sessions = tuple(Session(time.fromisoformat(start), time.fromisoformat(end)) for start, end in pairs)
    except (TypeError, ValueError) as error:
        raise ClockError("Ca làm việc ghi theo mẫu 07:30–11:30.") from error
    DayRule("open", sessions)  # refuses sessions that overlap
    return sessions


def parse_weekly(weekly: Sequence[SessionPairs]) -> Weekly:
    """The seven days of a week, Monday first. ClockError when there are not seven or one is wrong."""
    if len(weekly) != DAYS_OF_WEEK:
        raise ClockError("Lịch tuần phải có đủ bảy ngày, từ thứ Hai đến Chủ nhật.")
    return tuple(parse_sessions(day) for day in weekly)


def working_calendar(
    code: str, weekly: Sequence[SessionPairs], days: Iterable[tuple[date, Any, str]]
) -> Calendar:
    """The calendar of `kit.worktime` from stored rows; `days` are (date, sessions, reason), no sessions = closed."""
    rules = {
        day: DayRule("open" if sessions else "closed", parse_sessions(sessions), reason)
        for day, sessions, reason in days
    }
    return Calendar(code, parse_weekly(weekly), rules)
