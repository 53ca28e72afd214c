"""Asking for a code: who sits there, how surely, do they let the program in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauthlib.oauth2.rfc6749.errors import FatalClientError, InvalidRequestError, OAuth2Error

from tinhso.core.access.route import public, signed_in
from tinhso.kit.errors import Refusal
from tinhso.systems.sso.actions import consents, grants
from tinhso.systems.sso.choices import CLOCK_SKEW, SCOPES
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client
from tinhso.systems.sso.oauth.server import AUTHORIZATION
from tinhso.systems.sso.queries import people
from tinhso.systems.sso.rules import claims
from tinhso.systems.sso.rules.assurance import SignIn, Step, Wanted, next_step, whole_seconds, wished_level
from tinhso.systems.sso.views.frame import actor_of, back_at, by_way_of, go_on, leave_to, posts_of, sign_in_of

#: What the person already did for a request travels with it, sealed and bound to it.
DONE, SALT, DONE_FOR = "da_lam", "tinhso.sso.done", timedelta(minutes=10)
LONGEST_QUERY = 8_000


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a code, its parameters checked. `query` is what it was asked with, without `DONE`."""

    client: Client
    scopes: tuple[str, ...]
    parameters: Any
    prompt: frozenset[str]
    wanted: Wanted
    query: str
    agreed: bool

    def error(self, code: str, description: str = "") -> list[tuple[str, str]]:
        """The parameters that tell the program no."""
        told = [("error", code), ("error_description", description), ("state", self.parameters.state or "")]
        return [(name, value) for name, value in told if value]

    def again(self, *, agreed: bool) -> str:
        """The address of this same request, with what the person is just doing for it."""
        done = {"q": _mark(self.query), "at": timezone.now().isoformat(), "agreed": agreed}
        return f"{reverse('sso:authorize')}?{self.query}&{urlencode({DONE: signing.dumps(done, salt=SALT)})}"


@csrf_exempt
@public
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """The program's question. Sent as a form it is asked again by GET, because only that brings the person's session."""
    if request.method == "POST":
        return _by_get(request)
    try:
        wanted = read(request.GET)
    except _AnswerError as known:
        return known.response(request)
    return _decide(request, wanted)


def _by_get(request: HttpRequest) -> HttpResponse:
    query = request.POST.urlencode()
    if len(query) > LONGEST_QUERY:
        return _bad(request, _("Yêu cầu quá dài."))
    response = HttpResponseRedirect(f"{reverse('sso:authorize')}?{query}")
    response.status_code = 303
    return response


class _AnswerError(Exception):
    """A request that gets an answer at once: a page for the person when the program cannot be trusted, else back to it."""

    def __init__(
        self, message: str = "", uri: str = "", parameters: list[tuple[str, str]] | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.uri, self.parameters = message, uri, parameters or []

    def response(self, request: HttpRequest) -> HttpResponse:
        return leave_to(self.uri, self.parameters) if self.uri else _bad(request, self.message)


def read(query: QueryDict) -> Request:
    """The request, checked by oauthlib and by us; `_AnswerError` when it gets no code."""
    done, plain = query.get(DONE, ""), query.copy()
    plain.pop(DONE, None)
    asked_with = plain.urlencode()
    try:
        scopes, info = AUTHORIZATION.validate_authorization_request(
            f"{reverse('sso:authorize')}?{asked_with}"
        )
        parameters = info["request"]
        return _request(parameters, scopes, asked_with, _done(done, asked_with))
    except FatalClientError as fatal:
        raise _AnswerError(fatal.description or fatal.error) from fatal
    except OAuth2Error as error:
        if not error.redirect_uri:
            raise _AnswerError(error.description or error.error) from error
        raise _AnswerError(uri=error.redirect_uri, parameters=error.twotuples) from error
    except ValueError as error:
        raise _AnswerError(str(error)) from error


def _request(parameters: Any, scopes: list[str], query: str, done: dict[str, Any]) -> Request:
    prompt = frozenset((parameters.prompt or "").split())
    if "none" in prompt and len(prompt) > 1:
        raise InvalidRequestError(description="prompt=none stands alone.", request=parameters)
    try:
        max_age = whole_seconds(parameters.max_age)
    except ValueError as error:
        raise InvalidRequestError(
            description="max_age is no number of seconds.", request=parameters
        ) from error
    client: Client = parameters.client
    asked_at = datetime.fromisoformat(done["at"]) if done else None
    wanted = Wanted(client.min_level, wished_level(parameters.acr_values or ""), max_age, prompt, asked_at)
    return Request(client, tuple(scopes), parameters, prompt, wanted, query, bool(done.get("agreed")))


def _done(text: str, query: str) -> dict[str, Any]:
    try:
        done: dict[str, Any] = signing.loads(text, salt=SALT, max_age=DONE_FOR) if text else {}
    except signing.BadSignature:
        return {}
    return done if done.get("q") == _mark(query) else {}


def _mark(query: str) -> str:
    return hashlib.sha256(query.encode()).hexdigest()


def _decide(request: HttpRequest, wanted: Request) -> HttpResponse:
    """A code when nothing stands in its way; else the page where it is settled, or a no where nobody may be asked."""
    has = sign_in_of(request)
    if has is None:
        return _settle(wanted, "login_required", _to(reverse("access:login"), wanted.again(agreed=False)))
    if not _same_person(request, wanted):
        return _no(wanted, "login_required", "Another person is signed in.")
    step = next_step(has, wanted.wanted, timezone.now(), CLOCK_SKEW)
    if step is Step.REFUSE:
        return _no(wanted, "unmet_authentication_requirements", "A surer sign-in is needed.")
    if step is not Step.GO:
        again = _to(reverse("access:prove_again"), wanted.again(agreed=wanted.agreed))
        return _settle(wanted, "login_required", again)
    if _must_ask(request, wanted):
        return _settle(wanted, "consent_required", _ask(request, wanted))
    return _let_in(request, wanted, has)


def _settle(wanted: Request, error: str, page: HttpResponse) -> HttpResponse:
    return _no(wanted, error) if "none" in wanted.prompt else page


def _no(wanted: Request, error: str, description: str = "") -> HttpResponse:
    return leave_to(wanted.parameters.redirect_uri, wanted.error(error, description))


def _to(page: str, then: str) -> HttpResponse:
    return HttpResponseRedirect(f"{page}?{urlencode({'next': by_way_of(then)})}")


def _same_person(request: HttpRequest, wanted: Request) -> bool:
    """Whether the hint, if it is one of ours for this program, names who sits there."""
    hint = wanted.parameters.id_token_hint
    if not hint:
        return True
    named = ring().verify(hint, now=timezone.now(), expired=True)
    if named is None or named["aud"] != wanted.client.client_id:
        return False
    client = wanted.client
    own = claims.subject(ring().pepper, client.subject, client.sector, str(actor_of(request).person_id))
    return bool(named.get("sub") == own)


def _must_ask(request: HttpRequest, wanted: Request) -> bool:
    if wanted.agreed:
        return False
    if "consent" in wanted.prompt:
        return True
    if wanted.client.trusted:
        return False
    return not set(wanted.scopes) <= people.consented(actor=actor_of(request), client=wanted.client)


def _ask(request: HttpRequest, wanted: Request) -> HttpResponse:
    told = [SCOPES[scope] for scope in SCOPES if scope in wanted.scopes]
    context = {"client": wanted.client, "told": told, "query": wanted.query, "actor": actor_of(request)}
    return render(request, "sso/consent.html", context)


def _let_in(request: HttpRequest, wanted: Request, has: SignIn) -> HttpResponse:
    parameters = wanted.parameters
    code = grants.open_grant(
        actor=actor_of(request),
        client=wanted.client,
        asked=grants.Asked(
            wanted.scopes, parameters.redirect_uri, parameters.code_challenge, parameters.nonce or ""
        ),
        sign_in=has,
        posts=posts_of(request) if "posts" in wanted.scopes else (),
        now=timezone.now(),
    )
    state = [("state", parameters.state)] if parameters.state else []
    return leave_to(parameters.redirect_uri, [("code", code), *state])


@signed_in
@never_cache
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """The person's yes or no to what a program asks to know."""
    try:
        wanted = read(QueryDict(request.POST.get("query", "")))
    except _AnswerError as known:
        return known.response(request)
    if request.POST.get("answer") != "yes":
        back = back_at(wanted.parameters.redirect_uri, wanted.error("access_denied"))
        return go_on(request, back, wanted.client.name)
    consents.give(actor=actor_of(request), client=wanted.client, scopes=wanted.scopes, now=timezone.now())
    return go_on(request, wanted.again(agreed=True), wanted.client.name)


@public
@never_cache
@require_GET
def way(request: HttpRequest) -> HttpResponse:
    """Back from the sign-in form to the request of a program."""
    target = request.GET.get("den", "")
    if not target.startswith((reverse("sso:authorize") + "?", reverse("sso:device"))):
        raise Refusal(
            "no_way", _("Liên kết này không dẫn đến đâu. Mở lại ứng dụng và đăng nhập từ đó."), status=422
        )
    return go_on(request, target)


def _bad(request: HttpRequest, message: str) -> HttpResponse:
    return render(request, "sso/bad_request.html", {"message": message}, status=400)
