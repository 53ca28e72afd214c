from __future__ import annotations

from tinhso.core.db import rooms


class ApiConfig(rooms.Room):
    name = "tinhso.core.api"
    label = "api"
