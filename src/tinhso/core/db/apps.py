from __future__ import annotations

from tinhso.core.db import rooms


class DbConfig(rooms.Room):
    name = "tinhso.core.db"
    label = "db"
