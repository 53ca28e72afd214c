"""Decisions on units and calendars that need nothing but values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from tinhso.kit.worktime import Calendar, ClockError, DayRule, Session, Weekly
from tinhso.kit.worktime.calendar import HORIZON_DAYS

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
    territory_id: UUID | None = None

    def holds_on(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class PlacePeriod:
    """What held for a territory from `first` (included) to `end` (excluded); None is open."""

    first: date | None
    end: date | None
    name: str
    level: str
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


def free_path(path: str, taken: Collection[str]) -> str:
    """The path, or the first of `path-2`, `path-3`, ... that nobody has or had: rights follow paths."""
    number, free = 1, path
    while free in taken:
        number += 1
        free = f"{path}-{number}"
    return free


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
    code: str,
    weekly: Sequence[SessionPairs],
    days: Iterable[tuple[date, Any, str]],
    weeks: Iterable[tuple[date, Sequence[SessionPairs]]] = (),
) -> Calendar:
    """The calendar of `kit.worktime` from stored rows; `days` are (date, sessions, reason), no sessions = closed;
    `weeks` the dated changes of the week, in order."""
    rules = {
        day: DayRule("open" if sessions else "closed", parse_sessions(sessions), reason)
        for day, sessions, reason in days
    }
    changes = tuple((first, parse_weekly(changed)) for first, changed in weeks)
    return Calendar(code, parse_weekly(weekly), rules, changes=changes)


#: (first day or None, code or None to follow the unit above), in order of the days.
Assignments = Sequence[tuple[date | None, str | None]]


def calendars_of(path: str, own: Mapping[str, Assignments]) -> list[tuple[date, str]]:
    """Which calendar holds at a path from which day, in order: the nearest unit up the tree that has one then.

    The first entry starts at `date.min`; empty when no unit up the tree ever has a calendar.
    """
    known = [own[p] for p in ancestors(path) if p in own]
    starts = sorted({first or date.min for rows in known for first, _code in rows} | {date.min})
    found: list[tuple[date, str]] = []
    for start in starts:
        codes = (_latest(rows, start) for rows in known)
        code = next((c for c in codes if c), "")
        if code and (not found or found[-1][1] != code):
            found.append((start if found else date.min, code))
    return found


def _latest(rows: Assignments, day: date) -> str | None:
    code = None
    for first, named in rows:
        if first is None or first <= day:
            code = named
    return code


def joined_calendar(parts: Sequence[tuple[date, str]], known: Mapping[str, Calendar]) -> Calendar:
    """One calendar of those that follow one another; the very same object when there is only one."""
    base = known[parts[0][1]]
    if len(parts) == 1:
        return base
    code = "→".join(name for _day, name in parts)
    later = tuple((day, known[name]) for day, name in parts[1:])
    return Calendar(code, base.weekly, base.days, base.tz, base.changes, later)


#: Longer than the longest holiday ever decided (Tết with its bridges); a longer closure is a slip of the pen.
LONGEST_CLOSURE_DAYS = 21


def closure_fault(calendar: Calendar, first: date, last: date) -> str:
    """Why a calendar cannot be right, as a sentence: it is closed too long in a row from some day; "" when it can."""
    begins, length = calendar.longest_closure(first, last)
    if length <= LONGEST_CLOSURE_DAYS:
        return ""
    if length >= HORIZON_DAYS:
        return f"Với thay đổi này, từ ngày {begins:%d/%m/%Y} cơ quan không còn ngày làm việc nào. Hãy kiểm tra lại lịch."
    return (
        f"Với thay đổi này, cơ quan nghỉ liền {length} ngày từ {begins:%d/%m/%Y} (nhiều nhất {LONGEST_CLOSURE_DAYS} ngày). "
        "Hãy kiểm tra lại; nếu cơ quan ngừng hoạt động thì đóng đơn vị."
    )
