"""Running the year: processes, what they tell, what it cost, and whether everything is whole afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import defaultdict
from typing import Any

from django.db import connection

from bench import processor

YEAR = 225_000
SEED = 2026
#: As many families as the demonstration has, more for a longer year.
FAMILIES, CASES_PER_FAMILY = 860, 40
SAMPLE = 500
DELIVERIES = 400
#: Handlers that make and seal paper: measured by themselves, at about a hundred milliseconds each.
PAPER = "onestop.make_paper"


def run(cases: int = 2_000, processes: int = 2, resume: bool = False) -> dict[str, float]:
    """Replay a year of `cases` cases; with `resume` go on where a killed run stopped, else begin anew."""
    _prepare(cases, resume)
    size, server = _size(), processor.server()
    begun = time.perf_counter()
    reports = _workers(cases, processes)
    seconds = time.perf_counter() - begun
    server = processor.server() - server
    size = _size() - size
    filed, acts = sum(r["filed"] for r in reports), sum(r["acts"] for r in reports)
    work = max(r["seconds"] for r in reports)  # without starting Python and reading the definitions
    figures = {
        "year.cases": filed,
        "year.acts": acts,
        "year.acts per case": acts / max(1, filed),
        "year.seconds": seconds,
        "year.cases /s": filed / work,
        "year.acts /s": acts / work,
        "year.minutes for 225,000 cases": YEAR / (filed / work) / 60,
        "year.rate of last tenth to second": _steadiness(reports),
        "year.python cpu ms per act": sum(r["cpu"] for r in reports) * 1000 / acts,
        "year.server cpu ms per act": server * 1000 / acts,
        "year.minutes of cpu for 225,000 cases": (server + sum(r["cpu"] for r in reports))
        / filed
        * YEAR
        / 60
        / 2,
        "year.peak MB of a process": max(r["peak"] for r in reports),
        "year.database bytes per case": size / max(1, filed),
        "year.refused acts": sum(sum(r["refused"].values()) for r in reports),
        "year.cases left open": sum(r["open"] for r in reports),
    }
    return figures | _by_kind(reports) | _whole() | _deliver()


def _prepare(cases: int, resume: bool) -> None:
    from bench.setup import installation

    installation("tinhso_year", fresh=not resume, families=max(FAMILIES, cases // CASES_PER_FAMILY))


def _workers(cases: int, processes: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-W", "ignore", "-m", "bench.year.worker"]
    started = [
        subprocess.Popen(
            [*command, str(n), str(processes), str(cases), str(SEED)], stdout=subprocess.PIPE, text=True
        )
        for n in range(processes)
    ]
    reports: list[dict[str, Any]] = []
    listeners = [threading.Thread(target=_listen, args=(p, reports)) for p in started]
    try:
        for thread in listeners:
            thread.start()
        for thread in listeners:
            thread.join()
    except KeyboardInterrupt:
        for process in started:
            process.terminate()
        raise
    if len(reports) != processes:
        raise RuntimeError("a process of the year stopped early; `--resume` goes on")
    for report in reports:
        for what, count in sorted(report["refused"].items(), key=lambda i: -i[1])[:8]:
            print(f"   !! refused {count:>5}  {what}", flush=True)
    return reports


def _listen(process: subprocess.Popen[str], reports: list[dict[str, Any]]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        said = json.loads(line)
        if "report" in said:
            reports.append(said["report"])
        else:
            print(f"   [{said['share']}] {said['tell']}", flush=True)


def _steadiness(reports: list[dict[str, Any]]) -> float:
    """Acts a second in the last full tenth of the filings against the second one: below 1 it gets slower."""

    def rate(report: dict[str, Any], n: int) -> float:
        (t0, a0), (t1, a1) = report["tenths"][n - 1], report["tenths"][n]
        return float(a1 - a0) / max(t1 - t0, 1e-9)

    full = [r for r in reports if len(r["tenths"]) >= 10]
    for report in full:
        rates = [rate(report, n) for n in range(1, 10)]
        print(f"   [{report['share']}] acts/s per tenth: {' '.join(f'{r:.0f}' for r in rates)}", flush=True)
    return sum(rate(r, 9) for r in full) / sum(rate(r, 1) for r in full) if full else 1.0


def _by_kind(reports: list[dict[str, Any]]) -> dict[str, float]:
    took: dict[str, list[float]] = defaultdict(list)
    for report in reports:
        for kind, found in report["took"].items():
            took[kind] += found
    figures = {}
    for kind, found in sorted(took.items()):
        found.sort()
        figures[f"year.{kind} p50 ms"] = found[len(found) // 2]
        figures[f"year.{kind} p95 ms"] = found[min(len(found) - 1, int(len(found) * 0.95))]
    return figures


def _whole() -> dict[str, float]:
    """Whether states are the fold of their acts (the latest cases) and every lane of the log of acts is a chain."""
    from tinhso.core.audit.queries import verify
    from tinhso.core.cases.rebuild import differences

    broken = len(list(differences(SAMPLE)))
    log = verify()
    if broken or log.breaks:
        raise RuntimeError(f"{broken} cases do not fold to their state; {log.breaks[:3]}")
    return {
        "year.cases verified": min(SAMPLE, _count("cases_case")),
        "year.log entries verified": log.entries,
    }


def _deliver() -> dict[str, float]:
    """A sample of the deliveries the year left to the worker; those that make paper are only counted."""
    from tinhso.core.events.dispatch import deliver_due

    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_delivery SET next_at = next_at + interval '1 year' WHERE handler = %s AND done_at IS NULL"
                       " AND next_at < now()", [PAPER])  # fmt: skip
    begun = time.perf_counter()
    done = deliver_due(DELIVERIES)
    took = time.perf_counter() - begun
    return {
        "year.deliveries /s of one worker": done / took if done else 0.0,
        "year.deliveries per case": _count("events_delivery") / max(1, _count("cases_case")),
    }


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
