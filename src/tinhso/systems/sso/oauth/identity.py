"""What tokens say."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings

from tinhso.systems.sso.actions.tokens import Family
from tinhso.systems.sso.choices import ID_TOKEN_LIFE
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client
from tinhso.systems.sso.queries.tokens import Live
from tinhso.systems.sso.rules import claims


def id_token(client: Client, family: Family, access: str, nonce: str, now: datetime) -> str:
    """Who signed in, how and when; the person's data stays at userinfo, which knows it as it is today."""
    keys, at = ring(), int(now.timestamp())
    told: dict[str, Any] = {
        "iss": settings.SITE_URL,
        "sub": claims.subject(keys.pepper, client.subject, client.sector, str(family.person_id)),
        "aud": client.client_id,
        "iat": at,
        "exp": at + int(ID_TOKEN_LIFE.total_seconds()),
        "auth_time": int(family.auth_time.timestamp()),
        "acr": family.acr,
        "amr": family.amr.split(),
        "at_hash": half_hash(access),
        "sid": claims.session(keys.pepper, client.client_id, str(family.session_id)),
    }
    if nonce:
        told["nonce"] = nonce
    return keys.sign(told, now=now)


def half_hash(text: str) -> str:
    """`at_hash`: the left half of the SHA-256 of a token (OpenID Connect Core, 3.1.3.6)."""
    mark = hashlib.sha256(text.encode()).digest()[:16]
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def introspected(token: Live) -> dict[str, Any]:
    """A live token as RFC 7662 tells it, with the assurance it was got under."""
    told: dict[str, Any] = {
        "iss": settings.SITE_URL,
        "client_id": token.client_id,
        "sub": token.sub,
        "scope": token.scope,
        "iat": int(token.issued_at.timestamp()),
        "exp": int(token.expires_at.timestamp()),
        "token_type": "Bearer" if token.kind == "a" else "refresh_token",
    }
    if token.auth_time is not None and token.acr and token.amr:
        told |= {"auth_time": int(token.auth_time.timestamp()), "acr": token.acr, "amr": token.amr.split()}
    if token.session_id:
        told["sid"] = claims.session(ring().pepper, token.client_id, str(token.session_id))
    return told
