"""The ledger of a due date: every stretch of time from the start to the due date, and why it counts or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import Any, Literal

import msgspec

from .duration import Duration
from .errors import ClockError

Kind = Literal["shifted", "counted", "not_counted", "suspended", "voided", "extended"]
AmountUnit = Literal["minute", "working_day", "day", "same_day"]
#: The machine's name of the reason; `Entry.reason` is the same for people, in Vietnamese.
Code = Literal[
    "running",
    "acceptance_day",
    "part_day",  # counted, or the stubs around counted days
    "cutoff",
    "before_hours",
    "lunch",
    "after_hours",
    "closed_day",
    "last_day_closed",  # shifts
    "weekly_rest",
    "holiday",  # closed days
    "suspension",
    "restart",
    "extension",
    "kept",  # acts
]


class Entry(msgspec.Struct, frozen=True):
    """One stretch of the ledger; each entry starts where the one before ends.

    kind         amount                                                unit
    counted      part of the time limit used up                        minute (of work) | working_day | day | same_day
    not_counted  closed dates inside the stretch, 0 for other reasons  day
    shifted      0: the stretch only moves the start or the last day   day
    suspended    what the suspension cost                              as counted
    voided       minutes of work lost to a restart                     minute
    extended     0: the due date was moved by an act                   day
    """

    kind: Kind
    start: datetime
    end: datetime
    amount: int
    unit: AmountUnit
    code: Code
    reason: str


class Due(msgspec.Struct, frozen=True):
    """A due date with all that explains it. `start` is the moment given, cut to the minute;
    `effective` the moment the law lets the counting start."""

    at: datetime
    ledger: tuple[Entry, ...]
    start: datetime
    effective: datetime
    duration: Duration
    cutoff: time | None = None


class Book:
    """Writes the entries of one count, in order. Internal to this package."""

    __slots__ = ("_rows", "cursor")

    def __init__(self, start: datetime) -> None:
        self.cursor = start
        self._rows: list[list[Any]] = []  # the fields of Entry, in order

    def add(
        self,
        kind: Kind,
        end: datetime,
        code: Code,
        reason: str = "",
        *,
        amount: int = 0,
        unit: AmountUnit = "day",
    ) -> None:
        """Write the stretch from the cursor to `end`; nothing when it is empty."""
        if end <= self.cursor:
            return
        last = self._rows[-1] if self._rows else None
        if last and last[5] == code and last[6] == reason and code != "suspension":
            last[2] = end
            last[3] += amount
        else:
            self._rows.append([kind, self.cursor, end, amount, unit, code, reason])
        self.cursor = end

    def entries(self) -> tuple[Entry, ...]:
        return tuple(Entry(*row) for row in self._rows)


def rewalk(ledger: Sequence[Entry], duration: Duration) -> datetime:
    """Walk a ledger again and return the due date it proves.

    Raises ClockError when two entries do not join, or when what was counted is not exactly `duration`
    (months are checked as contiguous only: their length in days depends on the dates).
    """
    if not ledger:
        raise ClockError("Sổ tính giờ trống.")
    for before, after in pairwise(ledger):
        if before.end != after.start:
            raise ClockError(f"Sổ tính giờ đứt quãng lúc {before.end:%H:%M %d/%m/%Y}.")
    counted = sum(entry.amount for entry in ledger if entry.kind == "counted")
    expected = duration.minutes if duration.unit == "working_hour" else duration.qty
    if duration.unit != "month" and counted != expected:
        raise ClockError(f"Sổ tính giờ cộng được {counted}, thời hạn là {duration}.")
    return ledger[-1].end
