"""The only reads of tasks: the inbox, what others hold, and what nobody does."""

from __future__ import annotations

from tinhso.core.desk.queries.handover import Load, held_by, held_by_colleague, loads, place_of
from tinhso.core.desk.queries.idle import Idle, idle, working_days
from tinhso.core.desk.queries.inbox import COUNT_CAP, WHICH, Counts, Row, Which, inbox, inbox_counts, rows_of

__all__ = [
    "COUNT_CAP",
    "WHICH",
    "Counts",
    "Idle",
    "Load",
    "Row",
    "Which",
    "held_by",
    "held_by_colleague",
    "idle",
    "inbox",
    "inbox_counts",
    "loads",
    "place_of",
    "rows_of",
    "working_days",
]
