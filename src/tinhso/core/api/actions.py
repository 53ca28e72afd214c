"""Making and ending the keys of programs."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.api.models import ApiToken
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch

LONGEST = timedelta(days=400)


def make_token(*, account_id: UUID, name: str, actor: Actor, expires_at: datetime | None = None) -> str:
    """A new key, shown once; it ends at `expires_at`, after 400 days at the latest."""
    latest = timezone.now() + LONGEST
    key = f"ts_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            account_id=account_id,
            name=name,
            hash=hashlib.sha256(key.encode()).hexdigest(),
            expires_at=min(expires_at or latest, latest),
        )
        batch = Batch()
        record(
            batch,
            act="api.make_token",
            object_kind="api_token",
            object_id=str(token.id),
            actor=actor,
            data={"name": name, "account": str(account_id), "expires_at": token.expires_at.isoformat()},
        )
        batch.send()
    return key


def end_token(token_id: UUID, *, actor: Actor) -> None:
    """The key stops working at once."""
    with transaction.atomic():
        ApiToken.objects.filter(id=token_id).update(expires_at=timezone.now())
        batch = Batch()
        record(batch, act="api.end_token", object_kind="api_token", object_id=str(token_id), actor=actor)
        batch.send()
