"""Web threads that read their first case at the same moment."""

from __future__ import annotations

import os
import subprocess
import sys

#: Threads that change places after every step of the interpreter find a reader that is only half built.
FIRST_READS = """
import sys, threading
import django
django.setup()
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.effects import load_effects
from tinhso.core.cases.state import load_state
import msgspec
STATE = {"tokens": [{"id": "1", "step": "s", "do": "work", "unit": {"id": "u", "code": "c", "name": "n", "path": "p"},
                     "role": "r", "entered_at": "2026-11-21T00:00:00Z"}], "clock": {"state": "not_started"}}
sys.setswitchinterval(1e-7)
together = threading.Barrier(24)
def read(number):
    together.wait()
    first = [lambda: load_state(STATE), lambda: load_effects([{"type": "Noted", "text": "x"}])]
    for each in first if number % 2 else reversed(first):
        each()
    for kind in ACTS:
        msgspec.convert({}, kind.data)
threads = [threading.Thread(target=read, args=[n]) for n in range(24)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print("read")
"""


def test_first_reads_at_once_do_not_end_the_process() -> None:
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tinhso.project.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", FIRST_READS], env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "read"), done.stderr[-2000:]
