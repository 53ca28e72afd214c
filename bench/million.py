"""What an act costs beside a million cases against a database that has hardly any: two databases, taking turns."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

from bench.setup import installation

SMALL, BIG = "tinhso_small", "tinhso_million"
TURNS, ACTS = 9, 40
#: An act, its event and its audit entry for every case that lists.fill made, as long as real ones are.
HISTORY = (
    """INSERT INTO cases_act (case_id, seq, kind, at, actor, data, effects, facts, hash)
       SELECT c.id, 1, 'file', c.submitted_at, m.actor, m.data, m.effects, m.facts, m.hash FROM cases_case c,
       (SELECT * FROM cases_act WHERE kind = 'file' ORDER BY id LIMIT 1) m
       WHERE c.key LIKE 'list:%' AND NOT EXISTS (SELECT FROM cases_act a WHERE a.case_id = c.id)""",
    """INSERT INTO events_event (id, at, name, subject_id, data)
       SELECT uuidv7(), c.submitted_at, m.name, c.id::text, m.data FROM cases_case c,
       (SELECT * FROM events_event ORDER BY id LIMIT 1) m
       WHERE c.key LIKE 'list:%' AND NOT EXISTS (SELECT FROM events_event e WHERE e.subject_id = c.id::text)""",
)


def compare(acts: int = ACTS) -> dict[str, float]:
    """Milliseconds of filing and of accepting in both, and their ratio (medians over turns)."""
    workers = [_worker(name) for name in (SMALL, BIG)]
    try:
        found: list[list[dict[str, float]]] = [[], []]
        for turn in range(TURNS):
            for n in (0, 1) if turn % 2 else (1, 0):
                found[n].append(_ask(workers[n], acts))
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait(30)
    figures = {}
    for what in found[0][0]:
        small, big = (statistics.median(turn[what] for turn in turns) for turns in found)
        figures |= {
            f"million.{what} without": small,
            f"million.{what} with": big,
            f"million.{what} ratio": big / small,
        }
    return figures


def _worker(name: str) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    command = [sys.executable, "-W", "ignore", "-m", "bench.million", name]
    worker = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    worker.stdout.readline()
    return worker


def _ask(worker: subprocess.Popen[str], acts: int) -> dict[str, float]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(f"{acts}\n")
    worker.stdin.flush()
    return dict(json.loads(worker.stdout.readline()))


def serve(name: str) -> None:
    """A process that does acts in one database when it is told to."""
    installation(name)
    from bench.acts import WARM, advance_one, file_one

    if name == BIG:
        fill()
    for _ in range(WARM):
        advance_one(file_one())
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(_turn(int(line))), flush=True)


def fill() -> None:
    """A million cases with their tasks, search entries, acts and events."""
    from django.db import connection

    from bench.lists import fill as fill_lists

    fill_lists()
    with connection.cursor() as cursor:
        for statement in HISTORY:
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE cases_act, events_event")


def _turn(acts: int) -> dict[str, float]:
    from bench import processor
    from bench.acts import advance_one, file_one

    cases, figures = [], {}
    for what in ("file", "advance"):
        begun, used = time.perf_counter(), time.process_time() + processor.backend()
        if what == "file":
            cases = [file_one() for _ in range(acts)]
        else:
            for case_id in cases:
                advance_one(case_id)
        figures[f"{what} ms"] = (time.perf_counter() - begun) / acts * 1000
        figures[f"{what} cpu ms"] = (time.process_time() + processor.backend() - used) / acts * 1000
    return figures


if __name__ == "__main__":
    serve(sys.argv[1])
