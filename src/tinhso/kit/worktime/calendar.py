"""When an agency is open: weekly sessions, public holidays, make-up days, half days, dated changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from .errors import ClockError

#: A calendar that stays closed longer than this is a mistake in the data, not a long holiday.
HORIZON_DAYS = 400
_CACHE_LIMIT = 4096
_DAY = timedelta(days=1)
_MIDNIGHT = time()
_WEEK = 7
_LONGEST_RUN = 28
WEEKLY_REST = "Ngày nghỉ hằng tuần"


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of opening hours in local time, start included, end excluded."""

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ClockError(
                f"Ca làm việc phải kết thúc sau khi bắt đầu: {self.start:%H:%M}–{self.end:%H:%M}."
            )
        if any(t.second or t.microsecond for t in (self.start, self.end)):
            raise ClockError("Ca làm việc tính tròn phút.")


Weekly = tuple[tuple[Session, ...], ...]

_OFFICE_DAY = (Session(time(7, 30), time(11, 30)), Session(time(13), time(17)))
#: Monday to Friday, 07:30–11:30 and 13:00–17:00: eight hours a day.
STANDARD: Weekly = (_OFFICE_DAY,) * 5 + ((), ())


@dataclass(frozen=True, slots=True)
class DayRule:
    """What is special about one date.

    `closed`: a holiday. `open`: a make-up day or a half day with the sessions given; without sessions
    the day has the hours of the first working day of that week's pattern. `reason` is shown to people.
    """

    kind: Literal["closed", "open"]
    sessions: tuple[Session, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if self.kind == "closed" and self.sessions:
            raise ClockError("Ngày nghỉ không có ca làm việc.")
        _check_sessions(self.sessions)


class Day:
    """One date worked out, all moments in the calendar's zone. Internal to this package.

    `midnight` ends the date; `mark` is the moment at which the date counts as a day: its closing, or the
    midnight of a closed date. What follows is worked out once somebody asks: `next` is the next working day,
    `closed` the dates between, `run` the working days that come next without a closed date between.
    """

    __slots__ = (
        "closed",
        "closing",
        "code",
        "date",
        "mark",
        "midnight",
        "minutes",
        "next",
        "opening",
        "reason",
        "run",
        "sessions",
    )

    def __init__(
        self, day: date, sessions: tuple[Session, ...], code: str, reason: str, zone: ZoneInfo
    ) -> None:
        self.date = day
        self.code = code
        self.reason = reason
        self.sessions = tuple(
            (datetime.combine(day, s.start, zone), datetime.combine(day, s.end, zone)) for s in sessions
        )
        self.minutes = sum(minutes_of(end - start) for start, end in self.sessions)
        self.opening = self.sessions[0][0] if sessions else None
        self.closing = self.sessions[-1][1] if sessions else None
        self.midnight = datetime.combine(day + _DAY, _MIDNIGHT, zone)
        self.mark = self.closing or self.midnight
        self.next: Day | None = None
        self.closed: tuple[Day, ...] = ()
        self.run: tuple[Day, ...] | None = None


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working calendar of one agency. Immutable; hashed by identity, so it may key a cache.

    `weekly` holds the sessions of Monday to Sunday, `days` the exceptions by date, `changes` the dated
    replacements of `weekly` as `(first day, weekly)` in ascending order, `later` the whole calendars that
    replace this one as `(first day, calendar)` in ascending order. All times are local to `tz`.
    """

    code: str
    weekly: Weekly = STANDARD
    days: Mapping[date, DayRule] = field(default_factory=dict)
    tz: str = "Asia/Ho_Chi_Minh"
    changes: tuple[tuple[date, Weekly], ...] = ()
    later: tuple[tuple[date, Calendar], ...] = ()
    zone: ZoneInfo = field(init=False, repr=False)
    _cache: dict[date, Day] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for weekly in (self.weekly, *(weekly for _, weekly in self.changes)):
            if len(weekly) != _WEEK:
                raise ClockError("Lịch tuần phải có đủ bảy ngày, từ thứ Hai đến Chủ nhật.")
            for sessions in weekly:
                _check_sessions(sessions)
        for starts in ([first for first, _ in self.changes], [first for first, _ in self.later]):
            if starts != sorted(set(starts)):
                raise ClockError("Các lần thay đổi lịch phải xếp theo ngày tăng dần.")
        if any(calendar.tz != self.tz for _, calendar in self.later):
            raise ClockError("Lịch thay thế phải cùng múi giờ.")
        object.__setattr__(self, "days", MappingProxyType(dict(self.days)))
        object.__setattr__(self, "zone", ZoneInfo(self.tz))

    def sessions(self, day: date) -> tuple[Session, ...]:
        """The opening hours of that date; empty when closed."""
        return tuple(Session(start.time(), end.time()) for start, end in self.day(day).sessions)

    def weekly_on(self, day: date) -> Weekly:
        """The ordinary week in force on that date."""
        for first, calendar in reversed(self.later):
            if first <= day:
                return calendar.weekly_on(day)
        weekly = self.weekly
        for first, changed in self.changes:
            if first <= day:
                weekly = changed
        return weekly

    def is_working(self, day: date) -> bool:
        return self.day(day).closing is not None

    def reason(self, day: date) -> str:
        """Why the date is closed or special, in Vietnamese; empty on an ordinary working day."""
        return self.day(day).reason

    def opening(self, day: date) -> datetime | None:
        """The first minute of work of that date (aware), None when closed."""
        return self.day(day).opening

    def closing(self, day: date) -> datetime | None:
        """The end of the last session of that date (aware), None when closed."""
        return self.day(day).closing

    def longest_closure(self, first: date, last: date) -> tuple[date, int]:
        """The longest run of closed dates that begins from `first` to `last` (both included): its first date and length.

        A run is followed to its end beyond `last`, up to `HORIZON_DAYS`; length 0 when every date is open.
        """
        longest, day = (first, 0), first
        while day <= last:
            length = 0
            while length < HORIZON_DAYS and not self.is_working(day + timedelta(length)):
                length += 1
            if length > longest[1]:
                longest = (day, length)
            day += timedelta(length + 1)
        return longest

    def next_working(self, day: date) -> date:
        """The first working date strictly after `day`. ClockError when there is none within 400 days."""
        return self.working_after(day).date

    # What follows serves the other modules of this package.

    def day(self, day: date) -> Day:
        found = self._cache.get(day)
        if found is None:
            if len(self._cache) >= _CACHE_LIMIT:
                self._cache.clear()
            found = self._cache[day] = self.work_out(day)
        return found

    def working_after(self, day: date) -> Day:
        known = self.day(day)
        if known.next is not None:
            return known.next
        passed: list[Day] = []
        for number in range(1, HORIZON_DAYS + 1):
            found = self.day(day + timedelta(number))
            if found.closing is not None:
                known.next, known.closed = found, tuple(passed)
                return found
            passed.append(found)
        raise ClockError(f"Lịch {self.code} không có ngày làm việc nào sau ngày {day:%d/%m/%Y}.")

    def run_after(self, day: Day) -> tuple[Day, ...]:
        """The working days that follow a date without a closed one between, at most a few weeks of them."""
        if day.run is None:
            found: list[Day] = []
            follows = self.day(day.date + _DAY)
            while follows.closing is not None and len(found) < _LONGEST_RUN:
                found.append(follows)
                follows = self.day(follows.date + _DAY)
            day.run = tuple(found)
        return day.run

    def local(self, moment: datetime) -> datetime:
        """The moment in the calendar's zone, cut to the whole minute: the resolution of the clock."""
        if moment.tzinfo is None:
            raise ClockError("Thời điểm phải có múi giờ.")
        if moment.tzinfo is not self.zone:
            moment = moment.astimezone(self.zone)
        return moment.replace(second=0, microsecond=0) if moment.second or moment.microsecond else moment

    def work_out(self, day: date) -> Day:
        for first, calendar in reversed(self.later):
            if first <= day:
                return calendar.work_out(day)
        weekly = self.weekly_on(day)
        rule = self.days.get(day)
        if rule is None:
            sessions = weekly[day.weekday()]
            code, reason = ("", "") if sessions else ("weekly_rest", WEEKLY_REST)
            return Day(day, sessions, code, reason, self.zone)
        if rule.kind == "closed":
            return Day(day, (), "holiday", rule.reason or "Ngày nghỉ", self.zone)
        sessions = rule.sessions or next((s for s in weekly if s), ())
        if not sessions:
            raise ClockError(f"Ngày làm việc {day:%d/%m/%Y} chưa có ca làm việc.")
        return Day(day, sessions, "special", rule.reason, self.zone)


def minutes_of(span: timedelta) -> int:
    """Whole minutes of a span."""
    return span.days * 1440 + span.seconds // 60


def _check_sessions(sessions: tuple[Session, ...]) -> None:
    if any(a.end > b.start for a, b in pairwise(sessions)):
        raise ClockError("Các ca làm việc trong ngày phải nối tiếp và không chồng nhau.")
