"""pytest plugin, loaded before Django's settings: makes sure there is a PostgreSQL server to test on."""

from __future__ import annotations

import os

if "DATABASE_URL" not in os.environ:
    from tinhso.core.db.embedded import ensure_running

    os.environ["DATABASE_URL"] = ensure_running()
