from __future__ import annotations

from tinhso.core.db import rooms


class FormsConfig(rooms.Room):
    name = "tinhso.core.forms"
    label = "forms"
