"""What the views of this room share."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tinhso.core.access.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The one who asks."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def cursor_of(request: HttpRequest) -> str:
    """The place in a key-set list."""
    return request.GET.get("after") or request.GET.get("before") or ""


def told_once(
    request: HttpRequest, *, title: str, lead: str, secret: str, back: str, name: str = ""
) -> HttpResponse:
    """A page with a password or key that is never shown again; no cache keeps it."""
    context = {"title": title, "lead": lead, "secret": secret, "back": back, "name": name}
    response = render(request, "console/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response
