"""A kind of long work for the tests, and a worker that knows it: `python -m tinhso.core.jobs.tests.kinds`.

The worker's work prints each step before it is committed and then waits for a line, so that a test decides
when it is killed.
"""

from __future__ import annotations

import sys
from typing import Any

KIND = "t.count"


def count(steps: Any) -> dict[str, Any]:
    """Count from the cursor to `data["to"]`, each number once, in the transaction of its step."""
    from django.db import transaction

    from tinhso.core.db import series

    to, stop_at = steps.data["to"], steps.data.get("stop_at")
    steps.expect(to)
    for number in range((steps.cursor or 0) + 1, to + 1):
        with transaction.atomic():
            series.take(f"step:{number}")
            steps.step(cursor=number, failed=int(number % 5 == 0))
            if number == stop_at:
                print("step", number, flush=True)  # noqa: T201 - what the test waits for
                sys.stdin.readline()
    return {"counted": to}


def use(function: Any = count) -> None:
    """Let the kind be known in this process."""
    from tinhso.core.jobs.slots import WORK_KINDS, WorkKind

    WORK_KINDS._items[KIND] = WorkKind(KIND, function)


if __name__ == "__main__":
    import django

    django.setup()
    from tinhso.core.jobs.worker import run_worker

    use()
    print("ready", flush=True)  # noqa: T201
    run_worker()
    print("stopped", flush=True)  # noqa: T201
