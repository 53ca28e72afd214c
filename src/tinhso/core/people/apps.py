from __future__ import annotations

from tinhso.core.db.rooms import Room


class PeopleConfig(Room):
    name = "tinhso.core.people"
    label = "people"
