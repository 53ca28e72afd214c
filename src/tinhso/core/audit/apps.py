from __future__ import annotations

from tinhso.core.db import rooms


class AuditConfig(rooms.Room):
    name = "tinhso.core.audit"
    label = "audit"
