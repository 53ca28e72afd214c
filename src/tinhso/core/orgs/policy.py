"""Who may change units and calendars."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.audit.actions import Who
from tinhso.kit.errors import Forbidden

EDIT_UNITS = "console.orgs"
EDIT_CALENDARS = "console.calendars"


class ActorLike(Who, Protocol):
    """An actor as the rooms below `access` know it (`tinhso.core.access.actor.Actor` is one)."""

    @property
    def account_id(self) -> UUID | None: ...

    def may(self, permission: str, path: str | None = None) -> bool: ...


def require(actor: ActorLike, permission: str, path: str | None = None) -> None:
    """Go on, or `Forbidden`: the actor's post does not carry the permission (at the unit with `path`)."""
    if not actor.may(permission, path):
        raise Forbidden("no_permission", _("Vị trí công tác của bạn không có quyền làm việc này."))


def abilities(actor: ActorLike, path: str) -> dict[str, bool]:
    """What an actor may do with the unit at `path`; buttons and answers of the API ask this."""
    return {"edit": actor.may(EDIT_UNITS, path), "calendar": actor.may(EDIT_CALENDARS, path)}
