"""A visitor at a page for signed-in people: to the sign-in page and back, without losing what was typed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

SALT = "tinhso.access.resume"
#: Sealed answers are accepted this long (seconds); longer than anybody takes to sign in.
KEPT_FOR = 3600
#: Answers larger than this (characters) are not carried; pages that big save as they go.
LARGEST = 200_000
#: Names, signed, who last signed in with this browser; it opens nothing and outlives the session.
WHOSE_COOKIE = "nguoi_truoc"
_NEVER_CARRIED = {"csrfmiddlewaretoken", "password", "old", "credential", "resume"}
#: Where a session keeps the form that was being sent when more proof was asked for.
STEP_UP_RESUME = "access_step_up_resume"


def safe_next(request: HttpRequest, target: str | None, default: str = "/") -> str:
    """`target` when it is an address of this site, else `default`; an open redirect helps only phishers."""
    if target and url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        return target
    return default


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page. A form that was being sent is kept there (status 401)."""
    if request.headers.get("HX-Request"):
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = shown.path + (f"?{shown.query}" if shown.query else "")
        response = HttpResponse(status=200)
        response["HX-Redirect"] = _login_address(safe_next(request, here), expired=True)
        return response
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(_login_address(request.get_full_path()))
    context = {
        "next": safe_next(request, request.META.get("HTTP_REFERER"), request.path),
        "resume": seal(request),
        "files_lost": bool(request.FILES),
        "expired": True,
    }
    return render(request, "access/login.html", context, status=401)


def step_up(request: HttpRequest) -> HttpResponse:
    """Send somebody signed in to prove more, and back. A form that was being sent is carried along, as at sign-in."""
    if request.headers.get("HX-Request"):
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = safe_next(request, shown.path + (f"?{shown.query}" if shown.query else ""))
        response = HttpResponse(status=200)
        response["HX-Redirect"] = f"{reverse('access:prove_again')}?{urlencode({'next': here})}"
        return response
    target = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        request.session[STEP_UP_RESUME] = seal(request)
        target = safe_next(request, request.META.get("HTTP_REFERER"), request.path)
    return HttpResponseRedirect(f"{reverse('access:prove_again')}?{urlencode({'next': target})}")


def _login_address(target: str, *, expired: bool = False) -> str:
    query = {"next": target} | ({"expired": "1"} if expired else {})
    return f"{reverse('access:login')}?{urlencode(query)}"


def seal(request: HttpRequest) -> str:
    """What the visitor was sending, as sealed text for a hidden field; empty when there is nothing to keep."""
    fields = [(k, v) for k, values in request.POST.lists() if k not in _NEVER_CARRIED for v in values]
    if not fields:
        return ""
    whose = request.get_signed_cookie(WHOSE_COOKIE, default="", salt=SALT)
    kept = {"path": request.get_full_path(), "fields": fields, "whose": whose}
    sealed = signing.dumps(kept, salt=SALT, compress=True)
    return sealed if len(sealed) <= LARGEST else ""


def unseal(text: str, account_id: UUID) -> dict[str, Any] | None:
    """`{"path", "fields": [[name, value], ...]}` of a sealed text; None when not ours, too old or not theirs.

    At a shared machine the next person may sign in on the page the last one left: they must neither read
    nor send what was typed before.
    """
    try:
        kept: dict[str, Any] = signing.loads(text, salt=SALT, max_age=KEPT_FOR)
    except signing.BadSignature:
        return None
    return kept if kept.get("whose", "") in ("", str(account_id)) else None


def remember(response: HttpResponse, account_id: UUID) -> None:
    """Let this browser say later whose form it was that a session ended on."""
    response.set_signed_cookie(
        WHOSE_COOKIE, str(account_id), salt=SALT, max_age=settings.SESSION_COOKIE_AGE + KEPT_FOR,
        httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
