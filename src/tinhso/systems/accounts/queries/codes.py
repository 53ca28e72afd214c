"""The code of an invitation: never kept, always the same for its round."""

from __future__ import annotations

from django.conf import settings

from tinhso.systems.accounts.models import Invitation
from tinhso.systems.accounts.rules.codes import code_of


def code(invitation: Invitation) -> str:
    """The code of an invitation in its round."""
    secret = f"tinhso.accounts.invitation:{settings.SECRET_KEY}".encode()
    return code_of(secret, str(invitation.id), invitation.round)
