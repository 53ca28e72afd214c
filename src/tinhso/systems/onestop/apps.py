from __future__ import annotations

from tinhso.core.db.rooms import Room


class OnestopConfig(Room):
    name = "tinhso.systems.onestop"
    label = "onestop"
