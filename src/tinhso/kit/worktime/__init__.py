"""Working time: the one clock of the project. Pure: no database, no current time, everything passed in."""

from __future__ import annotations

from tinhso.kit.structs import prepare

from .calendar import STANDARD, Calendar, DayRule, Session, Weekly
from .clock import (
    Clock,
    Extension,
    Recount,
    Restart,
    State,
    Suspension,
    extend,
    is_late,
    projected,
    recount,
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
from .plan import Node, PlanLine, Planned, explain_plan, parallel, plan, plan_lines, sequence, step

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
    "Node",
    "PlanLine",
    "Planned",
    "Recount",
    "Restart",
    "Session",
    "State",
    "Suspension",
    "Unit",
    "Weekly",
    "add",
    "between",
    "explain",
    "explain_plan",
    "extend",
    "from_data",
    "from_json",
    "is_late",
    "parallel",
    "plan",
    "plan_lines",
    "projected",
    "recount",
    "remaining",
    "restart",
    "resume",
    "rewalk",
    "scoring_elapsed",
    "sequence",
    "start",
    "step",
    "stop",
    "suspend",
    "to_data",
    "to_json",
    "working_days_between",
]

prepare(Clock, Due, Duration, Entry)
