"""What a change of a working calendar would do to the cases now open. Reads only; promised dates are never moved here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from tinhso.core.cases.models import Case
from tinhso.core.orgs import queries as orgs
from tinhso.kit import worktime
from tinhso.kit.worktime import Calendar, Clock

LOOKED_AT = 2_000
SHOWN = 10


@dataclass(frozen=True, slots=True)
class MovedCase:
    """One case whose time would run out at another moment."""

    code: str
    now: datetime
    then: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of the `looked_at` cases would be due at another moment, and the first of them by due date.

    `more` says that further cases are open which were not looked at.
    """

    count: int
    looked_at: int
    more: bool
    first: tuple[MovedCase, ...]


def moved_by(code: str, trial: Calendar, day: date) -> Moved:
    """Count the open cases of every unit that keeps calendar `code` again, as if it were `trial`.

    `trial` differs from the calendar in force on `day` only, so a case due before that day cannot move.
    At most `LOOKED_AT` cases are counted, those due soonest first.
    """
    units = [unit.id for unit in orgs.units_keeping(code)]
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()), trial.zone)
    rows = Case.objects.filter(
        competent_id__in=units, finished_at__isnull=True, due_current__gte=start - timedelta(days=1)
    )
    values = rows.order_by("due_current", "id").values_list("code", "state__clock", "due_current")[
        : LOOKED_AT + 1
    ]
    found = list(values)
    present = orgs.calendar_by_code(code)
    moved = []
    for case_code, data, _due in found[:LOOKED_AT]:
        clock = worktime.from_data(Clock, data or {})
        now, then = worktime.projected(clock, present), worktime.projected(clock, trial)
        if now is not None and then is not None and now != then:
            moved.append(MovedCase(case_code, now, then))
    return Moved(len(moved), min(len(found), LOOKED_AT), len(found) > LOOKED_AT, tuple(moved[:SHOWN]))
