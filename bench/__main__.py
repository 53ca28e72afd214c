"""`python -m bench [part ...]`: run the parts (acts, bulk, due, http, lists, checks, versions), print them, keep them in bench/results.

Every figure is a ratio to a floor measured in the same run; `budgets.toml` holds the bounds.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent


def main(parts: list[str]) -> int:
    from bench import checks, due

    known = {"due": due.run, "checks": checks.run}
    if not parts or set(parts) - set(known):  # the others work on a running installation
        from bench.setup import installation

        installation()
        from bench import acts, bulk, http, lists, versions

        known |= {"acts": acts.run, "http": http.run, "lists": lists.run, "bulk": bulk.run}
        known |= {"versions": versions.run}
    figures: dict[str, float] = {}
    for name in parts or list(known):
        begun = time.monotonic()
        print(f"== {name}", flush=True)
        found = known[name]()
        figures |= found
        for key, value in found.items():
            print(f"   {key:<44} {value:>12,.3f}")
        print(f"   ({time.monotonic() - begun:.0f} s)", flush=True)
    return _judge(figures)


def _judge(figures: dict[str, float]) -> int:
    budgets = tomllib.loads((HERE / "budgets.toml").read_text())
    broken = 0
    for key, bound in budgets["at_least"].items():
        if key in figures and figures[key] < bound:
            print(f"!! {key}: {figures[key]:.3f} is below {bound}")
            broken += 1
    for key, bound in budgets["at_most"].items():
        if key in figures and figures[key] > bound:
            print(f"!! {key}: {figures[key]:.3f} is above {bound}")
            broken += 1
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    stamp = datetime.now(UTC)
    record = {
        "at": stamp.isoformat(timespec="seconds"),
        "cpus": os.cpu_count(),
        "machine": platform.machine(),
    }
    (results / "latest.json").write_text(
        json.dumps(record | {"figures": figures}, indent=1, sort_keys=True) + "\n"
    )
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
