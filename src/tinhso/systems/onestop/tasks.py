"""Background work of the one-stop, named for the queue."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tinhso.systems.onestop.actions.staff import do_many


@app.task(name="onestop.many", queue="default", retry=5)
def many(run_id: str) -> None:
    """Work through a bulk act; see `actions.staff.start_many`."""
    do_many(UUID(run_id))
