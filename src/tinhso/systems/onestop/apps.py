from __future__ import annotations

from tinhso.core.db import rooms


class OnestopConfig(rooms.Room):
    name = "tinhso.systems.onestop"
    label = "onestop"
