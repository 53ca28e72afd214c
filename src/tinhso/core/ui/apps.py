from __future__ import annotations

from tinhso.core.db import rooms


class UiConfig(rooms.Room):
    name = "tinhso.core.ui"
    label = "ui"
