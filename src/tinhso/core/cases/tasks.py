"""What cases do by the clock, and what the engine does after an act."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tinhso.core.cases.actions import settle, wake_due
from tinhso.core.cases.actions.plans import rebase as rebase_plan
from tinhso.core.cases.actions.plans import rebase_due


@app.periodic(cron="* * * * *")
@app.task(name="cases.wake", queue="default", queueing_lock="cases.wake")
def wake(timestamp: int) -> None:
    """Let every case whose moment has come act by itself."""
    wake_due()


@app.task(name="cases.settle", queue="default")
def settle_case(case_id: str) -> None:
    """Do the automatic steps an act opened; what fails here comes again by the clock."""
    settle(UUID(case_id))


@app.task(name="cases.rebase", queue="long", retry=3)
def rebase(plan_id: str) -> None:
    """Let open cases follow a publication that changes nothing they depend on."""
    rebase_plan(UUID(plan_id))


@app.periodic(cron="*/10 * * * *")
@app.task(name="cases.rebase_due", queue="long", queueing_lock="cases.rebase_due")
def follow_publications(timestamp: int) -> None:
    """The same for publications whose first day has come."""
    rebase_due()
