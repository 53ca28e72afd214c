"""Long work with progress: begun by a person, done by the worker item by item, watched on a page.

The worker writes each item's outcome as soon as it is known. Killed in between, the job runs again and skips
the items that have an outcome; an item itself must be safe to repeat.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tinhso.core.jobs.models import Run
from tinhso.kit.errors import NotFound, Refusal


def start(*, kind: str, title: str, person_id: UUID, items: Sequence[str], data: dict[str, Any]) -> Run:
    """Register a run over `items` (their keys, in order); the caller defers the job that works through it."""
    return Run.objects.create(
        kind=kind, title=title, person_id=person_id, total=len(items), data={**data, "items": list(items)}
    )


def work_through(run_id: UUID, do: Callable[[str, dict[str, Any]], tuple[str, str]]) -> Run:
    """Do every item without an outcome: `do(key, data)` returns (label, message), or raises a `Refusal`.

    A refused item is an outcome too and does not stop the others. Any other error ends the job, to be
    tried again by the queue.
    """
    run = Run.objects.get(id=run_id)
    tried = {outcome["key"] for outcome in run.outcomes}
    for key in run.data["items"]:
        if key in tried:
            continue
        try:
            label, message = do(key, run.data)
            outcome = {"key": key, "label": label, "ok": True, "message": message}
        except Refusal as refusal:
            outcome = {"key": key, "label": key, "ok": False, "message": refusal.message}
        _add(run, outcome)
    Run.objects.filter(id=run.id, finished_at__isnull=True).update(finished_at=timezone.now())
    run.refresh_from_db()
    return run


def _add(run: Run, outcome: dict[str, Any]) -> None:
    with transaction.atomic():
        held = Run.objects.select_for_update().get(id=run.id)
        if all(o["key"] != outcome["key"] for o in held.outcomes):
            held.outcomes = [*held.outcomes, outcome]
            held.save(update_fields=["outcomes"])


def run_of(run_id: UUID, *, person_id: UUID | None) -> Run:
    """The run somebody started; `NotFound` for anybody else."""
    found = Run.objects.filter(id=run_id, person_id=person_id).first()
    if found is None:
        raise NotFound("no_run", "Không tìm thấy công việc này.")
    return found
