"""What the views of this room share."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest

from tinhso.core.access import rules
from tinhso.core.access.actor import Actor


def actor_of(request: HttpRequest) -> Actor:
    """The one who asks."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]


def cursor_of(request: HttpRequest) -> str:
    """The place in a key-set list."""
    return request.GET.get("after") or request.GET.get("before") or ""


def network_of(request: HttpRequest) -> str:
    """Where a request comes from, for counting tries."""
    trusted = frozenset(getattr(settings, "TRUSTED_PROXIES", ("127.0.0.1", "::1")))
    return rules.client_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), trusted
    )
