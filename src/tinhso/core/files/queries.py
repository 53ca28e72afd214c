"""Reading files."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.files.disk import path_of
from tinhso.core.files.models import StoredFile
from tinhso.core.files.policy import may_open


def for_actor(actor: Actor, file_id: UUID) -> StoredFile | None:
    """The file, if it exists and this person may open it."""
    stored = StoredFile.objects.filter(id=file_id).first()
    return stored if stored is not None and may_open(actor, stored) else None


def open_file(stored: StoredFile) -> BinaryIO:
    """The bytes, open for reading; `FileNotFoundError` means the disk lost them (restore from backup)."""
    return path_of(stored.sha256).open("rb")


def content(stored: StoredFile) -> bytes:
    """All bytes at once, for documents we sign or check."""
    with open_file(stored) as file:
        return file.read()
