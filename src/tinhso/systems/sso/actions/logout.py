"""Telling a program that a session ended (OpenID Connect back-channel logout 1.0)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.utils import timezone

from tinhso.systems.sso.choices import LOGOUT_TOKEN_LIFE
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import LogoutNotice
from tinhso.systems.sso.rules import claims

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TIMEOUT = httpx.Timeout(5.0)
#: With waits of 4, 16, 64 ... seconds: about six hours.
MOST_ATTEMPTS = 8


class NotToldError(RuntimeError):
    """The program did not take the message; the queue tries again."""


def tell(*, notice_id: UUID) -> None:
    """Send one notice. `NotToldError` when the program did not take it and it will be tried again; told once, or given
    up, it is left alone."""
    notice = LogoutNotice.objects.select_related("client").filter(id=notice_id).first()
    if notice is None or notice.sent_at or notice.given_up_at:
        return
    error = _send(notice)
    if not error:
        LogoutNotice.objects.filter(id=notice.id).update(
            sent_at=timezone.now(), error="", attempts=notice.attempts + 1
        )
        return
    attempts = notice.attempts + 1
    over = timezone.now() if attempts >= MOST_ATTEMPTS or not notice.client.active else None
    LogoutNotice.objects.filter(id=notice.id).update(attempts=attempts, error=error[:300], given_up_at=over)
    if over is None:
        raise NotToldError(error)


def _send(notice: LogoutNotice) -> str:
    """What went wrong, or an empty text."""
    form = {"logout_token": token_of(notice, timezone.now())}
    try:
        answer = httpx.post(notice.client.backchannel_uri, data=form, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        return f"{type(error).__name__}: {error}"
    return "" if answer.status_code in (200, 204) else f"HTTP {answer.status_code}"


def token_of(notice: LogoutNotice, now: datetime) -> str:
    """The signed logout token: names the session and the person as this program knows them, and never a nonce."""
    client, keys, at = notice.client, ring(), int(now.timestamp())
    told = {
        "iss": settings.SITE_URL,
        "aud": client.client_id,
        "iat": at,
        "exp": at + int(LOGOUT_TOKEN_LIFE.total_seconds()),
        "jti": uuid4().hex,
        "sub": claims.subject(keys.pepper, client.subject, client.sector, str(notice.person_id)),
        "sid": claims.session(keys.pepper, client.client_id, str(notice.session_id)),
        "events": {EVENT: {}},
    }
    return keys.sign(told, now=now, kind="logout+jwt")
