from __future__ import annotations

from tinhso.core.db.rooms import Room


class ApiConfig(Room):
    name = "tinhso.core.api"
    label = "api"
