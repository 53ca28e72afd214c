"""A program that relies on our sign-on, small enough to read: it speaks the protocol through Django's test client."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpResponse
from django.test import Client as Browser
from joserfc import jwt
from joserfc.jwk import KeySet

from tinhso.core.access.actor import system_actor
from tinhso.systems.sso.actions import clients
from tinhso.systems.sso.choices import SCOPES, Kind
from tinhso.systems.sso.models import Client

SYSTEM = system_actor("tests")
SITE = "http://127.0.0.1:8000"


def pkce() -> tuple[str, str]:
    """A verifier and its challenge."""
    verifier = secrets.token_urlsafe(48)
    mark = hashlib.sha256(verifier.encode()).digest()
    return verifier, base64.urlsafe_b64encode(mark).decode().rstrip("=")


@dataclass
class Relying:
    """One program: `client` its row, `secret` its secret, `redirect` where codes go."""

    browser: Browser
    client: Client
    secret: str
    redirect: str
    verifier: str = ""
    last: dict[str, str] = field(default_factory=dict)

    def query(self, **changes: str | None) -> dict[str, str]:
        """The parameters of a good request for a code, but for the changes (None leaves one out)."""
        self.verifier, challenge = pkce()
        asked = {
            "client_id": self.client.client_id,
            "redirect_uri": self.redirect,
            "response_type": "code",
            "scope": "openid",
            "state": "st-1",
            "nonce": "no-1",
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        } | changes
        return {name: value for name, value in asked.items() if value is not None}

    def ask(self, **changes: str | None) -> HttpResponse:
        return self.browser.get("/oidc/authorize", self.query(**changes))

    def sent_back(self, **changes: str | None) -> dict[str, str]:
        """What came back to the program's address."""
        answer = self.ask(**changes)
        assert answer.status_code == 302, answer.content
        assert answer["Location"].startswith(self.redirect), answer["Location"]
        return parameters(answer["Location"])

    def code(self, **changes: str | None) -> str:
        back = self.sent_back(**changes)
        assert "code" in back, back
        return back["code"]

    def token(self, *, basic: bool = True, **form: str) -> HttpResponse:
        """A request to the token endpoint, with the program's secret if it has one."""
        headers = {}
        if self.secret and basic:
            pair = f"{self.client.client_id}:{self.secret}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif "client_id" not in form:
            form["client_id"] = self.client.client_id
        return Browser().post("/oidc/token", urlencoded(form), content_type=FORM, headers=headers)

    def redeem(self, code: str, **changes: str) -> HttpResponse:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect}
        return self.token(**{**form, "code_verifier": self.verifier, **changes})

    def tokens(self, **changes: str | None) -> dict[str, Any]:
        """A whole flow."""
        answer = self.redeem(self.code(**changes))
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refresh(self, token: str, **changes: str) -> HttpResponse:
        return self.token(grant_type="refresh_token", refresh_token=token, **changes)

    def userinfo(self, access: str) -> HttpResponse:
        return Browser().get("/oidc/userinfo", headers={"Authorization": f"Bearer {access}"})

    def introspect(self, token: str) -> dict[str, Any]:
        return self._authenticated("/oidc/introspect", token).json()

    def revoke(self, token: str) -> int:
        return self._authenticated("/oidc/revoke", token).status_code

    def _authenticated(self, path: str, token: str) -> HttpResponse:
        form = {"token": token, "client_id": self.client.client_id}
        if self.secret:
            form["client_secret"] = self.secret
        return Browser().post(path, urlencoded(form), content_type=FORM)


FORM = "application/x-www-form-urlencoded"


def urlencoded(form: dict[str, str]) -> str:
    return urlencode(form)


def parameters(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def connect(
    browser: Browser,
    *,
    name: str = "Ứng dụng thử",
    kind: str = Kind.WEB,
    redirect: str = "https://rp.example/cb",
    scopes: tuple[str, ...] = tuple(SCOPES),
    **says: Any,
) -> Relying:
    """Connect a program the way an administrator does."""
    people = kind in (Kind.WEB, Kind.NATIVE)
    row, secret = clients.create(
        actor=SYSTEM,
        says=clients.Says(
            name=name, kind=kind, redirect_uris=(redirect,) if people else (), scopes=scopes, **says
        ),
    )
    return Relying(browser, row, secret, redirect)


def claims_of(token: str) -> dict[str, Any]:
    """The claims of a token, its signature checked against the published keys as any program would."""
    keys = KeySet.import_key_set(Browser().get("/oidc/jwks").json())
    return jwt.decode(token, keys, algorithms=["RS256"]).claims
