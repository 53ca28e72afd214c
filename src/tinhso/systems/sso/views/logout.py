"""A program asks to sign the person out everywhere (OpenID RP-initiated logout 1.0)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST
from oauthlib.common import add_params_to_uri

from tinhso.core.access import actions as access
from tinhso.core.access.actor import VISITOR
from tinhso.core.access.route import public
from tinhso.systems.sso.actions import sessions
from tinhso.systems.sso.keyring import NoKeyError, ring
from tinhso.systems.sso.queries.clients import by_client_id
from tinhso.systems.sso.rules import addresses, claims
from tinhso.systems.sso.views.frame import actor_of, go_on, sign_in_of


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the program wants the person back ("" when the address is not its own), and whether its hint names the
    very session at hand: then nobody has to be asked."""

    back: str = ""
    name: str = ""
    sure: bool = False


@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out at once when the program proves which session it means; else ask the person."""
    data = request.POST if request.method == "POST" else request.GET
    wish = wish_of(request, data)
    if sign_in_of(request) is None:
        return _out(request, wish)
    if wish.sure:
        _end(request)
        return _out(request, wish)
    return render(request, "sso/logout.html", {"wish": wish, "query": data.urlencode()})


@public
@never_cache
@csrf_protect
@require_POST
def confirm_logout(request: HttpRequest) -> HttpResponse:
    """The person wants to sign out."""
    wish = wish_of(request, QueryDict(request.POST.get("query", "")))
    if sign_in_of(request) is not None:
        _end(request)
    return _out(request, wish)


def wish_of(request: HttpRequest, data: QueryDict) -> Wish:
    """What the program asked for, as far as it may."""
    hint, named, client_id = data.get("id_token_hint", ""), None, data.get("client_id", "")
    if hint:
        try:
            named = ring().verify(hint, now=timezone.now(), expired=True)
        except NoKeyError:
            named = None
    if named is not None:
        if client_id and client_id != named["aud"]:
            return Wish()
        client_id = str(named["aud"])
    client = by_client_id(client_id)
    if client is None:
        return Wish()
    uri, state, back = data.get("post_logout_redirect_uri", ""), data.get("state", ""), ""
    if uri and addresses.same(uri, client.logout_uris, client.kind):
        back = str(add_params_to_uri(uri, [("state", state)] if state else []))
    here = sign_in_of(request)
    sid = claims.session(ring().pepper, client.client_id, str(here.stay)) if here else ""
    return Wish(back, client.name, named is not None and bool(sid) and named.get("sid") == sid)


def _end(request: HttpRequest) -> None:
    """End the stay and all it gave, now; the worker tells the programs."""
    here = sign_in_of(request)
    if here is not None:
        stay: UUID = here.stay
        access.end_session(actor=actor_of(request), session_id=stay, reason="signed_out")
        sessions.end(ids=[stay], reason="signed_out", now=timezone.now())
    request.session.flush()
    request.actor, request.posts, request.user = VISITOR, (), None  # type: ignore[attr-defined,assignment]


def _out(request: HttpRequest, wish: Wish) -> HttpResponse:
    if wish.back:
        return go_on(request, wish.back, wish.name)
    return render(request, "sso/logged_out.html", {})
