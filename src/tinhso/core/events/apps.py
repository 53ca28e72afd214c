from __future__ import annotations

from tinhso.core.db import rooms


class EventsConfig(rooms.Room):
    name = "tinhso.core.events"
    label = "events"
