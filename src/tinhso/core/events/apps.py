from __future__ import annotations

from tinhso.core.db.rooms import Room


class EventsConfig(Room):
    name = "tinhso.core.events"
    label = "events"
