"""Long work as the function of its `WorkKind` sees it: step by step, or thing by thing of a list.

Each step's progress is written with the step itself: killed in between, the work goes on behind the last step
that was committed, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.jobs.models import Item, ItemState, Run, RunState
from tinhso.core.jobs.queries import actor_of
from tinhso.kit.errors import Refusal, Stale

OPEN = (RunState.QUEUED, RunState.RUNNING)
_SETTLE = """
UPDATE jobs_item i SET state = o.state, message = o.message, label = coalesce(nullif(o.label, ''), i.label), at = %s
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS o(id, state, message, label)
WHERE i.id = o.id AND i.state = 'waiting'
"""


class Cancelled(Exception):  # noqa: N818 - not an error: the person asked for it
    """Somebody stopped the work; raised by the next step."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one thing: `message` is for the person; `label` replaces the name it had."""

    item: Item
    state: ItemState = ItemState.DONE
    message: str = ""
    label: str = ""

    @staticmethod
    def of_refusal(item: Item, refusal: Refusal) -> Outcome:
        """A refused thing; one that moved since it was chosen counts as changed."""
        state = ItemState.CHANGED if isinstance(refusal, Stale) else ItemState.REFUSED
        return Outcome(item, state, refusal.message)


class Steps:
    """A run: `data` is what was asked, `cursor` where it stopped (or None)."""

    def __init__(self, run: Run) -> None:
        self.run_id: UUID = run.id
        self.person_id: UUID = run.person_id
        self.data: dict[str, Any] = run.data
        self.cursor: Any = run.cursor
        self._run = run

    def actor(self) -> Actor:
        """Who asked, in the post they asked in, with the rights that post has now; a `Refusal` when it is no longer theirs."""
        return actor_of(self._run)

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

    def groups(self, size: int) -> Iterator[list[Item]]:
        """The things without an outcome, `size` at a time, in their order; ends when all have one.

        Before each group the person must still hold the post they asked in: work of somebody who left stops there.
        """
        after = -1
        while True:
            if self._run.post_id is not None:
                self.actor()
            rows = Item.objects.filter(run_id=self.run_id, state=ItemState.WAITING, position__gt=after)
            group = list(rows.order_by("position")[:size])
            if not group:
                return
            yield group
            after = group[-1].position

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Keep what became of some things, in the transaction of the work itself; `Cancelled` like `step`.

        Something that has an outcome already keeps it and is not counted again.
        """
        columns: list[list[Any]] = [
            [o.item.id for o in outcomes],
            [o.state.value for o in outcomes],
            [o.message for o in outcomes],
            [o.label[:200] for o in outcomes],
        ]
        with connection.cursor() as cursor:
            cursor.execute(_SETTLE, [timezone.now(), *columns])
            settled = cursor.rowcount
        failed = sum(o.state != ItemState.DONE for o in outcomes)
        self.step(cursor=self.cursor, done=settled, failed=min(failed, settled))

    def each(self, do: Callable[[Item], str]) -> None:
        """Do every thing by itself: `do(item)` returns a message or raises a `Refusal`, which hinders no other.

        What `do` writes and the outcome are one transaction.
        """
        for (item,) in self.groups(1):
            with transaction.atomic():
                self.settle([tried(item, do)])


def tried(item: Item, do: Callable[[Item], str]) -> Outcome:
    """The outcome of one thing; what a refused one wrote is undone."""
    try:
        with transaction.atomic():
            return Outcome(item, message=do(item))
    except Refusal as refusal:
        return Outcome.of_refusal(item, refusal)
