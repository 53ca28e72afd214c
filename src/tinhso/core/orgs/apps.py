from __future__ import annotations

from tinhso.core.db.rooms import Room


class OrgsConfig(Room):
    name = "tinhso.core.orgs"
    label = "orgs"
