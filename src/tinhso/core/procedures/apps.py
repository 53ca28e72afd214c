from __future__ import annotations

from tinhso.core.db import rooms


class ProceduresConfig(rooms.Room):
    name = "tinhso.core.procedures"
    label = "procedures"
