"""Background work of the administrator's pages."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from tinhso.core.console.actions import verify_for_run
from tinhso.core.jobs.runs import work_through


@app.task(name="console.verify_chain", queue="default", retry=3)
def verify_chain(run_id: str) -> None:
    """Work through a verification of the log of acts."""
    work_through(UUID(run_id), verify_for_run)
