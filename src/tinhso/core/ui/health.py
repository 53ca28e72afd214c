"""Whether this process may be sent people: each part is looked at, and says what it saw."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tinhso.core.jobs.models import Heartbeat

WORKER_SILENT_SECONDS = 60
LEAST_FREE_BYTES = 500 * 1024 * 1024
TRUST_TIMEOUT_SECONDS = 1.0
_seen: dict[str, bool] = {}


@dataclass(frozen=True, slots=True)
class Check:
    """`required` parts make the process unready; the others only degrade it (filing goes on, signing waits)."""

    name: str
    ok: bool
    required: bool
    detail: str
    ms: float


def all_checks() -> list[Check]:
    """Every check, in the order to read them; none raises, together under two seconds."""
    return [
        _run("database", True, _database),
        _run("migrations", True, _migrations),
        _run("disk", True, _disk),
        _run("worker", False, _worker),
        _run("trust", False, _trust),
    ]


def _run(name: str, required: bool, look: Callable[[], tuple[bool, str]]) -> Check:
    start = time.perf_counter()
    try:
        ok, detail = look()
    except (DatabaseError, InterfaceError, OSError) as error:
        ok, detail = False, type(error).__name__
    return Check(name, ok, required, detail, round((time.perf_counter() - start) * 1000, 1))


def _database() -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return True, str(cursor.fetchone()[0])


def _migrations() -> tuple[bool, str]:
    """Reading the graph is slow and an applied migration stays applied, so one good look is enough."""
    if not _seen.get("migrations"):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            return False, f"{len(plan)} not applied, first {plan[0][0]}"
        _seen["migrations"] = True
    return True, "applied"


def _disk() -> tuple[bool, str]:
    path = Path(settings.FILES_ROOT)
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    return free >= LEAST_FREE_BYTES, f"{free // 1024**2} MB free"


def _worker() -> tuple[bool, str]:
    last = Heartbeat.objects.order_by("-at").values_list("at", flat=True).first()
    if last is None:
        return False, "never seen"
    age = (timezone.now() - last).total_seconds()
    return age <= WORKER_SILENT_SECONDS, f"seen {age:.0f} s ago"


def _trust() -> tuple[bool, str]:
    """Any HTTP answer means that the service lives; what it answers is signing's business."""
    try:
        with urlopen(settings.TRUST_URL, timeout=TRUST_TIMEOUT_SECONDS) as reply:  # noqa: S310
            return True, f"answers {reply.status}"
    except HTTPError as error:
        return error.code < 500, f"answers {error.code}"  # noqa: PLR2004
    except URLError as error:
        return False, str(error.reason)
