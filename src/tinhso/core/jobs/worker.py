"""The worker: one process that delivers events and runs procrastinate's queues and schedules."""

from __future__ import annotations

import asyncio
import logging
import threading

from django.db import OperationalError, close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from tinhso.core.events.dispatch import deliver_due
from tinhso.core.jobs.models import Heartbeat

log = logging.getLogger("tinhso.worker")

IDLE_SECONDS = 0.3


def pump_events(stop: threading.Event, *, idle: float = IDLE_SECONDS) -> None:
    """Deliver events until told to stop; survives a database restart by trying again."""
    while not stop.is_set():
        try:
            close_old_connections()
            beat()
            if deliver_due() == 0:
                stop.wait(idle)
        except OperationalError as error:
            log.warning("database away, trying again", extra={"reason": str(error)})
            stop.wait(2)


def beat(name: str = "worker") -> None:
    """Say that the worker lives."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def run_worker() -> None:
    """Run until SIGTERM or SIGINT: events in a thread, jobs and schedules in the main loop."""
    stop = threading.Event()
    thread = threading.Thread(target=pump_events, args=(stop,), name="events", daemon=True)
    thread.start()
    worker_app = app.with_connector(app.connector.get_worker_connector())
    try:
        asyncio.run(_jobs(worker_app))
    finally:
        stop.set()
        thread.join(timeout=10)


async def _jobs(worker_app: object) -> None:
    async with worker_app.open_async():  # type: ignore[attr-defined]
        await worker_app.run_worker_async(concurrency=2, wait=True)  # type: ignore[attr-defined]
