"""An event and handlers for the tests of this room, and a dispatcher to be killed: `python -m ...happenings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Happened:
    """Something the tests tell of."""

    number: int
    text: str = ""


def use(when: Any = None, **handlers: Any) -> None:
    """Replace all handlers by these, for `Happened`; `when` says which of them they want."""
    from tinhso.core.events.outbox import HANDLERS, Handler, handlers_of

    HANDLERS._items = {
        f"t.{name}": Handler(f"t.{name}", Happened, function, when) for name, function in handlers.items()
    }
    handlers_of.cache_clear()


def count_and_wait(event: Happened, key: str) -> None:
    """Count in the database, say so, and wait to be killed before the transaction ends."""
    from tinhso.core.db import series

    series.take(f"handled:{event.number}")
    print("handled", event.number, flush=True)  # noqa: T201 - what the test waits for
    input()


if __name__ == "__main__":
    from importlib import import_module

    import django

    django.setup()
    from tinhso.core.events.dispatch import deliver_due

    # The module under its own name: here it is `__main__`, whose event would be another class.
    import_module("tinhso.core.events.tests.happenings").use(count=count_and_wait)
    deliver_due()
    print("done", flush=True)  # noqa: T201
