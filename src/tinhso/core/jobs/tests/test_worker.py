"""The worker as a process: it stops when told, loses nothing when killed, and outlives the database's absence."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.db.models import Series
from tinhso.core.jobs import actions
from tinhso.core.jobs.models import Heartbeat, Run, RunState
from tinhso.core.jobs.slots import WORK_KINDS
from tinhso.core.jobs.tests import kinds
from tinhso.core.jobs.worker import pump_events
from tinhso.core.testing.process import PATIENCE_SECONDS, other
from tinhso.kit.uuid7 import uuid7

WORKER = "tinhso.core.jobs.tests.kinds"
ME = Actor(person_id=uuid7())


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(WORK_KINDS, "_items", dict(WORK_KINDS._items))
    kinds.use()


def _until(holds) -> None:
    """Look again and again until it holds, at most `PATIENCE_SECONDS`."""
    for _ in range(PATIENCE_SECONDS * 10):
        if holds():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it never came to hold")


def _state(run: Run) -> str:
    return Run.objects.values_list("state", flat=True).get(id=run.id)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_works_reports_and_stops_when_told():
    run = actions.start(kind=kinds.KIND, title="x", actor=ME, data={"to": 3})
    with other(WORKER) as worker:
        worker.said("ready")
        _until(lambda: _state(run) == RunState.DONE)
        assert Heartbeat.objects.filter(name="worker", at__gt=timezone.now() - timedelta(minutes=1)).exists()
        assert worker.terminate() == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_told_to_stop_in_the_middle_it_finishes_the_work_in_hand():
    run = actions.start(kind=kinds.KIND, title="x", actor=ME, data={"to": 3, "stop_at": 2})
    with other(WORKER) as worker:
        worker.said("step 2")
        worker.process.terminate()
        worker.tell()
        assert worker.process.wait(PATIENCE_SECONDS) == 0
    assert _state(run) == RunState.DONE


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_a_step_it_loses_and_doubles_nothing():
    run = actions.start(kind=kinds.KIND, title="x", actor=ME, data={"to": 6, "stop_at": 4})
    with other(WORKER) as worker:
        worker.said("step 4")
        worker.kill()
    assert Run.objects.get(id=run.id).done == 3
    with (
        connection.cursor() as cursor
    ):  # as if the half minute had passed after which a silent worker is dead
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour'")
    Run.objects.filter(id=run.id).update(data={"to": 6})
    with other(WORKER):
        _until(lambda: _state(run) == RunState.DONE)
    assert dict(Series.objects.values_list("key", "last")) == {f"step:{n}": 1 for n in range(1, 7)}
    assert Run.objects.get(id=run.id).done == 6


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_it_outlives_the_loss_of_every_connection():
    with other(WORKER) as worker:
        worker.said("ready")
        _until(lambda: Heartbeat.objects.exists())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        Heartbeat.objects.all().delete()
        run = actions.start(kind=kinds.KIND, title="x", actor=ME, data={"to": 2})
        _until(lambda: _state(run) == RunState.DONE)
        _until(lambda: Heartbeat.objects.exists())
        assert worker.terminate() == 0


@pytest.mark.django_db(transaction=True)
def test_the_event_pump_outlives_a_lost_connection():
    stop, lost = threading.Event(), threading.Event()

    def pump() -> None:
        lost.wait(5)
        pump_events(stop, idle=0.01, retry=0.01)
        connections.close_all()

    pids: list[int] = []

    def pump_on_a_dead_connection() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pids.append(cursor.fetchone()[0])
        pump()

    thread = threading.Thread(target=pump_on_a_dead_connection, daemon=True)
    thread.start()
    _until(lambda: bool(pids))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", pids)
    lost.set()
    _until(lambda: Heartbeat.objects.exists())
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
