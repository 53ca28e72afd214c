"""The one who makes the request, found once: `request.actor`, `request.posts`."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse

from tinhso.core.access.actor import VISITOR
from tinhso.core.access.queries import Standing, standing_of_account

POST_KEY = "access_post"


class ActorOfRequest:
    """Sets `request.actor` (an `Actor`), `request.posts` (the `HeldPost`s to choose from, own and lent) and `request.user`.

    A visitor without a session costs nothing; anybody else one query. A session made before the password
    changed is ended, as is one of a closed account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        standing = _standing(request)
        if standing is None:
            request.actor, request.posts, request.user = VISITOR, (), None  # type: ignore[attr-defined,assignment]
        else:
            request.actor = standing.actor(_chosen_post(request))  # type: ignore[attr-defined]
            request.posts = standing.choices  # type: ignore[attr-defined]
            request.user = standing.account  # type: ignore[assignment]
        return self.get_response(request)


def _standing(request: HttpRequest) -> Standing | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
        return None
    standing = standing_of_account(request.session[SESSION_KEY])
    if standing is None or standing.account is None:
        request.session.flush()
        return None
    kept = request.session.get(HASH_SESSION_KEY, "")
    valid = [standing.account.get_session_auth_hash(), *standing.account.get_session_auth_fallback_hash()]
    if not any(hmac.compare_digest(kept, good) for good in valid):
        request.session.flush()
        return None
    return standing


def _chosen_post(request: HttpRequest) -> UUID | None:
    chosen = request.session.get(POST_KEY)
    return UUID(chosen) if chosen else None
