from __future__ import annotations

from tinhso.core.db.rooms import Room


class CasesConfig(Room):
    name = "tinhso.core.cases"
    label = "cases"
