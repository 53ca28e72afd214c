from __future__ import annotations

from tinhso.core.db import rooms


class SsoConfig(rooms.Room):
    name = "tinhso.systems.sso"
    label = "sso"
