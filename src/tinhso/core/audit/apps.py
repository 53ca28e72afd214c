from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models.signals import post_migrate

from tinhso.core.db import rooms

LANES = 64


class AuditConfig(rooms.Room):
    name = "tinhso.core.audit"
    label = "audit"

    def ready(self) -> None:
        post_migrate.connect(lay_lanes, sender=self)
        super().ready()


def lay_lanes(using: str = "default", **_: Any) -> None:
    """Every lane has its row: without one, acts that fall into it could not be written and would be refused."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('audit_lane')")
        if cursor.fetchone()[0] is not None:
            cursor.execute(
                "INSERT INTO audit_lane (id, seq, hash) SELECT n, 0, decode(repeat('00', 32), 'hex') "
                "FROM generate_series(0, %s) n ON CONFLICT DO NOTHING",
                [LANES - 1],
            )
