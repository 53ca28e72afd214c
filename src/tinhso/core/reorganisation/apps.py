from __future__ import annotations

from tinhso.core.db import rooms


class ReorganisationConfig(rooms.Room):
    name = "tinhso.core.reorganisation"
    label = "reorganisation"
