"""Keeping files."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.files import disk
from tinhso.core.files.checks.upload import MAX_BYTES, PAPERS, Upload, as_file, check_upload
from tinhso.core.files.models import StoredFile
from tinhso.kit.uuid7 import uuid7


def store(
    upload: Upload,
    *,
    name: str = "",
    actor: Actor,
    purpose: str,
    accept: Set[str] = PAPERS,
    max_bytes: int = MAX_BYTES,
    digitised: bool = False,
    batch: Batch | None = None,
) -> StoredFile:
    """Check an upload, keep its bytes, and write the row that names them.

    `purpose` is `room.kind` or `room.kind:<id>`. With `batch` the row is written when the caller sends it,
    in the caller's transaction. `FileRefused` when the file is not taken; nothing is kept then.
    """
    checked = check_upload(upload, accept=accept, max_bytes=max_bytes, name=name)
    return _keep(upload, checked.name, checked.media_type, checked.pages, actor, purpose, digitised, batch)


def store_made(
    content: bytes,
    *,
    name: str,
    media_type: str,
    actor: Actor,
    purpose: str,
    pages: int | None = None,
    batch: Batch | None = None,
) -> StoredFile:
    """Keep a document we made ourselves; it is not checked as an upload would be."""
    return _keep(content, name, media_type, pages, actor, purpose, False, batch)


def _keep(
    upload: Upload,
    name: str,
    media_type: str,
    pages: int | None,
    actor: Actor,
    purpose: str,
    digitised: bool,
    batch: Batch | None,
) -> StoredFile:
    """Bytes to disk first, then the row and its audit entry in one batch."""
    sha256, size = disk.write(as_file(upload))
    row = {
        "id": uuid7(),
        "sha256": sha256,
        "size": size,
        "media_type": media_type,
        "name": name,
        "pages": pages,
        "purpose": purpose,
        "digitised": digitised,
        "uploaded_by": actor.person_id,
        "created_at": timezone.now(),
    }
    if batch is not None:
        _write(batch, row, actor)
        return StoredFile(**row)
    with transaction.atomic():
        own = Batch()
        _write(own, row, actor)
        own.send()
    return StoredFile(**row)


def _write(batch: Batch, row: dict[str, Any], actor: Actor) -> None:
    batch.insert(StoredFile, **row)
    record(
        batch,
        act="files.store",
        object_kind="file",
        object_id=str(row["id"]),
        actor=actor,
        data={key: row[key] for key in ("name", "sha256", "size", "purpose")},
    )
