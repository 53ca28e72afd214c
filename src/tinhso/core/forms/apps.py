from __future__ import annotations

from tinhso.core.db.rooms import Room


class FormsConfig(Room):
    name = "tinhso.core.forms"
    label = "forms"
