"""What somebody's own security page shows: factors, keys, stays, and whether two factors are asked of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from tinhso.core.access import assurance
from tinhso.core.access.models import Passkey, SignInSession
from tinhso.core.access.roles import checked_roles


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account: whether a program, how many passkeys and unused recovery codes."""

    totp: bool
    passkeys: int
    recovery: int
    password: bool

    @property
    def any(self) -> bool:
        """Whether a password alone does not open the account. A sheet of codes alone is no factor."""
        return self.totp or self.passkeys > 0


_FACTORS = """
SELECT EXISTS (SELECT FROM access_totp WHERE account_id = %(id)s),
    (SELECT count(*) FROM access_passkey WHERE account_id = %(id)s),
    (SELECT count(*) FROM access_recoverycode WHERE account_id = %(id)s AND used_at IS NULL),
    EXISTS (SELECT FROM people_account WHERE id = %(id)s AND password NOT LIKE '!%%')
"""


def factors_of(account_id: UUID) -> Factors:
    """What an account has to prove its owner with, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTORS, {"id": account_id})
        return Factors(*cursor.fetchone())


def passkeys_of(account_id: UUID) -> list[Passkey]:
    """The keys of an account, oldest first."""
    return list(Passkey.objects.filter(account_id=account_id).order_by("made_at", "id"))


@dataclass(frozen=True, slots=True)
class Stay:
    """One sign-in as its owner sees it. `open` while it counts; `here` for the one the page is read in."""

    id: UUID
    began_at: datetime
    last_used_at: datetime
    device: str
    network: str
    amr: tuple[str, ...]
    end_reason: str
    open: bool
    here: bool


def stays_of(account_id: UUID, *, here: UUID | None, after: str = "", limit: int = 20) -> list[Stay]:
    """Sign-ins of an account, latest first; `after` is the id of the last one seen (ids sort by time)."""
    now = timezone.now()
    idle = now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    rows = SignInSession.objects.filter(account_id=account_id)
    if after:
        rows = rows.filter(id__lt=after)
    return [
        Stay(
            row.id,
            row.began_at,
            row.last_used_at,
            assurance.device_words(row.device),
            row.network,
            tuple(row.amr),
            row.end_reason,
            row.ended_at is None and row.ends_at > now and row.last_used_at > idle,
            row.id == here,
        )
        for row in rows.order_by("-began_at", "-id")[:limit]
    ]


def second_factor_duty(roles: Iterable[str], on: date | None = None) -> tuple[assurance.Duty | None, bool]:
    """Whether two factors are asked of somebody with these roles, and already in force; never where it is switched off."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return None, False
    return assurance.duty_of(roles, assurance.duties(checked_roles()), on or timezone.localdate())
