from __future__ import annotations

from tinhso.core.db import rooms


class SigninConfig(rooms.Room):
    name = "tinhso.systems.signin"
    label = "signin"
