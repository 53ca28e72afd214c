"""What procrastinate runs for this room: long work, and keeping the queue itself in order."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

import procrastinate
from asgiref.sync import sync_to_async
from django.utils import timezone
from procrastinate.contrib.django import app

from tinhso.core.jobs import actions

log = logging.getLogger("tinhso.worker")

#: A worker that has not reported for so long is dead; what it held is queued again.
STALLED_SECONDS = 30
KEEP_FINISHED_HOURS = 7 * 24


@app.task(name="jobs.work", queue="long", retry=5)
def work_on(run_id: str) -> None:
    """Do one run of a person."""
    actions.work(UUID(run_id))


@app.periodic(cron="* * * * *")
@app.task(name="jobs.give_back", queue="default", queueing_lock="jobs.give_back", pass_context=True)
async def give_back(context: procrastinate.JobContext, timestamp: int) -> None:
    """Queue again what a killed worker held."""
    await give_back_stalled(context.app)


async def give_back_stalled(worker_app: procrastinate.App) -> None:
    """The same at once, with the connections of an open app."""
    manager = worker_app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("job given back", extra={"job": job.id, "task": job.task_name})
        await manager.retry_job(job, retry_at=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="jobs.sweep", queue="default", queueing_lock="jobs.sweep", pass_context=True)
async def sweep(context: procrastinate.JobContext, timestamp: int) -> None:
    """Forget jobs that ended well a week ago; failed ones stay until somebody looked. So do unconfirmed lists of yesterday."""
    await sync_to_async(actions.forget_prepared)(timezone.now() - timedelta(days=1))
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_FINISHED_HOURS)
