"""What signing does by the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tinhso.core.audit.actions import seal_day
from tinhso.core.signing.timestamps import timestamp


@app.periodic(cron="5 0 * * *")
@app.task(
    name="signing.seal_audit_log",
    queue="default",
    queueing_lock="signing.seal_audit_log",
    retry=RetryStrategy(max_attempts=20, wait=600),
)
def seal_audit_log(timestamp: int) -> None:
    """Seal the log of acts as it stood at the end of the day before; tried again while the authority is away."""
    seal_yesterday()


def seal_yesterday() -> None:
    """The seal of the day that has just ended."""
    seal_day(timezone.localdate() - timedelta(days=1), timestamp)
