"""`python -m bench [part ...] [--seconds N] [--cases N] ...`: run parts, print them, keep each in bench/results/<part>.json.

Parts: accounts acts bulk checks due http lists oidc reorganise signin versions year. Every figure that could be the
machine's is a ratio to a floor measured in the same run; `budgets.toml` holds the bounds. A part takes the options it
knows and ignores the others.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import platform
import subprocess
import sys
import time
import tomllib
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PARTS = (
    "due", "checks", "acts", "http", "oidc", "signin", "lists", "bulk", "versions", "accounts", "reorganise", "year"
)  # fmt: skip
#: These bring what they need themselves: no installation, or one of their own.
ALONE = ("due", "checks", "reorganise", "year")


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    given = {k: v for k, v in vars(options).items() if v is not None and k != "parts"}
    broken = 0
    for name in options.parts or PARTS:
        if name not in ALONE:
            from bench.setup import installation

            installation()
        work = importlib.import_module(f"bench.{name}").run
        known = inspect.signature(work).parameters
        before, begun = os.getloadavg()[0], time.monotonic()
        print(f"== {name}", flush=True)
        figures = work(**{k: v for k, v in given.items() if k in known})
        for key, value in figures.items():
            print(f"   {key:<44} {value:>14,.3f}")
        print(f"   ({time.monotonic() - begun:.0f} s)", flush=True)
        _keep(name, given, before, figures)
        broken += _judge(figures)
    return 1 if broken else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="part")
    parser.add_argument("--seconds", type=float, help="how long a rate is measured")
    parser.add_argument("--cases", type=int, help="how many cases (lists: how many rows, year: of the year)")
    parser.add_argument("--people", type=int, help="how many officials are imported (accounts)")
    parser.add_argument("--processes", type=int, help="how many processes act (acts, year)")
    parser.add_argument("--resume", action="store_true", default=None, help="go on with a killed year")
    parser.add_argument(
        "--million", action="store_true", default=None, help="acts: with a million cases there"
    )
    return parser.parse_args(arguments)


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
    return broken


def _keep(name: str, given: dict[str, Any], load: float, figures: dict[str, float]) -> None:
    """The figures with the conditions they were taken under."""
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    record = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "options": given,
        "machine": f"{platform.machine()}, {os.cpu_count()} cpus",
        "load before and after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "versions": {n: version(n) for n in ("django", "psycopg", "msgspec", "granian")} | _server(),
        "python": platform.python_version(),
        "figures": figures,
    }
    (results / f"{name}.json").write_text(json.dumps(record, indent=1, sort_keys=True, default=str) + "\n")


def _commit() -> str:
    said = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=HERE, capture_output=True, text=True, check=False
    )
    return said.stdout.strip()


def _server() -> dict[str, str]:
    """The database server and its settings that matter, where a part used one."""
    if "DATABASE_URL" not in os.environ:
        return {}
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name IN"
            " ('server_version', 'synchronous_commit', 'shared_buffers', 'fsync', 'full_page_writes')"
        )
        return dict(cursor.fetchall())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
