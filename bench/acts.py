"""Filing and advancing a case through the real actions, in two processes, beside the floor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from uuid import UUID

from tinhso.kit.uuid7 import uuid7

SECONDS = 8
PROCESSES = 2
WARM = 30
POOL = 60


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


def worker(what: str, seconds: float) -> float:
    """Acts a second of one process; cases to advance are made before the clock starts."""
    for _ in range(WARM):
        advance_one(file_one())
    pool = [file_one() for _ in range(int(seconds * POOL))] if what == "advance" else []
    begun, count = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds and (what == "file" or pool):
        if what == "file":
            file_one()
        else:
            advance_one(pool.pop())
        count += 1
    return count / (time.perf_counter() - begun)


def in_processes(what: str, seconds: float = SECONDS) -> float:
    """The sum over two processes run at the same time."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.acts", what, str(seconds)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(PROCESSES)]
    outputs = [p.communicate()[0] for p in running]
    return sum(json.loads(o.strip().splitlines()[-1]) for o in outputs)


def run() -> dict[str, float]:
    from django.db import connection

    from bench import floor

    model = file_one()
    file_floor = floor.run(floor.file_script(model), SECONDS)
    filed = in_processes("file")
    advance_one(model)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_ids")
        cursor.execute(
            "CREATE TABLE bench_ids AS SELECT row_number() OVER () AS n, id FROM cases_case "
            "WHERE key LIKE 'b%%' AND seq = 1 LIMIT 20000"
        )
        cursor.execute("ALTER TABLE bench_ids ADD PRIMARY KEY (n)")
        cursor.execute("SELECT count(*) FROM bench_ids")
        most = cursor.fetchone()[0]
    advance_floor = floor.run(floor.advance_script(model, most), SECONDS)
    advanced = in_processes("advance")
    return {
        "acts.file floor /s": file_floor,
        "acts.file /s": filed,
        "acts.file ratio to floor": filed / file_floor,
        "acts.advance floor /s": advance_floor,
        "acts.advance /s": advanced,
        "acts.advance ratio to floor": advanced / advance_floor,
    }


if __name__ == "__main__":
    from bench.setup import connect

    connect()
    print(json.dumps(worker(sys.argv[1], float(sys.argv[2]))))
