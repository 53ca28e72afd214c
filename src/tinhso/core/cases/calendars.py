"""What a change of a working calendar does to the cases now open: shown before it is saved, and, where it is wanted, done.

A change is looked at as pairs of calendars by unit, the one in force and the one to come. Promised dates stay unless
somebody asks to count again those that would be later; they never come nearer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions.perform import perform
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.models import Case
from tinhso.core.jobs import actions as jobs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, Run
from tinhso.core.jobs.runs import Steps
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.orgs.policy import EDIT_CALENDARS, require
from tinhso.kit import worktime
from tinhso.kit.dates import vi_datetime
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import Calendar, Clock

LOOKED_AT = 2_000
SHOWN = 10
RECOUNT = "cases.recount"


@dataclass(frozen=True, slots=True)
class MovedCase:
    """One case whose time would run out at another moment."""

    code: str
    now: datetime
    then: datetime
    id: UUID | None = None

    @property
    def later(self) -> bool:
        return self.then > self.now


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of the `looked_at` cases would be due at another moment, `later` of them later, and the first of them by
    due date. `more` says that further cases are open which were not looked at."""

    count: int
    looked_at: int
    more: bool
    first: tuple[MovedCase, ...]
    later: int = 0


#: By unit: the calendar in force and the one to come.
Pairs = Mapping[UUID, tuple[Calendar, Calendar]]


def changed(units: list[Unit], trial: Callable[[Unit], Calendar]) -> Pairs:
    """The pairs for some units: what each keeps, and what it would keep. A unit that keeps no calendar is left out."""
    found = {}
    for unit in units:
        try:
            found[unit.id] = (orgs.calendar_for(unit.path), trial(unit))
        except Refusal:
            continue
    return found


def moved_by(code: str, trial: Calendar, day: date) -> Moved:
    """Count the open cases of every unit that keeps calendar `code` again, as if it were `trial` from `day` on.

    A case due before that day cannot move. At most `LOOKED_AT` cases are counted, those due soonest first.
    """
    units = orgs.units_keeping(code)
    return moved_in(changed(units, lambda unit: orgs.calendar_if(unit.path, {code: trial})), day)


def moved_in(pairs: Pairs, day: date) -> Moved:
    """The same for pairs of calendars."""
    looked_at, more, moved = 0, False, []
    for case_id, code, clock, unit in _open(pairs, day, LOOKED_AT + 1):
        if looked_at == LOOKED_AT:
            more = True
            break
        looked_at += 1
        present, trial = pairs[unit]
        now, then = worktime.projected(clock, present), worktime.projected(clock, trial)
        if now is not None and then is not None and now != then:
            moved.append(MovedCase(code, now, then, case_id))
    return Moved(len(moved), looked_at, more, tuple(moved[:SHOWN]), sum(m.later for m in moved))


def _open(pairs: Pairs, day: date, limit: int | None = None) -> Iterator[tuple[UUID, str, Clock, UUID]]:
    """Open cases of the units that can be due on or after the day, soonest first."""
    start = timezone.make_aware(datetime.combine(day, datetime.min.time()), Facts.zone)
    rows = Case.objects.filter(
        competent_id__in=list(pairs), finished_at__isnull=True, due_current__gte=start - timedelta(days=1)
    ).order_by("due_current", "id")
    values = rows.values_list("id", "code", "state__clock", "competent_id")
    for case_id, code, clock, unit in values[:limit] if limit else values.iterator(chunk_size=2_000):
        yield case_id, code, worktime.from_data(Clock, clock or {}), unit


def start_recount(*, actor: Actor, units: list[Unit], day: date, reason: str, back: str = "") -> Run | None:
    """Have the open cases of some units counted again whose promised date the calendars now in force make later.

    To be called after the change was saved. Each case gets an act `recount` by the person, with the reason in its
    ledger; a case that moved meanwhile or became no later is named in the run. None when no case would move.
    """
    require(actor, EDIT_CALENDARS)
    kept = {unit.id: orgs.calendar_for(unit.path) for unit in units}
    pairs = {unit_id: (calendar, calendar) for unit_id, calendar in kept.items()}
    things = [
        Thing(str(case_id), code, {"reason": reason})
        for case_id, code, clock, unit in _open(pairs, day)
        if _later(clock, kept[unit])
    ]
    if not things:
        return None
    title = _("Tính lại hạn theo lịch làm việc: %(reason)s") % {"reason": reason}
    return jobs.start(kind=RECOUNT, title=title, actor=actor, things=things, data={"back": back})


def _later(clock: Clock, calendar: Calendar) -> bool:
    then = worktime.projected(clock, calendar)
    return bool(then and clock.due_current and then > clock.due_current)


def recount_for_run(steps: Steps) -> dict[str, object]:
    """The work of a recount: one act a case."""
    actor = steps.actor()

    def one(item: Item) -> str:
        done = perform(UUID(item.key), "recount", {"reason": item.data["reason"]}, actor=actor)
        due = done.state.clock.due_current
        return _("hẹn lại %(due)s") % {"due": vi_datetime(due)} if due else ""

    steps.each(one)
    return {}
