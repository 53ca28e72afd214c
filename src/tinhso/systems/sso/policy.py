"""Who manages programs and keys, and what one may do with a program or a connection."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.kit.errors import Forbidden
from tinhso.systems.sso.models import Client

#: Programs of the whole province: whoever may connect one may let it ask for anybody's data.
CLIENTS = "sso.clients"
KEYS = "sso.keys"


def require(actor: Actor, permission: str) -> None:
    """Go on, or `Forbidden`."""
    if not actor.may(permission):
        raise Forbidden("no_permission", _("Vị trí công tác của bạn không có quyền làm việc này."))


def self_of(actor: Actor) -> UUID:
    """The person who acts for themselves, or `Forbidden` for a visitor or the system."""
    if actor.person_id is None:
        raise Forbidden("nobody", _("Hãy đăng nhập để làm việc này."))
    return actor.person_id


def abilities(actor: Actor, client: Client) -> dict[str, bool]:
    """What the actor may do with a program; pages and actions ask this."""
    may = actor.may(CLIENTS)
    return {
        "edit": may,
        "rotate": may and client.confidential and client.active,
        "close": may and client.active,
        "open": may and not client.active,
    }
