"""How a task's deadline stands. Pure: the time and the calendar are passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tinhso.kit.worktime import Calendar, between

#: A deadline nearer than this many working minutes (two days) is "soon".
SOON_MINUTES = 960


@dataclass(frozen=True, slots=True)
class Standing:
    """`left`: working minutes until the deadline, negative when past, None without one."""

    state: Literal["late", "today", "soon", "later", "none"]
    left: int | None = None


def standing(due_at: datetime | None, now: datetime, calendar: Calendar) -> Standing:
    """Where a deadline stands in the unit's own working hours.

    A deadline that passed outside of working hours is late too, though no working minute went by.
    """
    if due_at is None:
        return Standing("none")
    left = between(calendar, now, due_at)
    if due_at < now:
        return Standing("late", min(left, -1))
    if calendar.local(due_at).date() == calendar.local(now).date():
        return Standing("today", left)
    return Standing("soon" if left <= SOON_MINUTES else "later", left)
