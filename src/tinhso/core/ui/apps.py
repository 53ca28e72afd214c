from __future__ import annotations

from tinhso.core.db.rooms import Room


class UiConfig(Room):
    name = "tinhso.core.ui"
    label = "ui"
