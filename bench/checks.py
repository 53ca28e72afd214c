"""Reading and verifying every procedure of the catalogue, its examples run too; needs no database.

Forms compiled before are kept by content, so the figure is that of a fresh process: it is measured in one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time


def measure() -> dict[str, float]:
    """Seconds of this process for all folders: read and verified, then with every example."""
    import django

    django.setup()
    from django.conf import settings

    from tinhso.core.procedures.catalog import Catalog
    from tinhso.core.procedures.examples import run_examples
    from tinhso.core.procedures.roles import roles_of

    catalog = Catalog(settings.CATALOG, roles_of(settings.CATALOG))
    begun = time.perf_counter()
    entries = [catalog.read(folder) for folder in catalog.folders()]
    verified = time.perf_counter() - begun
    full = [entry for entry in entries if entry.definition is not None]
    for entry in full:
        ran, wrong = run_examples(catalog, entry)
        if not ran or wrong:
            raise RuntimeError(f"{entry.code}: {wrong}")
    return {
        "checks.procedures": float(len(full)),
        "checks.verify s": verified,
        "checks.verify and examples s": time.perf_counter() - begun,
    }


def run() -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.checks"], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    print(json.dumps(measure()))
