"""The provider's keys, read and parsed once per process and looked at again every minute."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import InvalidClaimError, JoseError
from joserfc.jwk import RSAKey

from tinhso.systems.sso import vault
from tinhso.systems.sso.choices import CLOCK_SKEW
from tinhso.systems.sso.models import Key

#: A key that was withdrawn signs on in other processes for so long at most (seconds).
LOOK_AGAIN = 60.0


class NoKeyError(RuntimeError):
    """There is no signing key yet: `manage.py sso_keys rotate` makes one."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs or signed: its public half as the world sees it."""

    kid: str
    alg: str
    private: RSAKey
    public: dict[str, Any]
    signs_from: datetime
    published_until: datetime | None


@dataclass(frozen=True, slots=True)
class Ring:
    """Everything that is published, newest first, and the pepper."""

    keys: tuple[SigningKey, ...]
    pepper: bytes

    def signing(self, now: datetime) -> SigningKey:
        """The key that signs now: the latest whose time has come, rather none that another one followed."""
        come = [k for k in self.keys if k.signs_from <= now]
        if not come:
            raise NoKeyError
        return max(come, key=lambda k: (k.published_until is None, k.signs_from))

    def jwks(self, now: datetime) -> dict[str, Any]:
        """The public halves, as JWK set."""
        return {"keys": [k.public for k in self._published(now)]}

    def sign(self, claims: Mapping[str, Any], *, now: datetime, kind: str = "JWT") -> str:
        """A signed token."""
        key = self.signing(now)
        return jwt.encode({"alg": key.alg, "kid": key.kid, "typ": kind}, dict(claims), key.private)

    def verify(self, token: str, *, now: datetime, expired: bool = False) -> dict[str, Any] | None:
        """The claims of a token of ours; None when it is forged, malformed, not yet valid, or over its time.

        `expired` accepts one whose time is over: a hint of who was signed in is worth something for longer.
        The algorithm is the key's, never the token's word for it.
        """
        try:
            key = next((k for k in self._published(now) if k.kid == _kid(token)), None)
            if key is None:
                return None
            claims: dict[str, Any] = jwt.decode(token, key.private, algorithms=[key.alg]).claims
            _registry(now, expired=expired).validate(claims)
        except (JoseError, ValueError, TypeError):
            return None
        return claims

    def _published(self, now: datetime) -> list[SigningKey]:
        return [k for k in self.keys if k.published_until is None or k.published_until > now]


def _kid(token: str) -> str:
    """The key a token says it was signed with, unproved. `ValueError` when it is no signed token."""
    head = token.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    return str(header.get("kid", "")) if isinstance(header, dict) else ""


def _registry(now: datetime, *, expired: bool) -> jwt.JWTClaimsRegistry:
    """What a token of ours must say. One whose time is over is looked at as of its own beginning."""
    registry = _Late if expired else jwt.JWTClaimsRegistry
    return registry(
        now=int(now.timestamp()),
        leeway=int(CLOCK_SKEW.total_seconds()),
        iss={"essential": True, "value": settings.SITE_URL},
        aud={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
    )


class _Late(jwt.JWTClaimsRegistry):
    """Asks for a time of expiry, and does not mind that it has passed."""

    def validate_exp(self, value: object) -> None:
        if not isinstance(value, int):
            raise InvalidClaimError("exp")


class _Kept:
    ring: ClassVar[Ring | None] = None
    until: ClassVar[float] = 0.0
    lock: ClassVar[threading.Lock] = threading.Lock()


def ring() -> Ring:
    """The keys as they were at most a minute ago. `NoKeyError` before the first was made."""
    kept = _Kept.ring
    if kept is not None and time.monotonic() < _Kept.until:
        return kept
    with _Kept.lock:
        _Kept.ring = read()
        _Kept.until = time.monotonic() + getattr(settings, "SSO_KEYS_SECONDS", LOOK_AGAIN)
        return _Kept.ring


def forget() -> None:
    """Look again at the next question; for the process that changed a key."""
    _Kept.until = 0.0


def read() -> Ring:
    """The keys as they are in the database now."""
    rows = list(Key.objects.filter(withdrawn_at__isnull=True).order_by("-signs_from", "-id"))
    pepper = next((vault.unlock(row.secret) for row in rows if row.use == "pepper"), None)
    if pepper is None:
        raise NoKeyError
    return Ring(tuple(_parsed(row) for row in rows if row.use == "sig" and _alive(row)), pepper)


def _alive(row: Key) -> bool:
    return row.published_until is None or row.published_until > timezone.now()


def _parsed(row: Key) -> SigningKey:
    private = _private(row.id, row.secret)
    return SigningKey(str(row.id), row.alg, private, row.public, row.signs_from, row.published_until)


@lru_cache(maxsize=32)
def _private(key_id: UUID, secret: str) -> RSAKey:
    """Parsing an RSA key costs as much as forty signatures, so each is parsed once."""
    return RSAKey.import_key(vault.unlock(secret), {"kid": str(key_id), "use": "sig"})
