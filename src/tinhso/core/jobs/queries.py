"""Reading long work."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db.models import Count

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import standing_of_person
from tinhso.core.db.paging import Page, page
from tinhso.core.jobs.errors import no_run, post_left
from tinhso.core.jobs.models import Item, ItemState, Run, RunState
from tinhso.core.jobs.policy import may_see


def run(run_id: UUID, *, actor: Actor) -> Run:
    """The run, for somebody who may see it; `NotFound` otherwise."""
    found = Run.objects.filter(id=run_id).first()
    if found is None or not may_see(actor, found):
        raise no_run()
    return found


def my_runs(actor: Actor, *, cursor: str = "", size: int = 20) -> Page[Run]:
    """What the actor asked for, latest first; not what still waits to be confirmed."""
    if actor.person_id is None:
        return Page([])
    rows = Run.objects.filter(person_id=actor.person_id).exclude(state=RunState.PREPARED)
    return page(rows.defer("data", "result"), by=["-started_at", "-id"], cursor=cursor, size=size)


def items(run_id: UUID, *, state: str = "", cursor: str = "", size: int = 50) -> Page[Item]:
    """The things of a run in their order, those of one state when it is named."""
    rows = Item.objects.filter(run_id=run_id)
    if state in ItemState.values:
        rows = rows.filter(state=state)
    return page(rows, by=["position"], cursor=cursor, size=size)


def counts(run_id: UUID) -> dict[str, int]:
    """How many things of a run are in which state."""
    rows = Item.objects.filter(run_id=run_id).values_list("state").annotate(Count("id")).order_by()
    return {str(state): number for state, number in rows}


def actor_of(run: Run) -> Actor:
    """Who asked for a run, in the post they asked in, with the rights of now; their acts name the run.

    A `Refusal` when the person no longer holds that post: another post's rights are not what they used.
    """
    standing, request = standing_of_person(run.person_id), f"run:{run.id}"
    if run.post_id is None:
        return Actor(person_id=standing.person_id, name=standing.name, request_id=request)
    found = standing.actor(run.post_id)
    if found.standing_key != run.post_id:
        raise post_left()
    return replace(found, request_id=request)
