"""Mail goes out by the clock: what the clock finds is what is owed, so nothing depends on a queue being whole."""

from __future__ import annotations

from procrastinate.contrib.django import app

from tinhso.core.notify.actions import send_due_mail


@app.periodic(cron="* * * * *")
@app.task(name="notify.mail", queue="default", queueing_lock="notify.mail")
def mail(timestamp: int) -> None:
    """Mail what is owed."""
    send_due_mail()
