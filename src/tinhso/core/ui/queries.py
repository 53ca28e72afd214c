"""The few reads of the frame: whose installation this is, unread messages, figures for the monitor."""

from __future__ import annotations

import time
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tinhso.core.desk.models import Task
from tinhso.core.events.models import Delivery
from tinhso.core.notify.models import Message
from tinhso.core.orgs.models import Territory, Unit, UnitKind

_KEPT_SECONDS = 60.0
_kept: dict[str, tuple[float, str]] = {}


def province_name() -> str:
    """Name of the province this installation serves, e.g. "Tỉnh Hậu Giang"; "" before it is seeded.

    Every page shows it, so it is remembered for a minute in each process.
    """
    code = settings.PROVINCE_CODE
    at, name = _kept.get(code, (0.0, ""))
    if not name or time.monotonic() - at > _KEPT_SECONDS:
        name = Territory.objects.filter(code=code).values_list("name", flat=True).first() or ""
        _kept[code] = (time.monotonic(), name)
    return name


def province_centre() -> Unit | None:
    """The province's one-stop centre: whom to ask when nothing else helps."""
    return Unit.objects.filter(kind=UnitKind.CENTRE, active=True).order_by("path").first()


def unread_count(person_id: UUID) -> int:
    """How many messages of a person nobody has opened yet."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).count()


def monitor_figures() -> dict[str, int]:
    """What `/metrics` says about the rows: open and late tasks, deliveries due and dead. All partial-index counts."""
    now = timezone.now()
    open_tasks = Task.objects.filter(closed_at__isnull=True)
    waiting = Delivery.objects.filter(done_at__isnull=True, dead=False)
    return {
        "tinhso_tasks_open": open_tasks.count(),
        "tinhso_tasks_late": open_tasks.filter(due_at__lt=now).count(),
        "tinhso_deliveries_due": waiting.filter(next_at__lte=now).count(),
        "tinhso_deliveries_dead": Delivery.objects.filter(dead=True).count(),
        "tinhso_database_bytes": _database_size(),
    }


def _database_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
