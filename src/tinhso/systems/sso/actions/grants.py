"""Letting a program in: the grant with its code, in one round trip with its entry in the log of acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.kit.uuid7 import uuid7
from tinhso.systems.sso import vault
from tinhso.systems.sso.actions.devices import require_waiting
from tinhso.systems.sso.choices import CODE_LIFE, OFFLINE, OFFLINE_LIFE, REFRESH_LIFE
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client, DeviceCode, Grant
from tinhso.systems.sso.rules.assurance import SignIn


@dataclass(frozen=True, slots=True)
class Asked:
    """What the program asked for, checked: the address the code goes to, and what binds the code to the asker."""

    scopes: tuple[str, ...]
    redirect_uri: str = ""
    challenge: str = ""
    nonce: str = ""


def open_grant(
    *, actor: Actor, client: Client, asked: Asked, sign_in: SignIn, posts: tuple[UUID, ...], now: datetime
) -> str:
    """Let the program in for the person; the code for it. `posts` are those the program will be told of, so that it hears when one ends."""
    code, made = vault.random_text(), uuid7()
    with transaction.atomic():
        batch = Batch()
        row = _row(made, actor, client, asked, sign_in, posts, now)
        batch.insert(Grant, **row, code=vault.digest(ring().pepper, code), code_until=now + CODE_LIFE)
        _record(
            batch, "authorize", actor, client, {"scope": row["scope"], "acr": row["acr"], "grant": str(made)}
        )
        batch.send(last=True)
    return code


def let_device_in(
    *,
    actor: Actor,
    device: DeviceCode,
    client: Client,
    sign_in: SignIn,
    posts: tuple[UUID, ...],
    now: datetime,
) -> None:
    """Let a waiting device in; it fetches its tokens itself. Refuses what was answered or is over (`device_code`)."""
    made = uuid7()
    with transaction.atomic():
        held = DeviceCode.objects.select_for_update().get(id=device.id)
        require_waiting(held, now)
        batch = Batch()
        asked = Asked(tuple(held.scope.split()))
        batch.insert(Grant, **_row(made, actor, client, asked, sign_in, posts, now))
        batch.update(DeviceCode, {"id": held.id}, grant_id=made)
        _record(batch, "authorize_device", actor, client, {"scope": held.scope, "grant": str(made)})
        batch.send()


def _row(
    made: UUID,
    actor: Actor,
    client: Client,
    asked: Asked,
    sign_in: SignIn,
    posts: tuple[UUID, ...],
    now: datetime,
) -> dict[str, Any]:
    offline = OFFLINE in asked.scopes
    return {
        "id": made,
        "client_id": client.id,
        "session_id": sign_in.stay,
        "account_id": actor.account_id,
        "person_id": actor.person_id,
        "scope": " ".join(asked.scopes),
        "posts": "{" + ",".join(map(str, posts)) + "}",
        "auth_time": sign_in.at,
        "amr": " ".join(sign_in.amr),
        "acr": sign_in.acr,
        "nonce": asked.nonce,
        "made_at": now,
        "ends_at": now + _life(client, offline=offline),
        "offline": offline,
        "redirect_uri": asked.redirect_uri,
        "challenge": asked.challenge,
        "revoke_reason": "",
    }


def _life(client: Client, *, offline: bool) -> timedelta:
    if "refresh_token" not in client.grants:
        return CODE_LIFE
    return OFFLINE_LIFE if offline else REFRESH_LIFE


def _record(batch: Batch, verb: str, actor: Actor, client: Client, data: dict[str, Any]) -> None:
    record(
        batch, act=f"sso.{verb}", object_kind="sso.client", object_id=str(client.id), actor=actor, data=data
    )
