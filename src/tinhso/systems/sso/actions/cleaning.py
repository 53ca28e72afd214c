"""Forgetting what is long over. Who was let into which program stays in the log of acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from tinhso.systems.sso.models import DeviceCode, Grant, LogoutNotice, Token

#: People see for so long on their page which programs they signed in to.
KEPT_FOR = timedelta(days=30)
AT_ONCE = 5_000


def forget_old(*, now: datetime) -> dict[str, int]:
    """Delete tokens that are over for a day, and grants and notices that are over for a month; counts."""
    old = now - KEPT_FOR
    return {
        "tokens": _all(
            Token.objects.filter(expires_at__lt=now - timedelta(days=1), grant__isnull=True), "hash"
        ),
        "devices": _all(DeviceCode.objects.filter(expires_at__lt=old), "id"),
        "grants": _all(Grant.objects.filter(ends_at__lt=old), "id"),
        "notices": _all(LogoutNotice.objects.filter(made_at__lt=old), "id"),
    }


def _all(rows: QuerySet[Any], key: str) -> int:
    count = 0
    while ids := list(rows.values_list(key, flat=True)[:AT_ONCE]):
        rows.model.objects.filter(**{f"{key}__in": ids}).delete()
        count += len(ids)
    return count
