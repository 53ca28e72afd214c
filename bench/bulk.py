"""One act on many cases: choosing them, looking at what would come of it, and doing it, in this one process.

`python -m bench.bulk 10000` does it for another number of cases than `run` (which `python -m bench bulk` calls).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = 2_000
ACT = "hand_over"


@contextmanager
def timed(figures: dict[str, float], name: str, size: int) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    took = time.perf_counter() - begun
    figures[f"bulk.{name} s"] = took
    figures[f"bulk.{name} /s"] = size / took


def prepared(size: int) -> list[str]:
    """Codes of fresh cases, filed and accepted."""
    from django.db import transaction

    from bench import people
    from bench.acts import file_one
    from tinhso.core.cases.actions import Order, perform_many
    from tinhso.core.cases.models import Case

    ids = [file_one() for _ in range(size)]
    clerk = people.actor("motcua")
    for start in range(0, size, 50):
        with transaction.atomic():
            perform_many([Order(i) for i in ids[start : start + 50]], "accept", actor=clerk)
    return list(Case.objects.filter(id__in=ids).values_list("code", flat=True))


def run(cases: int = SIZE) -> dict[str, float]:
    from bench import people
    from tinhso.core.cases import bulk
    from tinhso.core.jobs import actions as runs

    size = cases
    codes, clerk, figures = prepared(size), people.actor("motcua"), {}
    with timed(figures, "choose", size):
        chosen = bulk.prepare(ACT, actor=clerk, codes=codes)
    with timed(figures, "trial", size):
        trial = bulk.trial(chosen, actor=clerk, values={})
    with timed(figures, "do", size):
        bulk.confirm(chosen, {}, actor=clerk)
        runs.work(chosen.id)
    chosen.refresh_from_db()
    if not trial.fit == chosen.succeeded == size:
        raise RuntimeError(f"{trial.fit} fit, {chosen.succeeded} done of {size}: {chosen.error}")
    return figures


if __name__ == "__main__":
    from bench.setup import installation

    installation()
    for key, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE).items():
        print(f"{key:<30} {value:>12,.2f}")
