from __future__ import annotations

from tinhso.core.db.rooms import Room


class NotifyConfig(Room):
    name = "tinhso.core.notify"
    label = "notify"
