from __future__ import annotations

from tinhso.core.db import rooms


class CasesConfig(rooms.Room):
    name = "tinhso.core.cases"
    label = "cases"
