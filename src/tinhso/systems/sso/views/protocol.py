"""The addresses programs call: discovery, keys, tokens, introspection, revocation, userinfo."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from tinhso.core.access.route import public
from tinhso.systems.sso.actions import devices
from tinhso.systems.sso.choices import DEVICE_GRANT, DEVICE_INTERVAL, DEVICE_LIFE, LEVELS, SCOPES, Subject
from tinhso.systems.sso.keyring import NoKeyError, ring
from tinhso.systems.sso.oauth.server import DEVICE, INTROSPECTION, REVOCATION, TOKEN
from tinhso.systems.sso.queries import tokens
from tinhso.systems.sso.views.frame import answer, asked, refused, told

KEYS_SECONDS = 300


#: What does not hang on the installation's address.
OFFERED = {
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "scopes_supported": list(SCOPES),
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", DEVICE_GRANT],
    "code_challenge_methods_supported": ["S256"],
    "subject_types_supported": list(Subject.values),
    "id_token_signing_alg_values_supported": ["RS256"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
    "acr_values_supported": list(LEVELS),
    "prompt_values_supported": ["none", "login", "consent", "select_account"],
    "claims_supported": [
        "sub", "sid", "auth_time", "acr", "amr", "name", "preferred_username", "locale", "email",
        "email_verified", "phone_number", "phone_number_verified", "posts", "groups", "units",
    ],
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
    "authorization_response_iss_parameter_supported": True,
    "ui_locales_supported": [code for code, _name in settings.LANGUAGES],
}  # fmt: skip
ADDRESSES = {
    "authorization_endpoint": "sso:authorize",
    "token_endpoint": "sso:token",
    "userinfo_endpoint": "sso:userinfo",
    "jwks_uri": "sso:jwks",
    "introspection_endpoint": "sso:introspect",
    "revocation_endpoint": "sso:revoke",
    "device_authorization_endpoint": "sso:device_authorization",
    "end_session_endpoint": "sso:logout",
    "service_documentation": "ui:help",
}


@public
@require_GET
def discovery(request: HttpRequest) -> HttpResponse:
    """What the provider offers (OpenID Connect Discovery 1.0, RFC 8414)."""
    here = {key: settings.SITE_URL + reverse(name) for key, name in ADDRESSES.items()}
    response = told({"issuer": settings.SITE_URL, **here, **OFFERED})
    response["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    return response


@public
@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    """The public keys; the next one stands here a day before it signs."""
    try:
        keys = ring().jwks(timezone.now())
    except NoKeyError:
        keys = {"keys": []}
    response = told(keys)
    response["Cache-Control"] = f"public, max-age={KEYS_SECONDS}"
    return response


def _answered(call: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A protocol's address for programs: one transaction, and every bad request an answer in the protocol's words."""

    @csrf_exempt
    @public
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        try:
            with transaction.atomic():
                return call(request)
        except OAuth2Error as error:
            return answer(error.headers, error.json, error.status_code)
        except NoKeyError:
            return refused("invalid_client", "No program is registered here yet.", 401)
        except ValueError:
            return refused("invalid_request", "The request cannot be read.")

    return view


@_answered
def token(request: HttpRequest) -> HttpResponse:
    """Codes, refresh tokens, secrets and device codes become tokens."""
    return answer(*TOKEN.create_token_response(**asked(request)))


@_answered
def introspect(request: HttpRequest) -> HttpResponse:
    """What a token is worth now, for programs that guard data."""
    return answer(*INTROSPECTION.create_introspect_response(**asked(request)))


@_answered
def revoke(request: HttpRequest) -> HttpResponse:
    """A program gives a token back."""
    return answer(*REVOCATION.create_revocation_response(**asked(request)))


@_answered
def device_authorization(request: HttpRequest) -> HttpResponse:
    """A device without a keyboard asks for its two codes."""
    wanted = Request(**asked(request))
    DEVICE.validate_device_authorization_request(wanted)
    if DEVICE_GRANT not in wanted.client.grants:
        return refused("unauthorized_client", "This program may not ask for a device code.")
    code, shown = devices.ask(client=wanted.client, scopes=wanted.scopes, now=timezone.now())
    page = settings.SITE_URL + reverse("sso:device")
    return told(
        {
            "device_code": code,
            "user_code": shown,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?ma={shown}",
            "expires_in": int(DEVICE_LIFE.total_seconds()),
            "interval": DEVICE_INTERVAL,
        }
    )


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """The person behind an access token, as the program may know them, as they are today."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        given = request.POST.get("access_token", "")
    try:
        found = tokens.live(given.strip(), timezone.now()) if given else None
    except NoKeyError:
        found = None
    if found is None or found.kind != "a" or found.grant_id is None or "openid" not in found.scope.split():
        error = refused("invalid_token", "The access token is unknown, over or not for this.", 401)
        error["WWW-Authenticate"] = 'Bearer error="invalid_token"' if given else "Bearer"
        return error
    return told(tokens.claims_of(found))
