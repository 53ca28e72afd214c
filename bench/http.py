"""Filing a case over HTTP through the API, beside a bare Django view writing the same rows: same server, same client."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from uuid import uuid4

import httpx
from django.utils import timezone

SECONDS = 8
CLIENTS = 8
PORT = 8399
SERVER = (
    sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT),
    "--workers", "2", "--blocking-threads", "4", "--no-access-log", "--log-level", "critical", "bench.bare:application",
)  # fmt: skip


def rate(path: str, body, headers: dict[str, str], seconds: float = SECONDS) -> float:
    """Requests a second that answered 201, over kept connections."""
    counts, end = [0] * CLIENTS, time.perf_counter() + seconds

    def client(n: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        while time.perf_counter() < end:
            connection.request("POST", path, body(), headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 201:
                raise RuntimeError(content[:500])
            counts[n] += 1

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def run(seconds: float = SECONDS) -> dict[str, float]:
    from bench import people
    from bench.acts import file_one
    from tinhso.core.access.actor import system_actor
    from tinhso.core.api.actions import make_token
    from tinhso.core.people.models import Account

    account = Account.objects.get(username="congdan")
    key = make_token(
        account_id=account.id,
        name="bench",
        actor=system_actor("bench"),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    dossier = {
        "procedure": people.CODE,
        "answers": people.form(),
        "papers": [{"id": p.id, "files": list(p.files)} for p in people.papers()],
    }
    env = os.environ | {"BENCH_CASE": str(file_one())}
    server = subprocess.Popen(SERVER, env=env, start_new_session=True)
    try:
        _wait()
        headers = {"Content-Type": "application/json"}
        signed = headers | {"Authorization": f"Bearer {key}"}
        rate("/bare/", lambda: b"{}", headers, 1)
        bare = rate("/bare/", lambda: b"{}", headers, seconds)
        cases = "/api/v1/onestop/cases"
        rate(cases, lambda: json.dumps(dossier | {"key": uuid4().hex}), signed, 1)
        filed = rate(cases, lambda: json.dumps(dossier | {"key": uuid4().hex}), signed, seconds)
    finally:
        server.terminate()
        server.wait(20)
    return {"http.bare view /s": bare, "http.file /s": filed, "http.file ratio to bare view": filed / bare}


def _wait() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            httpx.get(f"http://127.0.0.1:{PORT}/healthz", timeout=2)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not come up")
