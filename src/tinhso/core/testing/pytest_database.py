"""pytest plugin, loaded before Django's settings: makes sure there is a PostgreSQL server to test on."""

from __future__ import annotations

import os

if "DATABASE_URL" not in os.environ:
    from tinhso.core.db.embedded import ensure_running

    os.environ["DATABASE_URL"] = ensure_running()

# Runs beside one another keep to databases of their own; the workers of one run share its name.
os.environ.setdefault("TINHSO_TEST_RUN", str(os.getpid()))
