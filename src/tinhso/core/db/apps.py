from __future__ import annotations

from tinhso.core.db.rooms import Room


class DbConfig(Room):
    name = "tinhso.core.db"
    label = "db"
