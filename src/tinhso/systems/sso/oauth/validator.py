"""oauthlib's questions, answered from our tables. What it asks several times for one request is looked up once.

`oauthlib.common.Request` gives the request's parameters as attributes, so what is found out is kept under `__dict__`
names that no parameter can take the place of: `_kept(request)`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

from django.utils import timezone
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError
from oauthlib.openid import RequestValidator

from tinhso.systems.sso import vault
from tinhso.systems.sso.actions import tokens
from tinhso.systems.sso.actions.tokens import Family
from tinhso.systems.sso.keyring import ring
from tinhso.systems.sso.models import Client
from tinhso.systems.sso.oauth import identity
from tinhso.systems.sso.queries import clients
from tinhso.systems.sso.queries import tokens as facts
from tinhso.systems.sso.rules import addresses


class Kept:
    """What was found out for one request."""

    client: Client | None = None
    family: Family | None = None
    asked: str | None = None


def kept(request: Request) -> Kept:
    """The notes of a request, made at first use."""
    notes: Kept = request.__dict__.setdefault("tinhso_kept", Kept())
    return notes


class Validator(RequestValidator):
    """Stateless: one serves every request of a process."""

    # The program ---------------------------------------------------------------------------------------------------

    def _client(self, client_id: object, request: Request) -> Client | None:
        notes = kept(request)
        if not isinstance(client_id, str):
            return None
        if notes.asked != client_id:
            notes.asked, notes.client = client_id, clients.by_client_id(client_id)
        return notes.client

    def _use(self, client: Client, request: Request) -> bool:
        request.client, request.client_id = client, client.client_id
        return True

    def validate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        client = self._client(client_id, request)
        return client is not None and self._use(client, request)

    def client_authentication_required(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        if request.headers.get("Authorization"):
            return True
        client = self._client(request.client_id, request)
        return client is None or client.confidential

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """By HTTP Basic or in the body, never both; either secret while two overlap."""
        given = _basic(request.headers.get("Authorization", ""))
        body = (request.client_id, request.client_secret)
        if given is None and request.headers.get("Authorization"):
            return False
        if given is not None and (body[1] is not None or body[0] not in (None, given[0])):
            return False
        client_id, secret = given or body
        client = self._client(client_id, request)
        if client is None or not isinstance(secret, str) or not client.confidential:
            return False
        pepper = ring().pepper
        good = vault.matches(pepper, secret, client.secret)
        until = client.old_secret_until
        if not good and until is not None and until > timezone.now():
            good = vault.matches(pepper, secret, client.old_secret)
        return good and self._use(client, request)

    def authenticate_client_id(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> bool:
        client = self._client(client_id, request)
        return client is not None and not client.confidential and self._use(client, request)

    # Asking for a code ------------------------------------------------------------------------------------------------

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return addresses.same(redirect_uri, request.client.redirect_uris, request.client.kind)

    def get_default_redirect_uri(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> None:
        """Every request names its address, so that it is compared every time."""

    def validate_response_type(
        self, client_id: str, response_type: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return response_type == "code" and "authorization_code" in client.grants

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        return True

    def validate_scopes(
        self, client_id: str, scopes: list[str], client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return set(scopes) <= client.scopes

    def get_default_scopes(self, client_id: str, request: Request, *args: Any, **kwargs: Any) -> list[str]:
        scopes = request.client.scopes
        return ["openid"] if "openid" in scopes else sorted(scopes)

    def validate_user_match(
        self, id_token_hint: str | None, scopes: list[str], claims: Any, request: Request
    ) -> bool:
        """Compared where it is known who sits there."""
        return True

    def validate_silent_login(self, request: Request) -> bool:
        return True

    def validate_silent_authorization(self, request: Request) -> bool:
        return True

    # Asking for tokens --------------------------------------------------------------------------------------------

    def validate_grant_type(
        self, client_id: str, grant_type: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return grant_type in client.grants

    def validate_code(
        self, client_id: str, code: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self._hold(tokens.redeem_code(client=client, code=code, now=timezone.now()), request)

    def get_code_challenge(self, code: str, request: Request) -> str:
        return _family(request).challenge

    def get_code_challenge_method(self, code: str, request: Request) -> str:
        return "S256"

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Client,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        return redirect_uri == _family(request).redirect_uri

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str:
        return _family(request).nonce

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """It was used up when it was looked at."""

    def validate_refresh_token(
        self, refresh_token: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        return self._hold(tokens.rotate(client=client, token=refresh_token, now=timezone.now()), request)

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        return _family(request).scope.split()

    def validate_device_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> str | None:
        found = tokens.take_device(client=request.client, code=code, now=timezone.now())
        if not isinstance(found, Family):
            return found
        self._hold(found, request)
        return "authorized"

    def _hold(self, family: Family | None, request: Request) -> bool:
        if family is None:
            return False
        kept(request).family = family
        request.user, request.scopes = family.person_id, family.scope.split()
        return True

    def get_id_token(self, token: dict[str, Any], token_handler: Any, request: Request) -> str:
        nonce = _family(request).nonce if request.grant_type == "authorization_code" else ""
        return identity.id_token(
            request.client, _family(request), token["access_token"], nonce, timezone.now()
        )

    def save_bearer_token(self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any) -> None:
        family = kept(request).family
        if family and "openid" in request.scopes and "id_token" not in token:
            token["id_token"] = self.get_id_token(token, None, request)
        tokens.issue(
            client=request.client,
            family=family,
            scope=" ".join(request.scopes),
            access=token["access_token"],
            refresh=token.get("refresh_token"),
            now=timezone.now(),
        )

    # Tokens in use --------------------------------------------------------------------------------------------------

    def introspect_token(
        self, token: str, token_type_hint: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> dict[str, Any] | None:
        """For the program's own tokens, and for anybody's when it is one that guards data."""
        found, asker = facts.live(token, timezone.now()), request.client
        if found is None or not asker.confidential:
            return None
        if found.client_id != asker.client_id and not (asker.may_introspect and found.kind == "a"):
            return None
        return identity.introspected(found)

    def revoke_token(
        self, token: str, token_type_hint: str | None, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        tokens.revoke(client=request.client, token=token, now=timezone.now())


def _family(request: Request) -> Family:
    family = kept(request).family
    if family is None:
        raise InvalidRequestError(request=request)
    return family


def _basic(header: str) -> tuple[str, str] | None:
    """Name and secret of an `Authorization: Basic` header, form-decoded (RFC 6749, 2.3.1); None when there is none."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, secret = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if colon else None
