"""Reading notices."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from tinhso.core.db.paging import Page, page
from tinhso.core.notify.models import Message
from tinhso.core.people.models import Account


def messages_of(person_id: UUID, *, cursor: str = "", size: int = 20) -> Page[Message]:
    """A person's messages, latest first."""
    return page(
        Message.objects.filter(person_id=person_id), by=["-created_at", "-id"], cursor=cursor, size=size
    )


def unread_count(person_id: UUID) -> int:
    """How many of a person's messages nobody has opened yet."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).count()


def language_of(person_id: UUID) -> str:
    """The language a person reads: their account's, else the installation's."""
    found = (
        Account.objects.filter(person_id=person_id, is_active=True).values_list("language", flat=True).first()
    )
    return found or settings.LANGUAGE_CODE
