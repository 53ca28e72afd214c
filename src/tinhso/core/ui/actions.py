"""The frame's only write: the language a person chose for every device."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.people.models import Account


def choose_language(*, account_id: UUID, language: str) -> None:
    """Remember the language of an account; `language` is one of `settings.LANGUAGES`."""
    Account.objects.filter(pk=account_id).update(language=language)
