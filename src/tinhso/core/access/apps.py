from __future__ import annotations

from tinhso.core.db import rooms


class AccessConfig(rooms.Room):
    name = "tinhso.core.access"
    label = "access"
