"""What will happen in the year, decided by case number alone: the same number is the same case in every run."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random

from tinhso.kit.dates import VIETNAM

FIRST, DAYS = date(2026, 7, 1), 365
#: Lunar New Year 2027 is on 6 February; offices open again on the 12th, and for two weeks people queue.
TET = (date(2027, 2, 4), date(2027, 2, 11))
AFTER_TET = (date(2027, 2, 12), date(2027, 2, 28))
MONDAY, AFTER, WEEKEND, HOLIDAY = 1.35, 1.9, 0.12, 0.03
#: Share of procedures by what people ask for most; one in twenty is interlinked and files cases of its own.
MIX = {
    "2.000815": 22, "2.000635": 12, "1.001193": 9, "1.004873": 8, "1.012783": 8, "1.001612": 7, "1.001776": 6,
    "3.000722": 5, "1.000656": 5, "1.000894": 4, "1.004222": 4, "1.013225": 4, "2.002481": 3, "1.012786": 2.5,
}  # fmt: skip
CHANNELS = {"online": 90, "counter": 8, "post": 2}
SUPPLEMENT, REFUSED, WITHDRAWN, NEGATIVE, LATE, RATED, SILENT = 0.12, 0.02, 0.012, 0.015, 0.04, 0.2, 0.3


@dataclass(frozen=True, slots=True)
class Plan:
    """One case to be. `share` (0 to 1) says which commune; `draw` gives the chances inside the case, in order."""

    number: int
    at: datetime
    procedure: str
    channel: str
    commune: float
    person: float
    supplement: bool
    refused: bool
    withdrawn: bool
    negative: bool
    late: bool
    rated: bool
    silent: bool

    def draw(self, what: str) -> Random:
        return Random(f"{self.number}:{what}")


def plan(number: int, seed: int) -> Plan:
    """The case with that number."""
    rng = Random(f"year:{seed}:{number}")
    day = FIRST + timedelta(days=bisect(_days(), rng.random() * _days()[-1]))
    chance = rng.random
    return Plan(
        number=number,
        at=_moment(day, rng),
        procedure=rng.choices(list(MIX), list(MIX.values()))[0],
        channel=rng.choices(list(CHANNELS), list(CHANNELS.values()))[0],
        commune=chance(),
        person=chance(),
        supplement=chance() < SUPPLEMENT,
        refused=chance() < REFUSED,
        withdrawn=chance() < WITHDRAWN,
        negative=chance() < NEGATIVE,
        late=chance() < LATE,
        rated=chance() < RATED,
        silent=chance() < SILENT,
    )


@cache
def _days() -> tuple[float, ...]:
    """How much of the year's work has come in by the end of each day."""
    return tuple(accumulate(_weight(FIRST + timedelta(days=n)) for n in range(DAYS)))


def _weight(day: date) -> float:
    if TET[0] <= day <= TET[1]:
        return HOLIDAY
    if day.weekday() > 4:
        return WEEKEND
    return (MONDAY if day.weekday() == 0 else 1.0) * (AFTER if AFTER_TET[0] <= day <= AFTER_TET[1] else 1.0)


def _moment(day: date, rng: Random) -> datetime:
    """Mostly in office hours, most in the morning."""
    minute = int(rng.triangular(7 * 60, 21 * 60, 9 * 60 + 30))
    return at(day, minute, rng.randrange(60))


def at(day: date, minute: int, second: int = 0) -> datetime:
    return datetime(
        day.year, day.month, day.day, minute // 60, minute % 60, second, tzinfo=VIETNAM
    ).astimezone(UTC)


def in_office(moment: datetime) -> datetime:
    """That moment, or when the office opens next (public holidays of the year left out of account)."""
    local = moment.astimezone(VIETNAM)
    minute, day = local.hour * 60 + local.minute, local.date()
    if minute >= 16 * 60 + 50:
        day, minute = day + timedelta(days=1), 0
    while day.weekday() > 4 or TET[0] <= day <= TET[1]:
        day, minute = day + timedelta(days=1), 0
    if minute < 7 * 60 + 5:
        return at(day, 7 * 60 + 5 + local.second % 25, local.second)
    return moment if day == local.date() else at(day, minute, local.second)
