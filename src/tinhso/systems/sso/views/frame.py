"""What the protocol's addresses share: the request as oauthlib reads it, and answers as the protocol wants them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from oauthlib.common import add_params_to_uri

from tinhso.core.access.actor import Actor
from tinhso.core.access.entrance import AMR, SIGNED_IN_AT, STAY
from tinhso.systems.sso.rules.assurance import SignIn


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def sign_in_of(request: HttpRequest) -> SignIn | None:
    """How the person at the browser signed in; None for a visitor."""
    stay, at = request.session.get(STAY), request.session.get(SIGNED_IN_AT)
    if not actor_of(request).is_known or not stay or not at:
        return None
    return SignIn(UUID(stay), datetime.fromisoformat(at), tuple(request.session.get(AMR) or ("pwd",)))


def posts_of(request: HttpRequest) -> tuple[UUID, ...]:
    """The posts the person holds now, without those lent to them."""
    return tuple(post.id for post in request.posts if post.lent is None)  # type: ignore[attr-defined]


def asked(request: HttpRequest) -> dict[str, Any]:
    """The arguments oauthlib's endpoints take."""
    headers = (
        {"Authorization": request.headers["Authorization"]} if "Authorization" in request.headers else {}
    )
    headers["Content-Type"] = request.content_type or ""
    body = (
        request.body.decode("utf-8", "replace")
        if request.content_type == "application/x-www-form-urlencoded"
        else ""
    )
    return {"uri": request.get_full_path(), "http_method": request.method, "body": body, "headers": headers}


def answer(headers: Mapping[str, str], body: str | None, status: int) -> HttpResponse:
    """oauthlib's answer as ours; nothing of it is kept by a cache."""
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def told(data: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return answer({}, json.dumps(data), status)


def refused(error: str, description: str, status: int = 400) -> HttpResponse:
    return told({"error": error, "error_description": description}, status)


def leave_to(uri: str, parameters: Sequence[tuple[str, str]]) -> HttpResponse:
    """To an address of a program that was compared with those registered, whatever its scheme."""
    response = HttpResponse(status=302)
    response["Location"] = back_at(uri, parameters)
    return response


def back_at(uri: str, parameters: Sequence[tuple[str, str]]) -> str:
    """The program's address with the answer; `iss` says who answers, against mix-ups (RFC 9207)."""
    return str(add_params_to_uri(uri, [*parameters, ("iss", settings.SITE_URL)]))


def go_on(request: HttpRequest, target: str, name: str = "") -> HttpResponse:
    """A page that leads on by itself. A form may not lead to another site (`form-action`), a page may; and a reader
    whose browser does not lead on presses the link."""
    return render(request, "sso/go_on.html", {"target": target, "name": name})


def by_way_of(target: str) -> str:
    """The address of such a page for an address of this room, to come back to from a sign-in form."""
    return f"{reverse('sso:go_on')}?{urlencode({'den': target})}"
