from __future__ import annotations

from tinhso.core.db import rooms


class OrgsConfig(rooms.Room):
    name = "tinhso.core.orgs"
    label = "orgs"
