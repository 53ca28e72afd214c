from __future__ import annotations

from tinhso.core.db.rooms import Room


class AuditConfig(Room):
    name = "tinhso.core.audit"
    label = "audit"
