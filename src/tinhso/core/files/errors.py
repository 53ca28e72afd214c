"""Why a file was not taken, in words that say what to do."""

from __future__ import annotations

from tinhso.kit.errors import Refusal


class FileRefused(Refusal):
    """A file that is not taken; nothing was kept. `code` is stable, `message` says what to do instead."""

    status = 422


class NoSpace(FileRefused):
    """The disk is full or may not be written; the person may try again later."""

    status = 507
