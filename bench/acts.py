"""Filing and advancing a case through the real actions, in two processes, beside the floor; and where the rest goes.

With `--million` the same acts beside a million cases: what the 1,000,001st costs against the first.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from tinhso.kit.uuid7 import uuid7

SECONDS = 8
PROCESSES = 2
WARM = 30
POOL = 60
ROUNDS = 300


def file_one() -> UUID:
    from bench import people
    from tinhso.core.cases.actions import file_case

    who = people.actor("congdan")
    done = file_case(
        procedure=people.CODE,
        applicant=people.party(),
        answers=people.form(),
        papers=people.papers(),
        channel="online",
        key=f"bench:{uuid7()}",
        actor=who,
        filer_id=who.person_id,
    )
    return done.case.id


def advance_one(case_id: UUID) -> None:
    from bench import people
    from tinhso.core.cases.actions import perform

    perform(case_id, "accept", {}, actor=people.actor("motcua"))


def worker(what: str, seconds: float) -> dict[str, float]:
    """What one process does until the time is up; cases to advance are made before the clock starts."""
    from bench import processor

    for _ in range(WARM):
        advance_one(file_one())
    pool = [file_one() for _ in range(int(seconds * POOL))] if what == "advance" else []
    begun, used, server, count = time.perf_counter(), time.process_time(), processor.backend(), 0
    while time.perf_counter() - begun < seconds and (what == "file" or pool):
        if what == "file":
            file_one()
        else:
            advance_one(pool.pop())
        count += 1
    took = time.perf_counter() - begun
    return {
        "rate": count / took,
        "count": count,
        "cpu": time.process_time() - used,
        "server": processor.backend() - server,
    }


def in_processes(what: str, seconds: float, processes: int = PROCESSES) -> list[dict[str, float]]:
    """The same in several processes at the same time."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.acts", what, str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    outputs = [p.communicate()[0] for p in running]
    return [json.loads(o.strip().splitlines()[-1]) for o in outputs]


def run(seconds: float = SECONDS, processes: int = PROCESSES, million: bool = False) -> dict[str, float]:
    if million:
        return at_a_million()
    from bench import floor

    model = file_one()
    figures = _beside("file", floor.file_script(model), seconds, processes)
    advance_one(model)
    script = floor.advance_script(model, floor.number_cases())
    return figures | _beside("advance", script, seconds, processes) | costs()


def _beside(what: str, script: str, seconds: float, processes: int) -> dict[str, float]:
    """An act a second beside its floor, in wall time and in processor time (which neighbours disturb less)."""
    from bench import floor

    rate, least = floor.run(script, int(seconds))
    found = in_processes(what, seconds, processes)
    ours = sum(f["rate"] for f in found)
    spent = sum(f["cpu"] + f["server"] for f in found) / sum(f["count"] for f in found)
    return {
        f"acts.{what} floor /s": rate,
        f"acts.{what} /s": ours,
        f"acts.{what} ratio to floor": ours / rate,
        f"acts.{what} cpu ms": spent * 1000,
        f"acts.{what} floor cpu to ours": least / spent,
    }


def costs(rounds: int = ROUNDS) -> dict[str, float]:
    """Where the processor time of advancing a case goes, in microseconds of one act."""
    from django.db import transaction

    from bench import people, processor
    from tinhso.core.cases.actions import perform
    from tinhso.core.cases.actions.perform import sealed
    from tinhso.core.cases.acts import ACTS, decide
    from tinhso.core.cases.effects import fold
    from tinhso.core.cases.facts import gather
    from tinhso.core.cases.models import Case
    from tinhso.core.cases.state import load_state
    from tinhso.core.cases.versions import definition_of
    from tinhso.core.db.locks import lock_row

    cases = [file_one() for _ in range(rounds)]
    row, actor, kind = Case.objects.get(id=cases[0]), people.actor("motcua"), ACTS.get("accept")
    definition, state = definition_of(row.version_id), load_state(row.state)
    facts = gather(definition, state, actor)
    effects = decide(definition, state, kind, kind.data(), facts)

    def locked() -> None:
        with transaction.atomic():
            lock_row(Case, row.id)

    def rules() -> None:
        fold(state, decide(definition, state, kind, kind.data(), gather(definition, state, actor)))

    found = {
        "read, lock, commit": _cpu(rounds, locked),
        "read the state": _cpu(rounds, lambda: load_state(row.state)),
        "rules": _cpu(rounds, rules),
        "seal": _cpu(rounds, lambda: sealed(state, "accept", facts.now, actor, effects)),
    }
    before, used = processor.backend(), time.process_time()
    for case_id in cases:
        perform(case_id, "accept", {}, actor=actor)
    found["whole act, python"] = (time.process_time() - used) / rounds * 1e6
    found["whole act, server"] = (processor.backend() - before) / rounds * 1e6
    return {f"acts.us {name}": value for name, value in found.items()}


def _cpu(rounds: int, do: Callable[[], Any]) -> float:
    do()
    used = time.process_time()
    for _ in range(rounds):
        do()
    return (time.process_time() - used) / rounds * 1e6


def at_a_million() -> dict[str, float]:
    """An act in a database without cases against one with a million, taking turns."""
    from bench.million import compare

    return compare()


if __name__ == "__main__":
    from bench.setup import connect

    connect()
    print(json.dumps(worker(sys.argv[1], float(sys.argv[2]))))
