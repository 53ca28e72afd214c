from __future__ import annotations

from tinhso.core.db import rooms


class PeopleConfig(rooms.Room):
    name = "tinhso.core.people"
    label = "people"
