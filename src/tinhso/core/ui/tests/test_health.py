"""The process says how it is, and what fails."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tinhso.core.jobs.models import Heartbeat
from tinhso.core.ui import health

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.core.ui.tests.urls")]


@pytest.fixture(autouse=True)
def no_trust_service(settings: Any) -> None:
    settings.TRUST_URL = "http://127.0.0.1:9"


def test_alive_without_the_database(django_assert_num_queries: Any, client: Client) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_ready_when_the_required_parts_are(client: Client) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now() - timedelta(minutes=5))
    reply = client.get("/readyz")
    body = reply.json()
    assert reply.status_code == 200
    assert body["checks"]["database"]["ok"]
    assert body["checks"]["migrations"]["detail"] == "applied"
    assert body["degraded"]
    assert not body["checks"]["worker"]["ok"]
    assert not body["checks"]["trust"]["ok"]
    assert client.get("/readyz?all").status_code == 503


def test_a_living_worker_is_seen(client: Client) -> None:
    Heartbeat.objects.create(name="worker", at=timezone.now())
    assert client.get("/readyz").json()["checks"]["worker"]["ok"]


def test_not_ready_when_the_disk_is_full(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.FILES_ROOT = tmp_path / "not" / "yet"
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 10**18)
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert not reply.json()["checks"]["disk"]["ok"]


def test_metrics_tell_routes_and_rows(client: Client) -> None:
    client.get("/tro-giup/")
    text = client.get("/metrics").content.decode()
    assert 'tinhso_request_seconds_count{method="GET",route="ui:help",status="200"}' in text
    assert "tinhso_tasks_open 0.0" in text
    assert "tinhso_deliveries_dead 0.0" in text
