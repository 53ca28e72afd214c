from __future__ import annotations

from tinhso.core.db import rooms


class NotifyConfig(rooms.Room):
    name = "tinhso.core.notify"
    label = "notify"
