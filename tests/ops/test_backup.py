"""Backup and restore: a real round trip through the command line, and backups that must be refused."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from tinhso.project.backup import BackupError, check

FILL = """
import io, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tinhso.core.access.actor import system_actor
from tinhso.core.files.actions import store_made
from tinhso.core.testing.province import small_province
small_province(())
for text in sys.argv[1:]:
    store_made(text.encode(), name="a.txt", media_type="text/plain", actor=system_actor("test"), purpose="cases.paper")
"""


def _database(name: str) -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def places() -> Iterator[list[str]]:
    """URLs of two empty databases of this test alone."""
    names = [f"test_backup_{uuid4().hex[:12]}" for _ in range(2)]
    with psycopg.connect(_database("postgres"), autocommit=True) as conn:
        for name in names:
            conn.execute(
                f'CREATE DATABASE "{name}" LOCALE_PROVIDER builtin BUILTIN_LOCALE "C.UTF-8" TEMPLATE template0'
            )
        yield [_database(name) for name in names]
        for name in names:
            conn.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _run(home: Path, url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {
        "TINHSO_DATA": str(home),
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "tinhso.project.settings.dev",
    }
    return subprocess.run([sys.executable, *arguments], env=env, capture_output=True, text=True, check=False)


def _tinhso(home: Path, url: str, command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return _run(home, url, "-m", "tinhso.project.cli", command, str(folder))


def _rows(url: str, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as conn:
        return conn.execute(sql).fetchall()


SAME = (
    "SELECT code, name, path FROM orgs_unit ORDER BY id",
    "SELECT sha256, size, name FROM files_storedfile ORDER BY id",
    "SELECT lane, seq, hash FROM audit_entry ORDER BY id",
)


@pytest.mark.slow
def test_what_was_backed_up_comes_back_and_damage_is_named(tmp_path: Path, places: list[str]) -> None:
    old, new, kept = tmp_path / "old", tmp_path / "new", tmp_path / "kept"
    first, second = places
    filled = _run(old, first, "-c", FILL, "một", "hai")
    assert filled.returncode == 0, filled.stderr

    saved = _tinhso(old, first, "backup", kept)
    assert saved.returncode == 0, saved.stderr
    assert "2 (2 mới chép)" in saved.stdout
    assert [p.stat().st_mode & 0o777 for p in kept.glob("secrets-*.tar")] == [0o600]

    assert _run(old, first, "-c", FILL.replace("small_province(())", ""), "ba").returncode == 0
    again = _tinhso(old, first, "backup", kept)
    assert "3 (1 mới chép)" in again.stdout
    assert len(list(kept.glob("database-*.dump"))) == 1

    restored = _tinhso(new, second, "restore", kept)
    assert restored.returncode == 0, restored.stderr
    assert "khôi phục xong" in restored.stdout
    for sql in SAME:
        assert _rows(first, sql) == _rows(second, sql)
        assert _rows(first, sql)
    files = sorted(p.read_text() for p in (new / "files").glob("??/??/*"))
    assert files == ["ba", "hai", "một"]
    assert (new / "secrets/django").read_text() == (old / "secrets/django").read_text()

    twice = _tinhso(new, second, "restore", kept)
    assert twice.returncode == 1
    assert "phải trống" in twice.stderr

    stored = next((new / "files").glob("??/??/*"))
    stored.write_text("khác")
    spoilt = tmp_path / "spoilt"
    damaged = _tinhso(new, second, "backup", spoilt)
    assert damaged.returncode == 1
    assert stored.name in damaged.stderr
    assert not (spoilt / "SHA256SUMS").exists()


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """A small backup that `check` accepts."""
    folder, text = tmp_path / "whole", b"xin chao"
    name = hashlib.sha256(text).hexdigest()
    stored = folder / "files" / name[:2] / name[2:4] / name
    stored.parent.mkdir(parents=True)
    stored.write_bytes(text)
    (folder / "database-1.dump").write_bytes(b"dump")
    with tarfile.open(folder / "secrets-1.tar", "w"):
        pass
    (folder / "manifest-1.json").write_text(json.dumps({"files": 1, "tables": {"a": 1}}))
    _sum(folder)
    return folder


def _sum(folder: Path, *without: str) -> None:
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.name not in ("SHA256SUMS", *without)]
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder)}\n" for p in paths]
    (folder / "SHA256SUMS").write_text("".join(lines))


def test_a_whole_backup_is_accepted(whole: Path) -> None:
    about, names = check(whole)
    assert about["files"] == 1
    assert len(names) == 4


@pytest.mark.parametrize("pattern", ["manifest-*.json", "database-*.dump", "secrets-*.tar", "files/*/*/*"])
def test_a_changed_file_is_named(whole: Path, pattern: str) -> None:
    changed = next(whole.glob(pattern))
    changed.write_bytes(changed.read_bytes() + b"!")
    with pytest.raises(BackupError, match=changed.name):
        check(whole)


@pytest.mark.parametrize("pattern", ["manifest-*.json", "database-*.dump", "files/*/*/*"])
def test_a_missing_file_is_named(whole: Path, pattern: str) -> None:
    missing = next(whole.glob(pattern))
    missing.unlink()
    with pytest.raises(BackupError, match=missing.name):
        check(whole)


def test_a_file_left_out_of_the_sums_is_noticed(whole: Path) -> None:
    _sum(whole, next(whole.glob("files/*/*/*")).name)
    with pytest.raises(BackupError, match="không liệt kê đủ"):
        check(whole)


def test_a_folder_that_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="SHA256SUMS"):
        check(tmp_path)


def test_a_backup_without_dump(whole: Path) -> None:
    _sum(whole, "database-1.dump")
    with pytest.raises(BackupError, match="database-"):
        check(whole)
