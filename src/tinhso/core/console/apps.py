from __future__ import annotations

from tinhso.core.db.rooms import Room


class ConsoleConfig(Room):
    name = "tinhso.core.console"
    label = "console"
