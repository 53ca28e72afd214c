from __future__ import annotations

from tinhso.core.db.rooms import Room


class AccessConfig(Room):
    name = "tinhso.core.access"
    label = "access"
