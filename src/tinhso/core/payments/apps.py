from __future__ import annotations

from tinhso.core.db import rooms


class PaymentsConfig(rooms.Room):
    name = "tinhso.core.payments"
    label = "payments"
