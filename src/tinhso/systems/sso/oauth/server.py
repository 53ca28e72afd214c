"""The protocol's addresses put together from oauthlib's grants: the ones we offer and no other."""

from __future__ import annotations

import re

from django.conf import settings
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    IntrospectEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.errors import (
    InvalidGrantError,
    InvalidRequestError,
    UnsupportedCodeChallengeMethodError,
)
from oauthlib.oauth2.rfc6749.grant_types import ClientCredentialsGrant
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.oauth2.rfc8628.endpoints import DeviceAuthorizationEndpoint
from oauthlib.oauth2.rfc8628.grant_types import DeviceCodeGrant
from oauthlib.openid.connect.core.exceptions import RequestNotSupported, RequestURINotSupported
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant, RefreshTokenGrant

from tinhso.systems.sso import vault
from tinhso.systems.sso.choices import ACCESS_LIFE, DEVICE_GRANT
from tinhso.systems.sso.oauth.validator import Validator

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
LONGEST_NONCE = 500


def _fresh(request: Request, refresh_token: bool = False) -> str:
    return vault.random_text()


def _strict(request: Request) -> dict[str, object]:
    """What oauthlib leaves open in a request for a code and we do not."""
    if request.uri_query and any(name == "request" for name, _ in request.uri_query_params):
        raise RequestNotSupported(request=request)
    if request.uri_query and any(name == "request_uri" for name, _ in request.uri_query_params):
        raise RequestURINotSupported(request=request)
    if request.response_mode not in (None, "query"):
        raise InvalidRequestError(description="Only response_mode=query is offered.", request=request)
    if request.code_challenge is not None:
        if request.code_challenge_method != "S256":
            raise UnsupportedCodeChallengeMethodError(description="Only S256 is accepted.", request=request)
        if not _CHALLENGE.fullmatch(request.code_challenge):
            raise InvalidRequestError(description="code_challenge is not a SHA-256.", request=request)
    if len(request.nonce or "") > LONGEST_NONCE or "\x00" in (request.nonce or ""):
        raise InvalidRequestError(description="nonce is too long.", request=request)
    return {}


def _verifier(request: Request) -> None:
    if request.code_verifier is not None and not _VERIFIER.fullmatch(request.code_verifier):
        raise InvalidGrantError(description="code_verifier is malformed.", request=request)


VALIDATOR = Validator()
_BEARER = BearerToken(VALIDATOR, _fresh, int(ACCESS_LIFE.total_seconds()), _fresh)
_CODE = AuthorizationCodeGrant(
    VALIDATOR, pre_auth=[_strict], pre_token=[_verifier], post_auth=[], post_token=[]
)

AUTHORIZATION = AuthorizationEndpoint("code", _BEARER, {"code": _CODE})
TOKEN = TokenEndpoint(
    "authorization_code",
    _BEARER,
    {
        "authorization_code": _CODE,
        "refresh_token": RefreshTokenGrant(VALIDATOR),
        "client_credentials": ClientCredentialsGrant(VALIDATOR),
        DEVICE_GRANT: DeviceCodeGrant(VALIDATOR),
    },
)
INTROSPECTION = IntrospectEndpoint(VALIDATOR)
REVOCATION = RevocationEndpoint(VALIDATOR)
DEVICE = DeviceAuthorizationEndpoint(VALIDATOR, verification_uri=f"{settings.SITE_URL}/thiet-bi/")
