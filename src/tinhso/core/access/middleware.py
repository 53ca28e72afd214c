"""The one who makes the request, found once: `request.actor`, `request.posts`, `request.assurance`."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tinhso.core.access.actions.sessions import NOTED_EVERY, note_use
from tinhso.core.access.actor import VISITOR
from tinhso.core.access.assurance import level
from tinhso.core.access.entrance import AMR, STAY
from tinhso.core.access.queries import Standing, standing_of_session

POST_KEY = "access_post"


class ActorOfRequest:
    """Sets `request.actor` (an `Actor`), `request.posts` (the `HeldPost`s to choose from, own and lent), `request.user`
    and `request.assurance` (how sure it is who this is: 0 for visitors, 1, 2).

    A visitor without a session costs nothing; anybody else one query. A session is ended when its stay is (by its
    owner, or because the password or factors changed), when it lay unused or grew too old, or the account closed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        standing = _standing(request)
        if standing is None:
            request.actor, request.posts, request.user = VISITOR, (), None  # type: ignore[attr-defined,assignment]
            request.assurance = 0  # type: ignore[attr-defined]
        else:
            request.actor = standing.actor(_chosen_post(request))  # type: ignore[attr-defined]
            request.posts = standing.choices  # type: ignore[attr-defined]
            request.user = standing.account  # type: ignore[assignment]
            request.assurance = level(request.session.get(AMR, ()))  # type: ignore[attr-defined]
        return self.get_response(request)


def _standing(request: HttpRequest) -> Standing | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or SESSION_KEY not in request.session:
        return None
    found = standing_of_session(request.session[STAY]) if STAY in request.session else None
    account = found[0].account if found else None
    if found is None or account is None or str(account.id) != request.session[SESSION_KEY]:
        request.session.flush()
        return None
    kept = request.session.get(HASH_SESSION_KEY, "")
    valid = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    if not any(hmac.compare_digest(kept, good) for good in valid):
        request.session.flush()
        return None
    now = timezone.now()
    if found[1] < now - NOTED_EVERY:
        note_use(UUID(request.session[STAY]), now=now)
    return found[0]


def _chosen_post(request: HttpRequest) -> UUID | None:
    chosen = request.session.get(POST_KEY)
    return UUID(chosen) if chosen else None
