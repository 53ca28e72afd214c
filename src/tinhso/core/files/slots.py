"""What other rooms add to files: who may open them, and scanners that look at uploads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from tinhso.core.access.actor import Actor
from tinhso.core.files.models import StoredFile
from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class FilePolicy:
    """Who may open files whose purpose begins with `prefix`: `allows(actor, stored)`."""

    prefix: str
    allows: Callable[[Actor, StoredFile], bool]


@dataclass(frozen=True, slots=True)
class Scanner:
    """Looks at the bytes of an upload before it is kept.

    `scan(file, media_type)` returns None when nothing was found, otherwise a Vietnamese sentence that
    names the finding. A scanner that cannot do its work raises; the upload is then refused.
    """

    name: str
    scan: Callable[[BinaryIO, str], str | None]


FILE_POLICIES: Slot[FilePolicy] = Slot("file policies", FilePolicy, lambda p: p.prefix)
SCANNERS: Slot[Scanner] = Slot("file scanners", Scanner, lambda s: s.name)
