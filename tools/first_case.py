"""How long a newcomer waits: clone this checkout, `make run` in it, and time the first submitted case.

`python3.11 tools/first_case.py [--keep-caches]` needs nothing but Python, git and make. The clone gets a fresh
environment, its own data folder and free ports; packages are downloaded anew unless `--keep-caches` is given.
Prints the seconds, stops everything it started and removes the data. Exits 1 when no case came out in time.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIMIT_SECONDS = 570
#: The line `make run` prints once the case it played was filed and went all the way.
FIRST_CASE = "Hồ sơ H"


def main() -> int:
    """Measure once; the exit code."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    # As root the database runs as another user, which must reach its files: never below a private folder.
    home = Path(tempfile.mkdtemp(prefix="tinhso-first-", dir="/var/lib" if root else None))
    if root:
        home.chmod(0o755)
    checkout = home / "checkout"
    env = environment(home, fresh="--keep-caches" not in sys.argv)
    begun = time.monotonic()
    try:
        subprocess.run(["git", "clone", "--quiet", ROOT, checkout], check=True, env=env)
        first, whole = run(checkout, env, home / "run.log", begun)
    finally:
        stop(checkout, env)
        shutil.rmtree(home, ignore_errors=True)
    if first is None:
        print("no case was submitted", file=sys.stderr)
        return 1
    print(f"clean clone to first submitted case: {first:.0f} s (addresses printed after {whole:.0f} s)")
    return 0


def environment(home: Path, *, fresh: bool) -> dict[str, str]:
    """The caller's environment without what would make the clone use the caller's installation."""
    ours = ("TINHSO_", "DJANGO_", "DATABASE_", "PROMETHEUS_", "PYTHONPATH", "VIRTUAL_ENV", "MAKE")
    env = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    web, trust = free_ports(2)
    env |= {"TINHSO_DATA": str(home / "data"), "TINHSO_PORT": str(web), "TINHSO_TRUST_PORT": str(trust)}
    if fresh:
        env |= {"UV_CACHE_DIR": str(home / "uv"), "PIP_NO_CACHE_DIR": "1"}
    return env


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on at this moment."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def run(checkout: Path, env: dict[str, str], log: Path, begun: float) -> tuple[float | None, float]:
    """Seconds until the first case and until `make run` ended; its output is shown and kept in `log`."""
    first = None
    with log.open("w") as out, log.open() as shown:
        process = subprocess.Popen(
            ["make", "run"], cwd=checkout, env=env, stdout=out, stderr=out, start_new_session=True
        )
        while time.monotonic() - begun < LIMIT_SECONDS:
            ended = wait(process)
            for line in shown:
                sys.stdout.write(line)
                if first is None and line.startswith(FIRST_CASE):
                    first = time.monotonic() - begun
            sys.stdout.flush()
            if ended:
                return (first if process.returncode == 0 else None), time.monotonic() - begun
        os.killpg(process.pid, signal.SIGTERM)
        print(f"not up after {LIMIT_SECONDS} s", file=sys.stderr)
    return None, time.monotonic() - begun


def wait(process: subprocess.Popen[bytes], seconds: float = 0.2) -> bool:
    """Whether the process ended within `seconds`."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(checkout: Path, env: dict[str, str]) -> None:
    """End what the clone started; nothing to do when it never got as far as an environment."""
    python = checkout / ".venv/bin/python"
    if python.exists():
        subprocess.run(
            [python, "-m", "tinhso.project.cli", "stop"], cwd=checkout, env=env, check=False, timeout=60
        )


if __name__ == "__main__":
    sys.exit(main())
