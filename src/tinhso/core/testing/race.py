"""Doing things at the same moment, each on a connection of its own; for tests with `transaction=True`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

LONGEST_SECONDS = 30


def race(*functions: Callable[[], Any]) -> list[Any]:
    """Start all functions together in threads and wait for all; each one's result, or the exception it raised.

    `TimeoutError` when one is still waiting after `LONGEST_SECONDS`, which means a deadlock.
    """
    barrier = threading.Barrier(len(functions))
    results: list[Any] = [None] * len(functions)

    def run(place: int) -> None:
        try:
            barrier.wait(timeout=LONGEST_SECONDS)
            results[place] = functions[place]()
        except BaseException as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONGEST_SECONDS)
    if any(thread.is_alive() for thread in threads):
        raise TimeoutError("a racer never came back")
    return results
