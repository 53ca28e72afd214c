"""Counting time limits: `add`, `between`, `working_days_between`. Pure; the resolution is the minute.

How the count goes (one reading of the law for all units, chosen so that a later start or a longer limit
never gives an earlier due date):

- **Effective start.** On a working day from its opening to its closing: the moment itself. Before the
  opening: the opening. In a break: for hours, the next session. After the closing, on a closed day, or at
  or after `cutoff` (the 15:00 rule, Decree 61/2018 art. 18): the opening of the next working day. Exactly
  at the closing is still that day, except for `same_day`, which then means the next working day.
- **working_hour**: minutes inside sessions from the effective start.
- **working_day**: the day of the effective start is not counted (Civil Code art. 147); due at the closing
  of the Nth working day after it.
- **same_day**: due at the closing of the day of the effective start.
- **day, month**: calendar dates from the date of the start itself, which is not counted and knows no
  cutoff; due at the closing of the last date or, if that date is closed, of the next working day
  (Civil Code arts. 147–148). A month without the same date ends on its last date.
- **Excluded spans** (suspensions): minutes inside do not count; a day counts only when the clock is
  running at its closing (a closed calendar day: at its midnight), so a pause within one day costs no day
  and a pause over one closing costs one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .calendar import Calendar, Day, minutes_of
from .duration import Duration, Unit
from .errors import ClockError
from .ledger import AmountUnit, Book, Code, Due

_DAY = timedelta(days=1)
_ACCEPTANCE = "Ngày tiếp nhận không tính"
_PART_DAY = "Phần ngày chưa trọn"
_LAST_DAY = "Ngày cuối của thời hạn là ngày nghỉ"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A span that does not count, with the reason shown to people."""

    start: datetime
    end: datetime
    reason: str
    ground: str = ""


#: Local copy of an exclusion: start, end, reason. Spans are in order and do not overlap.
Span = tuple[datetime, datetime, str]
Spans = Sequence[Span]


def add(
    calendar: Calendar,
    start: datetime,
    duration: Duration,
    *,
    cutoff: time | None = None,
    exclusions: Iterable[Exclusion] = (),
) -> Due:
    """The due date of a time limit that starts at `start` (aware), with its ledger.

    The result is in the calendar's zone and always within a session or at the end of one.
    Raises ClockError for a naive start, overlapping exclusions, or a calendar without working days.
    """
    local = calendar.local(start)
    book = Book(local)
    effective = _effective(calendar, book, duration.unit, cutoff)
    count(calendar, book, duration, spans_of(calendar, exclusions))
    return Due(
        at=book.cursor,
        ledger=book.entries(),
        start=local,
        effective=effective,
        duration=duration,
        cutoff=cutoff,
    )


def between(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Working minutes from `a` to `b` (both aware); negative when `b` is earlier. Additive."""
    first, last = calendar.local(a), calendar.local(b)
    if last < first:
        return -local_minutes(calendar, last, first)
    return local_minutes(calendar, first, last)


def working_days_between(calendar: Calendar, a: datetime | date, b: datetime | date) -> int:
    """Working days after the date of `a` up to and with the date of `b`; negative when `b` is earlier."""
    first, last = _date_of(calendar, a), _date_of(calendar, b)
    low, high = min(first, last), max(first, last)
    days = sum(calendar.is_working(low + timedelta(n)) for n in range(1, (high - low).days + 1))
    return days if last >= first else -days


# What follows serves the other modules of this package; all moments are in the calendar's zone,
# cut to the minute (`Calendar.local`), so that comparing and subtracting them is plain wall time.


def spans_of(calendar: Calendar, exclusions: Iterable[Exclusion]) -> Spans:
    spans = [(calendar.local(e.start), calendar.local(e.end), e.reason) for e in exclusions]
    edges = [moment for start, end, _ in spans for moment in (start, end)]
    if edges != sorted(edges):
        raise ClockError("Các khoảng thời gian không tính phải theo thứ tự và không chồng nhau.")
    return spans


def local_minutes(calendar: Calendar, a: datetime, b: datetime) -> int:
    """Minutes of work in [a, b)."""
    total = 0
    first, last = a.date(), b.date()
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        found = calendar.day(day)
        if first < day < last:
            total += found.minutes
            continue
        for start, end in found.sessions:
            low, high = max(start, a), min(end, b)
            if low < high:
                total += minutes_of(high - low)
    return total


def count(calendar: Calendar, book: Book, duration: Duration, spans: Spans) -> None:
    """Use up the whole limit from the book's cursor, the effective start."""
    here = book.cursor.date()
    if duration.unit == "working_hour":
        count_minutes(calendar, book, duration.minutes, spans)
    elif duration.unit == "same_day":
        count_marks(calendar, book, 1, spans, unit="same_day", after=here - _DAY)
    else:
        qty = int(duration.qty)
        if duration.unit == "month":
            qty = (_add_months(here, qty) - here).days
        until = calendar.day(here).mark
        if spans:
            until = min([until, *(start for start, end, _ in spans if end > book.cursor)])
        book.add("not_counted", until, "acceptance_day", _ACCEPTANCE)
        count_marks(calendar, book, qty, spans, unit=amount_unit(duration.unit), after=here)


def count_minutes(calendar: Calendar, book: Book, need: int, spans: Spans) -> None:
    """Count `need` minutes of work, stepping over the spans."""
    for start, end, reason in spans:
        if end <= book.cursor:
            continue
        need = _run_minutes(calendar, book, need, start)
        if need == 0:
            return
        lost = local_minutes(calendar, book.cursor, end)
        book.add("suspended", end, "suspension", reason, amount=lost, unit="minute")
    _run_minutes(calendar, book, need, None)


def count_marks(
    calendar: Calendar,
    book: Book,
    need: int,
    spans: Spans,
    *,
    unit: AmountUnit,
    after: date,
) -> None:
    """Count `need` days after the date `after` whose mark is reached with the clock running."""
    queue = [span for span in spans if span[1] > book.cursor]
    last = calendar.day(after)
    while need:
        if not queue and unit != "day" and last.mark >= book.cursor and (run := calendar.run_after(last)):
            last = run[:need][-1]  # nothing lost any more: straight through the days that follow one another
            counted = min(need, len(run))
            book.add("counted", last.mark, "running", amount=counted, unit=unit)
            need -= counted
            continue
        if unit == "day":
            day = calendar.day(last.date + _DAY)
            if not queue and day.mark > book.cursor:  # nothing lost any more: go straight to the last date
                day = calendar.day(last.date + timedelta(need))
        else:
            day = last.next or calendar.working_after(last.date)
        while queue and queue[0][0] < day.mark:
            _pause(calendar, book, queue.pop(0), unit, last.date)
        if day.mark > book.cursor:
            gap = (day.date - last.date).days
            if gap > 1 and unit != "day":
                for closed in last.closed:
                    book.add("not_counted", closed.midnight, _closed_code(closed), closed.reason, amount=1)
            counted = gap if unit == "day" else 1
            book.add("counted", day.mark, "running", amount=counted, unit=unit)
            need -= counted
        last = day
    if last.closing is None:
        _move_to_working_day(calendar, book, queue, last)


def _move_to_working_day(calendar: Calendar, book: Book, queue: list[Span], last: Day) -> None:
    """A last day that is closed: on to the closing of the next working day with the clock running."""
    reason = f"{_LAST_DAY} ({last.reason})"
    day = calendar.working_after(last.date)
    while True:
        while queue and queue[0][0] < day.mark:
            start, end, why = queue.pop(0)
            book.add("shifted", start, "last_day_closed", reason)
            lost = marks_between(calendar, book.cursor, end, "day")
            book.add("suspended", end, "suspension", why, amount=lost, unit="day")
        if day.mark > book.cursor:
            book.add("shifted", day.mark, "last_day_closed", reason)
            return
        day = calendar.working_after(day.date)


def _pause(calendar: Calendar, book: Book, span: Span, unit: AmountUnit, last: date) -> None:
    start, end, reason = span
    if unit != "day":
        _skip_closed(calendar, book, last, start.date())
    book.add("not_counted", start, "part_day", _PART_DAY)
    lost = marks_between(calendar, book.cursor, end, unit)
    book.add("suspended", end, "suspension", reason, amount=lost, unit=unit)


def marks_between(calendar: Calendar, a: datetime, b: datetime, unit: AmountUnit) -> int:
    """How many counting marks m of days in that unit have a < m <= b."""
    days = (calendar.day(a.date() + timedelta(n)) for n in range((b.date() - a.date()).days + 1))
    return sum(a < day.mark <= b for day in days if unit == "day" or day.closing is not None)


def amount_unit(unit: Unit) -> AmountUnit:
    """The unit in which the ledger counts a limit."""
    units: dict[Unit, AmountUnit] = {"working_hour": "minute", "month": "day"}
    return units.get(unit, unit)  # type: ignore[arg-type]


def amount_between(calendar: Calendar, a: datetime, b: datetime, unit: AmountUnit) -> int:
    return local_minutes(calendar, a, b) if unit == "minute" else marks_between(calendar, a, b, unit)


def push(calendar: Calendar, due: datetime, unit: Unit, spans: Spans) -> datetime:
    """Move a promised due date by later suspensions: what was left before each is left after it."""
    counted = amount_unit(unit)
    for start, end, _ in spans:
        if start >= due:
            break
        book = Book(end)
        left = amount_between(calendar, start, due, counted)
        if counted == "minute":
            count_minutes(calendar, book, left, ())
        else:
            count_marks(calendar, book, left, (), unit=counted, after=end.date() - _DAY)
        due = book.cursor
    return due


def _effective(calendar: Calendar, book: Book, unit: Unit, cutoff: time | None) -> datetime:
    """Move the book's cursor to the effective start and say why."""
    now = book.cursor
    if unit in ("day", "month"):
        return now
    day = calendar.day(now.date())
    code: Code
    if day.opening is None or day.closing is None:
        code, reason, target = "closed_day", day.reason, None
    elif cutoff is not None and now.time() >= cutoff:
        code, reason, target = "cutoff", f"Từ {cutoff:%H:%M} trở đi tính từ ngày làm việc tiếp theo", None
    elif now < day.opening:
        code, reason, target = "before_hours", "Trước giờ làm việc", day.opening
    elif now > day.closing or (now == day.closing and unit == "same_day"):
        code, reason, target = "after_hours", "Sau giờ làm việc", None
    else:
        session = next((start for start, end in day.sessions if now < end), now)
        if unit != "working_hour" or session <= now:
            return now
        code, reason, target = "lunch", "Trong giờ nghỉ", session
    book.add("shifted", target or _opening(calendar.working_after(now.date())), code, reason)
    return book.cursor


def _run_minutes(calendar: Calendar, book: Book, need: int, until: datetime | None) -> int:
    """Count minutes from the cursor up to `until`; returns what is still needed."""
    begin = book.cursor
    day = calendar.day(begin.date())
    while until is None or book.cursor < until:
        if day.opening is None or day.closing is None:
            calendar.working_after(day.date)  # refuses a calendar that never opens again
            end = min(day.midnight, until) if until else day.midnight
            book.add("not_counted", end, _closed_code(day), day.reason, amount=1)
        elif day.opening > begin and day.minutes <= need and (until is None or day.closing <= until):
            book.add("counted", day.closing, "running", amount=day.minutes, unit="minute")
            need -= day.minutes
        else:
            need = _part_of_day(day, book, need, begin, until)
        if need == 0:
            return 0
        if until is not None and until <= day.midnight:
            book.add("counted", until, "running", unit="minute")
        day = calendar.day(day.date + _DAY)
    return need


def _part_of_day(day: Day, book: Book, need: int, begin: datetime, until: datetime | None) -> int:
    """Count within one day from `begin` to `until` or until nothing is needed."""
    for start, end in day.sessions:
        low, high = max(start, begin), min(end, until) if until else end
        if low < high and need:
            minutes = min(need, minutes_of(high - low))
            book.add("counted", low + timedelta(minutes=minutes), "running", amount=minutes, unit="minute")
            need -= minutes
    return need


def _skip_closed(calendar: Calendar, book: Book, last: date, day: date) -> None:
    """Write the closed dates between two dates, where closed dates do not count."""
    for number in range(1, (day - last).days):
        closed = calendar.day(last + timedelta(number))
        if closed.closing is None:
            book.add("not_counted", closed.midnight, _closed_code(closed), closed.reason, amount=1)


def _opening(day: Day) -> datetime:
    if day.opening is None:
        raise ClockError(f"Ngày {day.date:%d/%m/%Y} không làm việc.")
    return day.opening


def _closed_code(day: Day) -> Code:
    return "weekly_rest" if day.code == "weekly_rest" else "holiday"


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _date_of(calendar: Calendar, value: datetime | date) -> date:
    return calendar.local(value).date() if isinstance(value, datetime) else value
