"""The only writes to cases."""

from __future__ import annotations

from tinhso.core.cases.actions.automatic import file_child, settle
from tinhso.core.cases.actions.filing import file_case
from tinhso.core.cases.actions.many import Order, perform_many
from tinhso.core.cases.actions.mirror import News, take_over
from tinhso.core.cases.actions.money import check_payment, confirm_payment, pay_back, start_payment
from tinhso.core.cases.actions.perform import Done, perform
from tinhso.core.cases.actions.waking import wake_due

__all__ = [
    "Done",
    "News",
    "Order",
    "check_payment",
    "confirm_payment",
    "file_case",
    "file_child",
    "pay_back",
    "perform",
    "perform_many",
    "settle",
    "start_payment",
    "take_over",
    "wake_due",
]
