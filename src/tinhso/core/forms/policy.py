"""Whose drafts they are: of the person who files, and of the clerk who opened it for somebody."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from tinhso.core.access.actor import Actor
from tinhso.core.files.models import StoredFile
from tinhso.core.forms.models import Draft

# Files of a draft carry this purpose, so that whoever may see the draft may open them.
FILE_PURPOSE = "forms.draft:"


def visible(actor: Actor) -> QuerySet[Draft]:
    """The drafts a person may see and change."""
    if not actor.is_known:
        return Draft.objects.none()
    return Draft.objects.filter(Q(owner_id=actor.person_id) | Q(made_by_id=actor.person_id))


def may_open_file(actor: Actor, stored: StoredFile) -> bool:
    """Whether a file belongs to a draft this person may see."""
    try:
        draft_id = UUID(stored.purpose.removeprefix(FILE_PURPOSE))
    except ValueError:
        return False
    return visible(actor).filter(id=draft_id).exists()
