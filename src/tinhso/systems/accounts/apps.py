from __future__ import annotations

from tinhso.core.db import rooms


class AccountsConfig(rooms.Room):
    name = "tinhso.systems.accounts"
    label = "accounts"
