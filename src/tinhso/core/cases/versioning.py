"""What moving cases between versions offers: its acts, which only plans write, and the long work of plans."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.cases.actions import plans
from tinhso.core.cases.acts import ACTS, ActKind
from tinhso.core.cases.rules.versions import MovedData, by_plan_only
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind

TITLES = {
    "rebase": "Theo phiên bản mới của thủ tục",
    "migrate": "Chuyển phiên bản thủ tục",
    "unmigrate": "Hoàn tác chuyển phiên bản",
}


def register() -> None:
    """Called once at start."""
    for name, title in TITLES.items():
        ACTS.add(ActKind(name, title, "system", by_plan_only, MovedData))
    for key, function in (
        (plans.CHECK, plans.check),
        (plans.APPLY, plans.apply),
        (plans.REVERT, plans.revert),
    ):
        WORK_KINDS.add(WorkKind(key, lambda steps, do=function: do(steps, UUID(steps.data["plan"]))))  # type: ignore[misc]
