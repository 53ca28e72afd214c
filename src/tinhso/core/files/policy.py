"""Who may open a file: whoever brought it, and whoever the room it belongs to lets."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.files.models import StoredFile
from tinhso.core.files.slots import FILE_POLICIES


def may_open(actor: Actor, stored: StoredFile) -> bool:
    """True for the uploader, otherwise what the policy with the longest matching prefix says; no policy, no."""
    if actor.person_id is not None and actor.person_id == stored.uploaded_by:
        return True
    fitting = [p for p in FILE_POLICIES if stored.purpose.startswith(p.prefix)]
    return bool(fitting) and max(fitting, key=lambda p: len(p.prefix)).allows(actor, stored)
