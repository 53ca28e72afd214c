"""What the worker does for single sign-on: looking for sessions that ended, telling programs, keys, cleaning up."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from tinhso.core.access.actor import system_actor
from tinhso.systems.sso.actions import cleaning, keys, logout, sessions


@app.periodic(cron="* * * * * */10")
@app.task(name="sso.sweep", queue="default", queueing_lock="sso.sweep")
def sweep(timestamp: int) -> None:
    """End what is over; every ten seconds, so that a person signed out here is soon signed out everywhere."""
    sessions.sweep(now=timezone.now(), today=timezone.localdate())


@app.task(
    name="sso.tell_logout",
    queue="default",
    retry=RetryStrategy(
        max_attempts=logout.MOST_ATTEMPTS, exponential_wait=4, retry_exceptions={logout.NotToldError}
    ),
)
def tell_logout(notice_id: str) -> None:
    """Tell one program of one ended session."""
    logout.tell(notice_id=UUID(notice_id))


@app.periodic(cron="23 2 * * *")
@app.task(name="sso.rotate_keys", queue="default", queueing_lock="sso.rotate_keys")
def rotate_keys(timestamp: int) -> None:
    """A new signing key each quarter of a year."""
    keys.rotate_due(actor=system_actor("sso"))


@app.periodic(cron="41 3 * * *")
@app.task(name="sso.clean", queue="default", queueing_lock="sso.clean")
def clean(timestamp: int) -> None:
    """Forget codes and tokens that are long over."""
    cleaning.forget_old(now=timezone.now())
