from __future__ import annotations

from tinhso.core.db.rooms import Room


class DeskConfig(Room):
    name = "tinhso.core.desk"
    label = "desk"
