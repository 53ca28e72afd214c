"""Working time: the one clock of the project. Pure: no database, no current time, everything passed in."""

from __future__ import annotations

from tinhso.kit.structs import prepare

from .calendar import STANDARD, Calendar, DayRule, Session, Weekly
from .clock import (
    Clock,
    Extension,
    Restart,
    State,
    Suspension,
    extend,
    is_late,
    projected,
    remaining,
    restart,
    resume,
    scoring_elapsed,
    start,
    stop,
    suspend,
)
from .codec import from_data, from_json, to_data, to_json
from .counting import Exclusion, add, between, working_days_between
from .duration import UNITS, Duration, Unit
from .errors import ClockError
from .explain import explain
from .ledger import Due, Entry, rewalk

__all__ = [
    "STANDARD",
    "UNITS",
    "Calendar",
    "Clock",
    "ClockError",
    "DayRule",
    "Due",
    "Duration",
    "Entry",
    "Exclusion",
    "Extension",
    "Restart",
    "Session",
    "State",
    "Suspension",
    "Unit",
    "Weekly",
    "add",
    "between",
    "explain",
    "extend",
    "from_data",
    "from_json",
    "is_late",
    "projected",
    "remaining",
    "restart",
    "resume",
    "rewalk",
    "scoring_elapsed",
    "start",
    "stop",
    "suspend",
    "to_data",
    "to_json",
    "working_days_between",
]

prepare(Clock, Due, Duration, Entry)
