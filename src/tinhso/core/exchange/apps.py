from __future__ import annotations

from tinhso.core.db.rooms import Room


class ExchangeConfig(Room):
    name = "tinhso.core.exchange"
    label = "exchange"
