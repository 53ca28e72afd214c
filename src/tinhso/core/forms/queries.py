"""Reading drafts."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.forms.models import Draft
from tinhso.core.forms.policy import visible
from tinhso.kit.errors import NotFound


def draft(draft_id: UUID, *, actor: Actor) -> Draft:
    """The draft, also when it was already submitted. `NotFound` when there is none this person may see."""
    found = visible(actor).filter(id=draft_id).first()
    if found is None:
        raise no_such_draft()
    return found


def open_drafts(actor: Actor, limit: int = 50) -> list[Draft]:
    """The drafts not yet sent, latest first, to be continued on any device."""
    return list(visible(actor).filter(submitted_at__isnull=True).order_by("-updated_at")[:limit])


def count_open(code: str, most: int) -> int:
    """How many drafts of a procedure are being filled in, counted up to `most`."""
    return Draft.objects.filter(code=code, submitted_at__isnull=True)[:most].count()


def no_such_draft() -> NotFound:
    return NotFound("unknown_draft", _("Không tìm thấy bản khai này. Có thể bản khai đã bị xóa."))
