"""Statements that are sent so often that the server should keep them prepared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg import RawCursor


def prepared(sql: bytes, params: Sequence[Any]) -> RawCursor[Any]:
    """Send a statement (parameters are `$1`, `$2`, ...) that the server keeps prepared; Django's log does not see it."""
    here = connections[DEFAULT_DB_ALIAS]  # once: the proxy looks for the thread's connection at every use
    here.ensure_connection()
    with here.wrap_database_errors:
        return RawCursor(here.connection).execute(sql, params, prepare=True)
