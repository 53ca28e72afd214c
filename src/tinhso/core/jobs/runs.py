"""Long work with progress: begun by a person, done by the worker step by step, watched on a page.

Work over a list of things uses `start` and `work_through`; anything else is a `WorkKind` that calls
`Steps.step`. Either way each step's progress is written with the step itself: killed in between, the work
goes on behind the last step that was committed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tinhso.core.jobs.models import Run, RunState
from tinhso.kit.errors import NotFound, Refusal

OPEN = (RunState.QUEUED, RunState.RUNNING)


class Cancelled(Exception):  # noqa: N818 - not an error: the person asked for it
    """Somebody stopped the work; raised by the next step."""


class Steps:
    """A run as the function of its `WorkKind` sees it: `data` is what was asked, `cursor` where it stopped (or None)."""

    def __init__(self, run: Run) -> None:
        self.run_id: UUID = run.id
        self.person_id: UUID = run.person_id
        self.data: dict[str, Any] = run.data
        self.cursor: Any = run.cursor

    def expect(self, total: int) -> None:
        """Say how much there is to do."""
        Run.objects.filter(id=self.run_id).update(total=total)

    def step(self, *, cursor: Any, done: int = 1, failed: int = 0) -> None:
        """Say that `done` more were handled, `failed` of them in vain, and where to go on.

        Call it in the transaction of the step's own writes. `Cancelled` when the run was stopped: the
        transaction is then undone, as it should be.
        """
        changed = Run.objects.filter(id=self.run_id, state=RunState.RUNNING).update(
            done=F("done") + done, failed=F("failed") + failed, cursor=cursor
        )
        if not changed:
            raise Cancelled
        self.cursor = cursor


def start(*, kind: str, title: str, person_id: UUID, items: Sequence[str], data: dict[str, Any]) -> Run:
    """Register a run over `items` (their keys, in order); the caller defers the job that works through it."""
    return Run.objects.create(
        kind=kind, title=title, person_id=person_id, total=len(items), data={**data, "items": list(items)}
    )


def work_through(run_id: UUID, do: Callable[[str, dict[str, Any]], tuple[str, str]]) -> Run:
    """Do every item without an outcome: `do(key, data)` returns (label, message), or raises a `Refusal`.

    A refused item is an outcome too and does not stop the others. Any other error ends the job, to be
    tried again by the queue. A stopped run does no further item.
    """
    Run.objects.filter(id=run_id, state__in=OPEN).update(state=RunState.RUNNING)
    run = Run.objects.get(id=run_id)
    tried = {outcome["key"] for outcome in run.outcomes}
    for key in run.data["items"]:
        if key in tried:
            continue
        if not Run.objects.filter(id=run_id, state=RunState.RUNNING).exists():
            break
        try:
            label, message = do(key, run.data)
            outcome = {"key": key, "label": label, "ok": True, "message": message}
        except Refusal as refusal:
            outcome = {"key": key, "label": key, "ok": False, "message": refusal.message}
        _add(run_id, outcome)
    Run.objects.filter(id=run_id, state=RunState.RUNNING).update(
        state=RunState.DONE, finished_at=timezone.now()
    )
    run.refresh_from_db()
    return run


def _add(run_id: UUID, outcome: dict[str, Any]) -> None:
    with transaction.atomic():
        held = Run.objects.select_for_update().get(id=run_id)
        if all(o["key"] != outcome["key"] for o in held.outcomes):
            held.outcomes = [*held.outcomes, outcome]
            held.done, held.failed = len(held.outcomes), sum(not o["ok"] for o in held.outcomes)
            held.save(update_fields=["outcomes", "done", "failed"])


def run_of(run_id: UUID, *, person_id: UUID | None) -> Run:
    """The run somebody started; `NotFound` for anybody else."""
    found = Run.objects.filter(id=run_id).first()
    if found is None or found.person_id != person_id:
        raise NotFound("no_run", "Không tìm thấy công việc này.")
    return found
