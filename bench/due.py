"""Due dates per second on one core: the date, the date with its ledger read out, and with its sentences.

The mix is what the national catalogue uses most (working days 5, 3, 7, 2, 10, 15, 1; same day; hours; calendar
days; months), started through two years of office hours. The floor is plain `datetime` arithmetic over
the same dates: one addition and one set look-up a day, no sessions, no reasons. Needs no database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from tinhso.kit.worktime import Calendar, Due, Duration, add, explain
from tinhso.kit.worktime.holidays import vietnam_calendar

LIMITS = (
    *("5 working days", "3 working days", "7 working days", "2 working days", "10 working days"),
    *("15 working days", "1 working days", "same_day", "8 hours", "4 hours", "30 days", "1 month"),
)
STARTS = 400
SECONDS = 2.0
ROUNDS = 3
DAY = timedelta(days=1)

Work = list[tuple[datetime, Duration]]


def run() -> dict[str, float]:
    """Figures of one core; the best of a few rounds each, so that a neighbour's noise does not decide."""
    calendar = vietnam_calendar(range(2026, 2029))
    work = _work(calendar)
    dues = [
        add(calendar, start, limit) for start, limit in work
    ]  # also fills the calendar's days, as in a server
    spans = [(start, (due.at.date() - start.date()).days) for (start, _), due in zip(work, dues, strict=True)]
    closed = frozenset(calendar.days)
    floor = _rate(lambda: _floor(spans, closed), len(work))
    plain = _rate(lambda: [add(calendar, start, limit).at for start, limit in work], len(work))
    ledger = _rate(lambda: [_read(add(calendar, start, limit)) for start, limit in work], len(work))
    told = _rate(lambda: [explain(add(calendar, start, limit)) for start, limit in work], len(work))
    return {
        "due.floor per s": floor,
        "due.add per s": plain,
        "due.add and ledger per s": ledger,
        "due.add, ledger, sentences per s": told,
        "due.add and ledger ratio to floor": ledger / floor,
        "due.sentences ratio to floor": told / floor,
    }


def _work(calendar: Calendar) -> Work:
    first = datetime(2026, 1, 5, 7, 31, tzinfo=calendar.zone)
    starts = [first + DAY * (n * 2 % 700) + timedelta(minutes=n * 37 % 570) for n in range(STARTS)]
    return [(start, Duration.parse(text)) for start in starts for text in LIMITS]


def _read(due: Due) -> int:
    """What a caller does with a ledger at the least: walk it."""
    return sum(entry.amount for entry in due.ledger)


def _floor(spans: list[tuple[datetime, int]], closed: frozenset[object]) -> int:
    free = 0
    for start, days in spans:
        at = start
        for _ in range(days):
            at += DAY
            if at.weekday() > 4 or at.date() in closed:
                free += 1
    return free


def _rate(function: Callable[[], object], count: int) -> float:
    best = 0.0
    for _ in range(ROUNDS):
        begun, done = time.process_time(), 0
        while time.process_time() - begun < SECONDS / ROUNDS:
            function()
            done += count
        best = max(best, done / (time.process_time() - begun))
    return best
