"""Reading long work."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, page
from tinhso.core.jobs.errors import no_run
from tinhso.core.jobs.models import Run
from tinhso.core.jobs.policy import may_see


def run(run_id: UUID, *, actor: Actor) -> Run:
    """The run, for somebody who may see it; `NotFound` otherwise."""
    found = Run.objects.filter(id=run_id).first()
    if found is None or not may_see(actor, found):
        raise no_run()
    return found


def my_runs(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Run]:
    """What the actor asked for, latest first."""
    if actor.person_id is None:
        return Page([])
    return page(
        Run.objects.filter(person_id=actor.person_id), by=["-started_at", "-id"], cursor=cursor, size=size
    )
