"""Processes of their own on the test's database, to be killed without warning; for tests with `transaction=True`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection

PATIENCE_SECONDS = 120


def database_url() -> str:
    """The address of the database this test runs on, for another process."""
    it = connection.settings_dict
    password = f":{quote(it['PASSWORD'], safe='')}" if it["PASSWORD"] else ""
    port = f"&port={it['PORT']}" if it["PORT"] else ""
    return f"postgresql://{it['USER']}{password}@/{it['NAME']}?host={quote(it['HOST'], safe='')}{port}"


class Other:
    """A running process: `said(word)` waits until it prints a line beginning so, `tell()` writes it a line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def said(self, word: str) -> str:
        """The next line that begins with `word`; `AssertionError` when the process ends or keeps silent."""
        killer = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        killer.start()
        try:
            for line in self.process.stdout or ():
                if line.startswith(word):
                    return line.strip()
        finally:
            killer.cancel()
        raise AssertionError(f"the process ended without saying {word!r}")

    def tell(self, line: str = "") -> None:
        assert self.process.stdin is not None  # noqa: S101
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """Kill -9: no handler runs, no connection is closed politely."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_SECONDS)

    def terminate(self) -> int:
        """SIGTERM, and its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def other(module: str, *arguments: str) -> Iterator[Other]:
    """`python -m module arguments` on this test's database, killed at the end of the block if it still runs."""
    env = os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tinhso.project.settings.test",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=env,
    )
    try:
        yield Other(process)
    finally:
        process.kill()
        process.wait()
