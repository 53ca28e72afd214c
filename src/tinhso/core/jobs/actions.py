"""Starting, stopping and resuming long work, and the running itself."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.jobs import queries
from tinhso.core.jobs.errors import not_open, not_prepared, not_resumable, nothing_to_retry
from tinhso.core.jobs.models import Heartbeat, Item, ItemState, Run, RunState
from tinhso.core.jobs.queue import defer
from tinhso.core.jobs.runs import OPEN, Cancelled, Steps
from tinhso.core.jobs.slots import WORK_KINDS
from tinhso.kit.errors import Refusal

log = logging.getLogger("tinhso.jobs")

#: Rows of a list are written so many at a time.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing of a list to work through, as it is when it is chosen: see `Item`."""

    key: str
    label: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def start(
    *,
    kind: str,
    title: str,
    actor: Actor,
    data: dict[str, Any] | None = None,
    total: int = 0,
    things: Iterable[Thing] = (),
    prepared: bool = False,
) -> Run:
    """Queue long work for the worker, in the caller's transaction: it only runs when that commits.

    `kind` is a registered `WorkKind`; `data` plain JSON; `things` the list it works through, if it is one.
    `prepared` work waits for `confirm`. `SlotError` when the kind is unknown.
    """
    WORK_KINDS.get(kind)
    if actor.person_id is None:
        raise ValueError("long work belongs to the person who asked for it; use a schedule for the rest")
    with transaction.atomic():
        run = Run.objects.create(
            kind=kind,
            title=title[:200],
            person_id=actor.person_id,
            post_id=actor.standing_key,
            unit_id=actor.unit_id,
            data=data or {},
            total=total,
            state=RunState.PREPARED if prepared else RunState.QUEUED,
        )
        _keep(run, things)
        if not prepared:
            _audit("jobs.start", run, actor)
            _enqueue(run.id)
    return run


def _keep(run: Run, things: Iterable[Thing]) -> None:
    rows = (
        Item(run=run, position=n, key=t.key, label=t.label[:200], data=t.data) for n, t in enumerate(things)
    )
    while chunk := list(islice(rows, AT_ONCE)):
        Item.objects.bulk_create(chunk)
        run.total += len(chunk)
    if run.total:
        run.save(update_fields=["total"])


def confirm(run_id: UUID, *, actor: Actor, data: dict[str, Any], title: str = "") -> Run:
    """Begin prepared work as it was confirmed: `data` joins what it was asked with. Refused when it has begun."""
    queries.run(run_id, actor=actor)
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state != RunState.PREPARED or run.person_id != actor.person_id:
            raise not_prepared()
        run.state, run.data, run.title = RunState.QUEUED, {**run.data, **data}, title[:200] or run.title
        run.post_id, run.unit_id, run.started_at = actor.standing_key, actor.unit_id, timezone.now()
        run.save()
        _audit("jobs.start", run, actor)
        _enqueue(run.id)
    return run


def discard(run_id: UUID, *, actor: Actor) -> None:
    """Forget prepared work that nobody confirmed."""
    queries.run(run_id, actor=actor)
    Run.objects.filter(id=run_id, state=RunState.PREPARED).delete()


def forget_prepared(older_than: datetime) -> int:
    """Forget what was prepared before a moment and never confirmed; returns how many."""
    return Run.objects.filter(state=RunState.PREPARED, started_at__lt=older_than).delete()[0]


def cancel(run_id: UUID, *, actor: Actor) -> Run:
    """Stop a run after the step it is in. Refused when it is over."""
    return _move(run_id, actor, OPEN, RunState.CANCELLED, "jobs.cancel")


def resume(run_id: UUID, *, actor: Actor) -> Run:
    """Go on with a stopped or failed run where it was. Refused for others, and for kinds that cannot go on."""
    return _move(run_id, actor, (RunState.CANCELLED, RunState.FAILED), RunState.QUEUED, "jobs.resume")


def retry(run_id: UUID, *, actor: Actor, changed: bool = False) -> Run:
    """Try again what could not be done; with `changed` also what had moved since it was chosen.

    Only who asked for the work may do it: it is done with their rights. Refused while it runs.
    """
    queries.run(run_id, actor=actor)
    states = [ItemState.REFUSED, ItemState.CHANGED] if changed else [ItemState.REFUSED]
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state in (*OPEN, RunState.PREPARED) or run.person_id != actor.person_id:
            raise not_resumable()
        again = Item.objects.filter(run_id=run_id, state__in=states).update(
            state=ItemState.WAITING, message="", at=None
        )
        if not again:
            raise nothing_to_retry()
        run.state, run.error, run.finished_at = RunState.QUEUED, "", None
        run.done, run.failed = run.done - again, run.failed - again
        run.data = {**run.data, **({"anyway": True} if changed else {})}
        run.save()
        _audit("jobs.retry_items", run, actor)
        _enqueue(run.id)
    return run


def _move(run_id: UUID, actor: Actor, states: tuple[RunState, ...], to: RunState, act: str) -> Run:
    queries.run(run_id, actor=actor)
    with transaction.atomic():
        run = Run.objects.select_for_update().get(id=run_id)
        if run.state not in states or (to == RunState.QUEUED and run.kind not in WORK_KINDS):
            raise not_open() if to == RunState.CANCELLED else not_resumable()
        run.state, run.error = to, ""
        run.finished_at = timezone.now() if to == RunState.CANCELLED else None
        run.save(update_fields=["state", "error", "finished_at"])
        _audit(act, run, actor)
        if to == RunState.QUEUED:
            _enqueue(run.id)
    return run


def work(run_id: UUID) -> None:
    """Do a run; called by the worker, at least once. One that already runs elsewhere or is over is left alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"run:{run_id}"])
        if not cursor.fetchone()[0]:
            return
        try:
            _work_alone(run_id)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"run:{run_id}"])


def _work_alone(run_id: UUID) -> None:
    if not Run.objects.filter(id=run_id, state__in=OPEN).update(state=RunState.RUNNING):
        return
    run = Run.objects.get(id=run_id)
    try:
        result = WORK_KINDS.get(run.kind).function(Steps(run))
    except Cancelled:
        return
    except Refusal as refusal:
        _end(run_id, RunState.FAILED, error=refusal.message)
        return
    except Exception as error:  # whatever went wrong is shown to whoever asked, who may resume
        log.exception("long work failed", extra={"run": str(run_id), "kind": run.kind})
        _end(run_id, RunState.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
        return
    _end(run_id, RunState.DONE, result=result)


def _end(run_id: UUID, state: RunState, **values: Any) -> None:
    Run.objects.filter(id=run_id, state=RunState.RUNNING).update(
        state=state, finished_at=timezone.now(), **values
    )


def beat(name: str = "worker") -> None:
    """Say that the worker lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def _enqueue(run_id: UUID) -> None:
    defer("jobs.work", run_id=str(run_id))


def _audit(act: str, run: Run, actor: Actor) -> None:
    batch = Batch()
    record(
        batch,
        act=act,
        object_kind="run",
        object_id=str(run.id),
        actor=actor,
        data={"kind": run.kind, "title": run.title},
    )
    batch.send()
