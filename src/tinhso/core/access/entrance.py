"""Through the door: what a browser's session carries before, at and after a sign-in.

The keys `AMR` and `SIGNED_IN_AT` are read by whoever vouches for the person to others; nobody else writes them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login as open_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from tinhso.core.access import actions, rules
from tinhso.core.access.resume import remember, safe_next, unseal
from tinhso.core.people.models import Account

#: Kept in sessions as the way of signing in; `ActorOfRequest` reads them, no authentication backend does.
BACKEND = "tinhso.core.access"
STAY, AMR, SIGNED_IN_AT = "access_session", "access_amr", "access_signed_in_at"
#: Who has proved the first factor and owes the second; it opens nothing and is thrown away soon.
PENDING = "access_pending"
PENDING_SECONDS = 600
#: Says that somebody signed in with this browser before; names nobody and opens nothing.
DEVICE_COOKIE = "thiet_bi"
_DEVICE_SALT, _DEVICE_DAYS = "tinhso.access.device", 400


def address_of(request: HttpRequest) -> str:
    """The visitor's network address, as our own proxy noted it."""
    trusted = frozenset(getattr(settings, "TRUSTED_PROXIES", ("127.0.0.1", "::1")))
    return rules.client_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), trusted
    )


def device_of(request: HttpRequest) -> str:
    """The mark this browser keeps to be known again, "" for a new one."""
    return str(request.get_signed_cookie(DEVICE_COOKIE, default="", salt=_DEVICE_SALT))


def stay_of(request: HttpRequest) -> UUID | None:
    """The id of the stay the request belongs to."""
    kept = request.session.get(STAY)
    return UUID(kept) if kept else None


def enter(request: HttpRequest, account: Account, amr: Iterable[str]) -> None:
    """Begin a stay: a new session key, so that a key planted before is worth nothing, and nothing kept from before."""
    device = device_of(request) or secrets.token_urlsafe(18)
    if stay_of(request) and request.actor.is_known:  # type: ignore[attr-defined]
        actions.end_session(actor=request.actor, session_id=stay_of(request), reason="signed_out")  # type: ignore[attr-defined,arg-type]
    row = actions.begin_session(
        account=account,
        amr=amr,
        device_id=device,
        agent=request.headers.get("User-Agent", ""),
        address=address_of(request),
    )
    request.session.flush()
    open_session(request, account, backend=BACKEND)
    request.session[STAY] = str(row.id)
    request.session[AMR] = row.amr
    request.session[SIGNED_IN_AT] = row.began_at.isoformat()
    request.device_mark = device  # type: ignore[attr-defined]


def prove_again(request: HttpRequest, amr: Iterable[str]) -> None:
    """Note a further or repeated proof in the stay at hand, under a new session key."""
    stay = stay_of(request)
    if stay is None:
        raise RuntimeError("nobody is signed in")
    request.session[AMR] = actions.raise_session(actor=request.actor, session_id=stay, amr=amr)  # type: ignore[attr-defined]
    request.session[SIGNED_IN_AT] = timezone.now().isoformat()
    request.session.cycle_key()


def arrive(request: HttpRequest, account: Account, target: str, resume: str = "") -> HttpResponse:
    """The answer to a sign-in: on to where one was going, or first the form that was being sent when a stay ended."""
    kept = unseal(resume, account.id) if resume else None
    if kept and safe_next(request, kept["path"], default=""):
        response = render(request, "access/resume.html", {"kept": kept, "next": target})
    else:
        response = HttpResponseRedirect(target)
    remember(response, account.id)
    if mark := getattr(request, "device_mark", ""):
        response.set_signed_cookie(
            DEVICE_COOKIE, mark, salt=_DEVICE_SALT, max_age=_DEVICE_DAYS * 86_400,
            httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def ask_second(request: HttpRequest, account: Account, amr: Iterable[str], target: str, resume: str) -> None:
    """Keep who proved the first factor until the second is proved, under a new session key."""
    request.session.flush()
    request.session[PENDING] = {
        "account": str(account.id), "stamp": account.get_session_auth_hash(), "amr": list(amr),
        "at": timezone.now().isoformat(), "next": target, "resume": resume,
    }  # fmt: skip


def pending(request: HttpRequest) -> dict[str, Any] | None:
    """What `ask_second` kept, while it is young; None otherwise."""
    kept: dict[str, Any] | None = request.session.get(PENDING) if request.COOKIES else None
    if not kept:
        return None
    age = (timezone.now() - datetime.fromisoformat(kept["at"])).total_seconds()
    return kept if 0 <= age <= PENDING_SECONDS else None
