"""What cases do by the clock."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tinhso.core.cases.actions import wake_due


@app.periodic(cron="* * * * *")
@app.task(name="cases.wake", queue="default", queueing_lock="cases.wake")
def wake(timestamp: int) -> None:
    """Let every case whose moment has come act by itself."""
    wake_due()
