"""What happens to units by the calendar alone."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from tinhso.core.orgs.actions import apply_due_changes


@app.periodic(cron="1 * * * *")
@app.task(name="orgs.apply_due_changes", queue="default", queueing_lock="orgs.apply_due_changes", retry=3)
def changes_of_the_day(timestamp: int) -> None:
    """Let changes dated today show. Every hour rather than at midnight: a worker that slept catches up."""
    apply_due_changes(timezone.localdate())
