"""The only writes to cases."""

from __future__ import annotations

from tinhso.core.cases.actions.filing import file_case
from tinhso.core.cases.actions.perform import Done, perform, wake_due

__all__ = ["Done", "file_case", "perform", "wake_due"]
