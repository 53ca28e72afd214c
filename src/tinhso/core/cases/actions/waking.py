"""Letting cases act when their moment has come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions.automatic import settle
from tinhso.core.cases.actions.perform import perform
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import load_state
from tinhso.kit.errors import Refusal

TIMER = system_actor("timer")


def wake_due(limit: int = 200, now: datetime | None = None) -> int:
    """Let every case whose moment has come act by itself; returns how many did. Safe to run in several places."""
    moment = now or timezone.now()
    due = Case.objects.filter(wake_at__lte=moment).order_by("wake_at").values_list("id", flat=True)[:limit]
    return sum(wake_case(case_id, now=now) for case_id in list(due))


def wake_case(case_id: UUID, *, now: datetime | None = None) -> bool:
    """Let one case do whatever is due: its automatic steps, then what the clock brings. Whether it did anything."""
    moment = now or timezone.now()
    before = Case.objects.get(id=case_id)
    if load_state(before.state).for_machine(moment):
        settle(case_id, now=now)
    try:
        perform(case_id, "wake", actor=TIMER, now=now)
    except Refusal as refusal:
        if refusal.code in ("nothing_due", "closed"):
            _look_again_later(case_id, moment)
        return Case.objects.filter(id=case_id, seq__gt=before.seq).exists()
    return True


def _look_again_later(case_id: UUID, moment: datetime) -> None:
    """Nothing had to be done (the case will be in time): the next moment is the one to wait for.

    The column only says when to look; the moments themselves stay in the state.
    """
    case = Case.objects.get(id=case_id)
    later = [m for m in load_state(case.state).moments if m > moment]
    Case.objects.filter(id=case_id, seq=case.seq).update(wake_at=min(later, default=None))
