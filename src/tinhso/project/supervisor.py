"""The processes of an installation on one machine: web, worker and the demonstration trust service."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(frozen=True, slots=True)
class Service:
    """A process to keep running, and the address that tells when it is ready."""

    name: str
    command: tuple[str, ...]
    ready: str = ""


def services(port: int, trust_port: int, *, web_workers: int = 2, vneid_port: int = 0) -> tuple[Service, ...]:
    """Web by granian over WSGI, the worker, and the certificate, OCSP and time-stamp service.

    With `vneid_port` also the stand-in for the national sign-in, for the demonstration.
    """
    python = sys.executable
    web = (
        python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(web_workers), "--blocking-threads", "4", "--no-access-log", "--log-level", "warning",
        "tinhso.project.wsgi:application",
    )  # fmt: skip
    simulator = (python, "-m", "tinhso.simulators.vneid", "--port", str(vneid_port))
    national = (Service("vneid", simulator, f"http://127.0.0.1:{vneid_port}/"),) if vneid_port else ()
    return (
        *national,
        Service(
            "trust",
            (python, "-m", "tinhso.core.signing.pki.serve", "--port", str(trust_port)),
            f"http://127.0.0.1:{trust_port}/",
        ),
        Service("web", web, f"http://127.0.0.1:{port}/healthz"),
        Service("worker", (python, "-m", "tinhso.project.worker")),
    )


def running(home: Path) -> dict[str, int]:
    """The recorded processes that still live: {name: pid}."""
    record = home / "processes.json"
    if not record.exists():
        return {}
    return {name: pid for name, pid in json.loads(record.read_text()).items() if _alive(pid)}


def _alive(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"tinhso" in command


def start(home: Path, wanted: tuple[Service, ...], env: dict[str, str]) -> dict[str, int]:
    """Start what does not run yet; logs go to `<home>/logs/<name>.log`."""
    logs = home / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    pids = running(home)
    for service in wanted:
        if service.name in pids:
            continue
        with (logs / f"{service.name}.log").open("ab") as out:
            process = subprocess.Popen(  # noqa: S603  our own commands
                service.command,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                env=env,
                start_new_session=True,
            )
        pids[service.name] = process.pid
    (home / "processes.json").write_text(json.dumps(pids))
    for service in wanted:
        if service.ready:
            wait_until_ready(service, logs)
    return pids


def wait_until_ready(service: Service, logs: Path, seconds: float = 240) -> None:
    """Poll a service's address; `RuntimeError` with the end of its log when it does not come up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(service.ready, timeout=2).status_code < 500:  # noqa: PLR2004
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    tail = (logs / f"{service.name}.log").read_text(errors="replace")[-2000:]
    raise RuntimeError(f"{service.name} did not come up:\n{tail}")


def stop(home: Path) -> list[str]:
    """Ask every process to end, then insist; returns the names stopped."""
    pids = running(home)
    for pid in pids.values():
        os.killpg(pid, signal.SIGTERM)
    end = time.monotonic() + 15
    while running(home) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in running(home).values():
        os.killpg(pid, signal.SIGKILL)
    (home / "processes.json").unlink(missing_ok=True)
    return list(pids)


def memory_mb(pids: list[int]) -> float:
    """Proportional memory of processes and their children, in MB (shared pages counted once over all)."""
    total = 0
    for pid in _with_children(pids):
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def _with_children(pids: list[int]) -> set[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found, queue = set(), list(pids)
    while queue:
        pid = queue.pop()
        if pid not in found:
            found.add(pid)
            queue += parents.get(pid, [])
    return found
