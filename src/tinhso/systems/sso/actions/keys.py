"""Making, changing and withdrawing the provider's keys."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc.jwk import RSAKey

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.uuid7 import uuid7
from tinhso.systems.sso import keyring, vault
from tinhso.systems.sso.choices import KEY_KEEP, KEY_LEAD, KEY_PERIOD
from tinhso.systems.sso.models import Key
from tinhso.systems.sso.policy import KEYS, require

ALGORITHM, BITS = "RS256", 2048


def ensure(*, actor: Actor) -> bool:
    """Make the pepper and the first signing key where they are missing; whether any was made."""
    with transaction.atomic():
        _alone()
        made = False
        if not Key.objects.filter(use="pepper").exists():
            Key.objects.create(use="pepper", secret=vault.lock(secrets.token_bytes(32)))
            made = True
        if not _signing().exists():
            _make(actor, timezone.now(), "first")
            made = True
    keyring.forget()
    return made


def rotate(*, actor: Actor, now: datetime | None = None, at_once: bool = False) -> Key:
    """A new signing key. Published now, it signs in a day (or at once), when every program has seen it; those before
    it stay published for a week after that, so that nothing they signed fails."""
    require(actor, KEYS)
    now = now or timezone.now()
    with transaction.atomic():
        _alone()
        signs_from = now if at_once else now + KEY_LEAD
        if not at_once and _signing().filter(signs_from__gt=now).exists():
            raise Refusal("key_waiting", _("Đã có một khóa mới đang chờ đến lượt ký."))
        _signing().filter(published_until__isnull=True).update(published_until=signs_from + KEY_KEEP)
        key = _make(actor, signs_from, "rotate")
    keyring.forget()
    return key


def rotate_due(*, actor: Actor, now: datetime | None = None) -> Key | None:
    """Rotate when the latest key is older than a quarter of a year; None when it is not."""
    now = now or timezone.now()
    newest = _signing().order_by("-signs_from").first()
    if newest is not None and newest.signs_from + KEY_PERIOD - KEY_LEAD > now:
        return None
    return rotate(actor=actor, now=now, at_once=newest is None)


def withdraw(*, actor: Actor, key_id: UUID, reason: str, now: datetime | None = None) -> None:
    """Take a leaked key out at once: nothing signed with it counts any more; another one signs from now on."""
    require(actor, KEYS)
    if not reason.strip():
        raise Refusal("no_reason", _("Ghi lý do thu hồi khóa."), status=422, field="reason")
    now = now or timezone.now()
    with transaction.atomic():
        _alone()
        row = _signing().filter(id=key_id).first()
        if row is None:
            raise NotFound("no_key", _("Không có khóa này, hoặc khóa đã bị thu hồi."))
        Key.objects.filter(id=row.id).update(withdrawn_at=now)
        _record(actor, "withdraw_key", row.id, {"reason": reason.strip()[:300]})
        if not _signing().filter(signs_from__lte=now, published_until__isnull=True).exists():
            _make(actor, now, "withdrawn before")
    keyring.forget()


def relock_all(*, actor: Actor) -> int:
    """Write every secret again under today's secret key; how many. After a change of SECRET_KEY."""
    require(actor, KEYS)
    with transaction.atomic():
        _alone()
        rows = list(Key.objects.all())
        for row in rows:
            Key.objects.filter(id=row.id).update(secret=vault.relock(row.secret))
        _record(actor, "relock_keys", "all", {"count": len(rows)})
    keyring.forget()
    return len(rows)


def _signing() -> QuerySet[Key]:
    return Key.objects.filter(use="sig", withdrawn_at__isnull=True)


def _alone() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('sso.keys', 0))")


def _make(actor: Actor, signs_from: datetime, why: str) -> Key:
    key_id = uuid7()
    private = RSAKey.generate_key(BITS, {"kid": str(key_id), "use": "sig", "alg": ALGORITHM})
    row = Key.objects.create(
        id=key_id, use="sig", alg=ALGORITHM, secret=vault.lock(private.as_der(private=True)), public=private.as_dict(private=False),
        signs_from=signs_from,
    )  # fmt: skip
    _record(actor, "make_key", key_id, {"signs_from": signs_from.isoformat(), "why": why})
    return row


def _record(actor: Actor, verb: str, key_id: object, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=f"sso.{verb}", object_kind="sso.key", object_id=str(key_id), actor=actor, data=data)
    batch.send()
