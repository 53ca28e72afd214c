"""Waiting for another process without guessing how long it takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 60.0


def eventually(look: Callable[[], Found], *, what: str, seconds: float = PATIENCE) -> Found:
    """What `look` returns as soon as it is true; `AssertionError` naming `what` when it never is."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}; last seen: {found!r}")
        pause.wait(0.1)
