"""Signing in to programs: full code + PKCE flows and tokens of programs, beside npm's oidc-provider in memory.

Same machine, same run, same load from the same client; ours writes every grant, token and entry of the log to
PostgreSQL before it answers. Each provider runs alone while it is measured. The client takes part of both cores.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

CLIENTS, SECONDS, REDIRECT = 8, 8.0, "https://rp.example/cb"


def run(seconds: float = SECONDS) -> dict[str, float]:
    from tests.sso.node import FOREIGN, node

    ours, theirs = _ours(seconds, FOREIGN, node()), _theirs(seconds, FOREIGN, node())
    return {
        "oidc.flows /s": ours["flows"],
        "oidc.flows of oidc-provider in memory /s": theirs["flows"],
        "oidc.flow ratio to oidc-provider": ours["flows"] / theirs["flows"],
        "oidc.program tokens /s": ours["tokens"],
        "oidc.program tokens of oidc-provider in memory /s": theirs["tokens"],
        "oidc.program token ratio to oidc-provider": ours["tokens"] / theirs["tokens"],
        "oidc.password check ms": _password(),
    }


def _ours(seconds: float, folder: Any, node: str) -> dict[str, float]:
    from tinhso.core.access.actor import system_actor
    from tinhso.systems.sso.actions import clients

    actor = system_actor("bench")
    web, secret = clients.create(
        actor=actor, says=clients.Says("Đo tốc độ", redirect_uris=(REDIRECT,), trusted=True)
    )
    service, own = clients.create(
        actor=actor, says=clients.Says("Đo dịch vụ", kind="service", scopes=("bench",))
    )
    port = _port()
    server = [
        sys.executable, "-W", "ignore", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
        "--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-access-log", "--log-level", "critical",
        "tinhso.project.wsgi:application",
    ]  # fmt: skip
    given = {
        "port": port, "clients": CLIENTS, "seconds": seconds, "redirect": REDIRECT, "web": web.client_id,
        "secret": secret, "service": service.client_id, "serviceSecret": own, "authorize": "/oidc/authorize",
        "token": "/oidc/token", "cookies": [_cookie() for _n in range(CLIENTS)],
    }  # fmt: skip
    with _running(server, f"http://127.0.0.1:{port}/healthz", os.environ | {"TINHSO_LOG_LEVEL": "WARNING"}):
        return _load(given, folder, node)


def _theirs(seconds: float, folder: Any, node: str) -> dict[str, float]:
    port = _port()
    issuer = f"http://127.0.0.1:{port}"
    settings = {"issuer": issuer, "port": port, "secret": "s" * 43, "redirect": REDIRECT}
    given = {
        "port": port, "clients": CLIENTS, "seconds": seconds, "redirect": REDIRECT, "web": "web", "secret": "s" * 43,
        "service": "service", "serviceSecret": "s" * 43, "authorize": "/auth", "token": "/token",
    }  # fmt: skip
    command = [node, str(folder / "provider.mjs"), json.dumps(settings)]
    with _running(command, f"{issuer}/.well-known/openid-configuration", dict(os.environ)):
        return _load(given, folder, node)


def _load(given: dict[str, Any], folder: Any, node: str) -> dict[str, float]:
    done = subprocess.run(
        [node, str(folder / "load.mjs"), json.dumps(given)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def _cookie() -> str:
    """The session of somebody signed in, as the sign-in page makes one."""
    from django.conf import settings
    from django.test import Client

    from tinhso.core.people.models import Account
    from tinhso.core.testing.web import signed_in

    client = signed_in(Client(), Account.objects.get(username="hotich"))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _password() -> float:
    """One check of a password, in milliseconds: what signing in costs besides, once a day and person."""
    from django.contrib.auth.hashers import check_password, make_password

    kept, begun, times = make_password("vườn cam Hậu Giang"), time.perf_counter(), 10
    for _n in range(times):
        check_password("vườn cam Hậu Giang", kept)
    return (time.perf_counter() - begun) / times * 1000


@contextmanager
def _running(command: list[str], ready: str, env: dict[str, str]) -> Iterator[None]:
    server = subprocess.Popen(
        command, env=env, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(ready, timeout=2)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
