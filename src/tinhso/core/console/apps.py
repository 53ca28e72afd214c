from __future__ import annotations

from tinhso.core.db import rooms


class ConsoleConfig(rooms.Room):
    name = "tinhso.core.console"
    label = "console"
