"""Events: emitting them with a change, and who handles them.

An action emits a frozen dataclass of `tinhso.contracts` in its own batch and transaction. A handler is a
function registered in a room's `wiring`; the worker calls it after the commit, in a transaction of its
own that also marks the delivery done. Killed in between, it runs again with nothing half done.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import msgspec
from django.utils import timezone

from tinhso.core.db.batch import Batch
from tinhso.core.events.models import Delivery, Event
from tinhso.kit.slots import Slot
from tinhso.kit.structs import prepare
from tinhso.kit.uuid7 import uuid7


@dataclass(frozen=True, slots=True)
class Handler:
    """`function(event, delivery_key)` for the events of `event_type`; `name` is unique, `room.verb`.

    With `when`, only for events it holds for: what concerns nobody is not written, claimed and marked done.
    """

    name: str
    event_type: type
    function: Callable[[Any, str], None]
    when: Callable[[Any], bool] | None = None

    def wants(self, event: Any) -> bool:
        return self.when is None or self.when(event)


HANDLERS: Slot[Handler] = Slot("event handlers", Handler, lambda h: h.name)


def handles(
    event_type: type,
    name: str,
    function: Callable[[Any, str], None],
    *,
    when: Callable[[Any], bool] | None = None,
) -> None:
    """Register a handler; call it from `wiring.py`. `when` is asked as the event is written: it looks at nothing else."""
    prepare(event_type)
    HANDLERS.add(Handler(name, event_type, function, when))


@cache
def handlers_of(event_type: Hashable) -> tuple[Handler, ...]:
    return tuple(h for h in HANDLERS if h.event_type is event_type)


def emit(batch: Batch, event: Any, *, subject_id: str) -> None:
    """Write an event and one delivery per handler that wants it into the batch. `subject_id` is what it is about, e.g. a case id."""
    now, key, kind = timezone.now(), uuid7(), type(event)
    batch.insert(
        Event, id=key, at=now, name=kind.__name__, subject_id=subject_id, data=msgspec.to_builtins(event)
    )
    for handler in handlers_of(cast("Hashable", kind)):  # mypy looks at the instances' hash, not the class's
        if handler.wants(event):
            batch.insert(
                Delivery, event_id=key, handler=handler.name, attempts=0, next_at=now, dead=False, error=""
            )


def load(handler: Handler, data: dict[str, Any]) -> Any:
    """The event dataclass from its stored fields."""
    return msgspec.convert(data, handler.event_type)
