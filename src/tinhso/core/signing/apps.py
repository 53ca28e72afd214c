from __future__ import annotations

from tinhso.core.db.rooms import Room


class SigningConfig(Room):
    name = "tinhso.core.signing"
    label = "signing"
