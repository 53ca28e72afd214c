from __future__ import annotations

from tinhso.core.db import rooms


class DeskConfig(rooms.Room):
    name = "tinhso.core.desk"
    label = "desk"
