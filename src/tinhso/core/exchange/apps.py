from __future__ import annotations

from tinhso.core.db import rooms


class ExchangeConfig(rooms.Room):
    name = "tinhso.core.exchange"
    label = "exchange"
