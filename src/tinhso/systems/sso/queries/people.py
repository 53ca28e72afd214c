"""What one person allowed and where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.systems.sso import vault
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client, Consent, DeviceCode, Grant
from tinhso.systems.sso.policy import self_of
from tinhso.systems.sso.rules.devices import plain


def consented(*, actor: Actor, client: Client) -> frozenset[str]:
    """The scopes a person lets a program have."""
    row = Consent.objects.filter(person_id=self_of(actor), client=client, withdrawn_at__isnull=True)
    return frozenset((row.values_list("scope", flat=True).first() or "").split())


@dataclass(frozen=True, slots=True)
class Connection:
    """A program as a person sees it: what it may know, since when, and when they last signed in to it."""

    client: Client
    scopes: tuple[str, ...]
    since: datetime | None
    last: datetime | None
    signed_in: bool


def connections(actor: Actor, now: datetime) -> list[Connection]:
    """The programs a person is connected to: by consent, or by a sign-in that still holds."""
    consents = Consent.objects.filter(person_id=self_of(actor), withdrawn_at__isnull=True).select_related(
        "client"
    )
    grants = Grant.objects.filter(person_id=self_of(actor)).select_related("client").order_by("made_at")
    found: dict[UUID, Connection] = {}
    for grant in grants:
        live = grant.revoked_at is None and grant.ends_at > now
        before = found.get(grant.client_id)
        signed_in = live or bool(before and before.signed_in)
        scopes = tuple(grant.scopes) if live or before is None else before.scopes
        found[grant.client_id] = Connection(grant.client, scopes, None, grant.made_at, signed_in)
    told = {c.client_id: c for c in consents}
    for client_id, consent in told.items():
        last = found[client_id].last if client_id in found else None
        here = client_id in found and found[client_id].signed_in
        found[client_id] = Connection(
            consent.client, tuple(consent.scope.split()), consent.given_at, last, here
        )
    kept = [c for key, c in found.items() if key in told or c.signed_in]
    return sorted(kept, key=lambda c: (c.client.name, str(c.client.id)))


def device(typed: str, now: datetime) -> DeviceCode | None:
    """The device that waits under the code a person typed; None when there is none."""
    mark = vault.digest(ring().pepper, plain(typed))
    rows = DeviceCode.objects.select_related("client").filter(user_code=mark, expires_at__gt=now)
    return rows.filter(grant__isnull=True, denied_at__isnull=True, client__active=True).first()
