"""Tokens: turning a code, a refresh token or a device code into new ones, each once, and taking them back.

The row changes before anything is handed out and in the same transaction, so of two that come at the same moment
with the same code one gets tokens and the other is a replay, which ends the whole family (RFC 9700, 4.14).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tinhso.core.access.actor import system_actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.systems.sso import vault
from tinhso.systems.sso.choices import ACCESS_LIFE
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client, DeviceCode, Grant, Token

_FAMILY = (
    "g.id, g.account_id, g.person_id, g.session_id, g.scope, g.nonce, g.auth_time, g.amr, g.acr, g.redirect_uri, "
    "g.challenge, g.ends_at, g.revoked_at, a.is_active"
)
_REDEEM = f"""
UPDATE sso_grant g SET code_used_at = COALESCE(g.code_used_at, %(now)s)
FROM people_account a WHERE a.id = g.account_id AND g.code = %(hash)s AND g.client_id = %(client)s
RETURNING old.code_used_at IS NOT NULL, g.code_until > %(now)s, {_FAMILY}
"""  # noqa: S608  only our own text is put together
_ROTATE = f"""
UPDATE sso_token t SET used_at = COALESCE(t.used_at, %(now)s)
FROM sso_grant g JOIN people_account a ON a.id = g.account_id
WHERE t.grant_id = g.id AND t.hash = %(hash)s AND t.kind = 'r' AND t.client_id = %(client)s
RETURNING old.used_at IS NOT NULL, t.expires_at > %(now)s AND t.revoked_at IS NULL, {_FAMILY}
"""  # noqa: S608
_DEVICE = f"""
SELECT {_FAMILY} FROM sso_grant g JOIN people_account a ON a.id = g.account_id WHERE g.id = %(id)s
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Family:
    """A grant as its tokens need it."""

    id: UUID
    account_id: UUID
    person_id: UUID
    session_id: UUID
    scope: str
    nonce: str
    auth_time: datetime
    amr: str
    acr: str
    redirect_uri: str
    challenge: str
    ends_at: datetime
    revoked_at: datetime | None
    active: bool


def redeem_code(*, client: Client, code: str, now: datetime) -> Family | None:
    """The grant a code stands for, the first time and within its minute; None else. A replay ends the family."""
    return _take(_REDEEM, client, code, now, "code_replayed")


def rotate(*, client: Client, token: str, now: datetime) -> Family | None:
    """The family of a refresh token, which is used up by this; None when it is not good. One used before is stolen,
    by whichever of the two came later: the family ends."""
    return _take(_ROTATE, client, token, now, "refresh_reused")


def _take(sql: str, client: Client, text: str, now: datetime, replay: str) -> Family | None:
    rows = _rows(sql, {"now": now, "hash": vault.digest(ring().pepper, text), "client": client.id})
    if not rows:
        return None
    used_before, in_time, *columns = rows[0]
    family = Family(*columns)
    if used_before:
        end_family(grant_id=family.id, client=client, reason=replay, now=now)
        return None
    return family if in_time and _good(family, now) else None


def take_device(*, client: Client, code: str, now: datetime) -> Family | str | None:
    """The family a person let a device into, once; else what it has to be told (RFC 8628, 3.5), None when unknown."""
    device = (
        DeviceCode.objects.select_for_update()
        .filter(device=vault.digest(ring().pepper, code), client=client)
        .first()
    )
    if device is None or device.used_at is not None:
        return None
    if device.expires_at <= now:
        return "expired_token"
    if device.denied_at:
        return "access_denied"
    if device.grant_id is None:
        hasty = device.asked_at is not None and now < device.asked_at + timedelta(seconds=device.interval)
        interval = min(device.interval + 5, 60) if hasty else device.interval
        DeviceCode.objects.filter(id=device.id).update(asked_at=now, interval=interval)
        return "slow_down" if hasty else "authorization_pending"
    DeviceCode.objects.filter(id=device.id).update(used_at=now)
    (columns,) = _rows(_DEVICE, {"id": device.grant_id})
    family = Family(*columns)
    return family if _good(family, now) else None


def _good(family: Family, now: datetime) -> bool:
    return family.active and family.revoked_at is None and family.ends_at > now


def issue(
    *,
    client: Client,
    family: Family | None,
    scope: str,
    access: str,
    refresh: str | None,
    now: datetime,
    last: bool = True,
) -> None:
    """Keep the tokens just made, by their hashes, in the caller's transaction."""
    pepper, batch = ring().pepper, Batch()
    common: dict[str, Any] = {
        "client_id": client.id,
        "grant_id": family.id if family else None,
        "issued_at": now,
    }
    batch.insert(
        Token,
        hash=vault.digest(pepper, access),
        kind="a",
        scope=scope,
        expires_at=now + ACCESS_LIFE,
        **common,
    )
    if refresh and family:
        batch.insert(
            Token,
            hash=vault.digest(pepper, refresh),
            kind="r",
            scope=scope,
            expires_at=family.ends_at,
            **common,
        )
    batch.send(last=last)


def revoke(*, client: Client, token: str, now: datetime) -> None:
    """A program gives a token back: an access token goes alone, a refresh token with its whole family (RFC 7009)."""
    row = Token.objects.filter(hash=vault.digest(ring().pepper, token), client=client).first()
    if row is None:
        return
    if row.kind == "r" and row.grant_id:
        end_family(grant_id=row.grant_id, client=client, reason="given_back", now=now)
    else:
        Token.objects.filter(hash=row.hash).update(revoked_at=now)


def end_family(*, grant_id: UUID, client: Client, reason: str, now: datetime) -> None:
    """End a grant with all its tokens, in the caller's transaction or by itself; doing it twice changes nothing."""
    if not Grant.objects.filter(id=grant_id, revoked_at__isnull=True).update(
        revoked_at=now, revoke_reason=reason
    ):
        return
    with transaction.atomic():
        batch = Batch()
        record(
            batch,
            act=f"sso.{reason}",
            object_kind="sso.client",
            object_id=str(client.id),
            actor=system_actor("sso"),
            data={"grant": str(grant_id)},
        )
        batch.send()


def _rows(sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
