"""The only writes to cases."""

from __future__ import annotations

from tinhso.core.cases.actions.filing import file_case
from tinhso.core.cases.actions.many import Order, perform_many
from tinhso.core.cases.actions.perform import Done, perform, wake_due

__all__ = ["Done", "Order", "file_case", "perform", "perform_many", "wake_due"]
