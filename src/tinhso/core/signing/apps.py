from __future__ import annotations

from tinhso.core.db import rooms


class SigningConfig(rooms.Room):
    name = "tinhso.core.signing"
    label = "signing"
