"""Processor time of the database server and of processes: what an act costs whoever else uses the machine."""

from __future__ import annotations

import os
import resource
from pathlib import Path

from django.db import connection

TICK = os.sysconf("SC_CLK_TCK")


def server() -> float:
    """Seconds of all processes of the server so far, where it runs on this machine; else 0."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = int(cursor.fetchone()[0])
    parent = _stat(mine)[0]
    if not parent:
        return 0.0
    all_ = [_stat(int(p.name)) for p in Path("/proc").iterdir() if p.name.isdigit()]
    return _stat(parent)[2] + sum(own for above, own, _ in all_ if above == parent)


def backend() -> float:
    """Seconds of the server's process behind this connection so far; 0 where it is on another machine."""
    connection.ensure_connection()
    try:
        spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text().split()[0]
    except OSError:
        return 0.0
    return int(spent) / 1e9


def children() -> float:
    """Seconds of the processes this one started and waited for."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _stat(pid: int) -> tuple[int, float, float]:
    """(parent, own seconds, seconds of children that ended) of a process; zeros when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0, 0.0, 0.0
    return (
        int(fields[1]),
        (int(fields[11]) + int(fields[12])) / TICK,
        (int(fields[13]) + int(fields[14])) / TICK,
    )
