"""Programs, for the protocol and for those who manage them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, page
from tinhso.kit.errors import NotFound
from tinhso.systems.sso.models import Client, Grant, Key, LogoutNotice
from tinhso.systems.sso.policy import CLIENTS, KEYS, require

_LONGEST = 60


def by_client_id(client_id: str) -> Client | None:
    """An open program by its public name."""
    if not client_id or len(client_id) > _LONGEST or not client_id.isascii() or not client_id.isprintable():
        return None
    return Client.objects.filter(client_id=client_id, active=True).first()


def clients(actor: Actor, cursor: str = "") -> Page[Client]:
    """All programs by name."""
    require(actor, CLIENTS)
    return page(Client.objects.all(), by=["name", "id"], cursor=cursor, size=50)


@dataclass(frozen=True, slots=True)
class ClientPage:
    """A program as its page shows it: how many people it holds tokens for, and messages it did not take."""

    client: Client
    people: int
    grants: Page[Grant]
    untold: list[LogoutNotice]


def client_page(actor: Actor, client_id: UUID, *, now: datetime, cursor: str = "") -> ClientPage:
    """One program with its open grants, latest first. `NotFound` when there is none."""
    client = client_of(actor, client_id)
    live = Grant.objects.filter(client=client, revoked_at__isnull=True, ends_at__gt=now)
    people = live.aggregate(n=Count("person", distinct=True))["n"]
    rows = page(live.select_related("person", "account"), by=["-made_at", "-id"], cursor=cursor, size=30)
    untold = LogoutNotice.objects.filter(
        Q(given_up_at__isnull=False) | Q(attempts__gt=0), sent_at=None, client=client
    )
    return ClientPage(client, people, rows, list(untold.order_by("-id")[:10]))


def client_of(actor: Actor, client_id: UUID) -> Client:
    """One program for those who manage them."""
    require(actor, CLIENTS)
    client = Client.objects.filter(id=client_id).first()
    if client is None:
        raise NotFound("no_client", _("Không có ứng dụng này."))
    return client


def keys(actor: Actor) -> list[Key]:
    """The signing keys of the last while, newest first; never their secrets."""
    require(actor, KEYS)
    return list(Key.objects.filter(use="sig").defer("secret").order_by("-signs_from", "-id")[:20])
