"""The worker: one process that delivers events and runs procrastinate's queues and schedules.

Killed at any moment it loses nothing: an event's delivery, a job's step and a schedule's next run are rows
that only change when the work is committed. What a dead worker held is given back after
`STALLED_SECONDS`. A database that goes away stops nothing for good: both loops try again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

from tinhso.core.events.dispatch import deliver_due
from tinhso.core.jobs.actions import beat
from tinhso.core.jobs.tasks import STALLED_SECONDS, give_back_stalled

log = logging.getLogger("tinhso.worker")

IDLE_SECONDS = 0.3
RETRY_SECONDS = 2.0
GRACE_SECONDS = 20
CONCURRENCY = 3


def pump_events(stop: threading.Event, *, idle: float = IDLE_SECONDS, retry: float = RETRY_SECONDS) -> None:
    """Deliver events until told to stop; survives a database restart by trying again."""
    while not stop.is_set():
        try:
            close_old_connections()
            beat()
            if deliver_due() == 0:
                stop.wait(idle)
        except (OperationalError, InterfaceError) as error:
            log.warning("database away, trying again", extra={"reason": str(error)})
            connection.close()
            stop.wait(retry)


def run_worker() -> None:
    """Run until SIGTERM or SIGINT; work in hand gets `GRACE_SECONDS` to finish."""
    stop = threading.Event()
    thread = threading.Thread(target=pump_events, args=(stop,), name="events", daemon=True)
    thread.start()
    try:
        asyncio.run(_jobs_until_told(stop))
    finally:
        stop.set()
        thread.join(timeout=10)


async def _jobs_until_told(stop: threading.Event) -> None:
    loop = asyncio.get_running_loop()
    running = asyncio.ensure_future(_jobs_for_ever())

    def tell() -> None:
        stop.set()
        running.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell)
    try:
        await running
    except asyncio.CancelledError:
        log.info("worker stopped")


async def _jobs_for_ever() -> None:
    """procrastinate's worker ends when the database goes away; begin again with fresh connections."""
    while True:
        try:
            worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
            async with worker_app.open_async():
                await give_back_stalled(worker_app)
                await worker_app.run_worker_async(
                    concurrency=CONCURRENCY,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    stalled_worker_timeout=STALLED_SECONDS,
                )
        except (ConnectorException, psycopg.Error, OSError) as error:
            log.warning("database away, trying again", extra={"reason": str(error)})
        await asyncio.sleep(RETRY_SECONDS)
