"""Bytes on disk under their checksum, `aa/bb/<sha256>`.

A file is complete and on disk before the row that names it commits, so a row never points at nothing.
What a rolled-back transaction leaves behind is harmless and goes with `clean_files`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from tinhso.core.files.errors import NoSpace

CHUNK = 1024 * 1024
TEMPORARY = "tmp"


def path_of(sha256: str) -> Path:
    """Where the bytes with this checksum lie."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


@contextmanager
def _locked(mode: int) -> Iterator[None]:
    """Shared for writers, exclusive for the cleaner, so that it never removes what is just being named."""
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("a") as lock:
        fcntl.flock(lock, mode)
        yield


def write(source: BinaryIO) -> tuple[str, int]:
    """Keep all bytes of `source`; returns (sha256, size). `NoSpace` when the disk does not take them."""
    try:
        with _locked(fcntl.LOCK_SH):
            return _write(source)
    except OSError as error:
        raise NoSpace(
            "no_space",
            _("Hệ thống tạm thời không lưu được tệp. Tệp chưa được nhận; xin thử lại sau ít phút."),
        ) from error


def _write(source: BinaryIO) -> tuple[str, int]:
    folder = Path(settings.FILES_ROOT) / TEMPORARY
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        sha256 = digest.hexdigest()
        target = path_of(sha256)
        if target.exists():
            os.utime(target)
            os.unlink(temporary)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.chmod(temporary, 0o640)
            os.rename(temporary, target)
            _sync_folder(target.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return sha256, size


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_orphans(known: Iterator[str] | set[str], *, older_than: float) -> int:
    """Remove files that nothing names and that were not touched for `older_than` seconds; how many."""
    root, border, removed = Path(settings.FILES_ROOT), time.time() - older_than, 0
    kept = set(known)
    with _locked(fcntl.LOCK_EX):
        for path in [*root.glob("??/??/*"), *(root / TEMPORARY).glob("*")]:
            if path.name not in kept and path.stat().st_mtime < border:
                path.unlink()
                removed += 1
    return removed
