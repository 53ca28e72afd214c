"""What forgers, thieves and careless programs send, and that none of it opens anything."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tinhso.core.people.models import Account
from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.systems.sso import keyring
from tinhso.systems.sso.actions import clients
from tinhso.systems.sso.choices import Kind
from tinhso.systems.sso.models import Grant, Token
from tinhso.systems.sso.tests.relying import FORM, SITE, SYSTEM, Relying, claims_of, connect, pkce, urlencoded


@pytest.fixture
def citizen(office: Office, client: Browser) -> Browser:
    return signed_in(client, office.citizen)


# Addresses: no open redirect ------------------------------------------------------------------------------------------

ELSEWHERE = (
    "https://evil.example/cb",
    "https://rp.example/cb/",
    "https://rp.example/cb?next=//evil.example",
    "https://rp.example/cb#x",
    "https://rp.example:444/cb",
    "http://rp.example/cb",
    "https://rp.example@evil.example/cb",
    "https://rp.example/cb/../x",
    "https://RP.example/cb",
    "//rp.example/cb",
    "javascript:alert(1)",
    "https://rp.example/cb\n",
    "",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_code_goes_to_the_registered_address_only(citizen: Browser, web: Relying, address: str) -> None:
    answer = web.ask(redirect_uri=address)
    assert answer.status_code == 400
    assert "Location" not in answer
    assert not Grant.objects.exists()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(address=st.text(min_size=1, max_size=80))
def test_no_text_at_all_is_an_open_redirect(citizen: Browser, web: Relying, address: str) -> None:
    answer = web.ask(redirect_uri=address)
    assert (answer.status_code, "Location" in answer) == (400, False)


def test_a_request_without_address_or_program_gets_a_page(citizen: Browser, web: Relying) -> None:
    assert web.ask(redirect_uri=None).status_code == 400
    assert web.ask(client_id="nobody").status_code == 400
    assert web.ask(client_id="a\x00b").status_code == 400
    assert web.ask(client_id=None).status_code == 400


def test_coming_back_leads_nowhere_else(citizen: Browser, web: Relying) -> None:
    for target in (
        "https://evil.example/",
        "//evil.example",
        "/dang-xuat/",
        "javascript:alert(1)",
        "",
        "/oidc/authorizeX",
    ):
        assert citizen.get("/oidc/tiep/", {"den": target}).status_code == 422


def test_after_sign_out_only_to_a_registered_address(citizen: Browser, web: Relying) -> None:
    for address in (*ELSEWHERE, web.redirect):
        hint = web.tokens()["id_token"]
        answer = citizen.get("/oidc/logout", {"id_token_hint": hint, "post_logout_redirect_uri": address})
        assert (answer.status_code, "target" in answer.context) == (200, False)
        assert answer.templates[0].name == "sso/logged_out.html"
        signed_in(citizen, Account.objects.get(username="lan"))


# What has to be asked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unauthorized_client"),
        ({"response_type": None}, "invalid_request"),
        ({"scope": "openid everything"}, "invalid_scope"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"nonce": "n" * 501}, "invalid_request"),
    ],
)
def test_a_request_out_of_rule_goes_back_with_its_error(
    citizen: Browser, web: Relying, changes: dict[str, str | None], error: str
) -> None:
    back = web.sent_back(**changes)
    assert (back["error"], back["state"], back["iss"]) == (error, "st-1", SITE)
    assert "code" not in back


def test_a_parameter_sent_twice_is_refused(citizen: Browser, web: Relying) -> None:
    query = urlencoded(web.query())
    assert citizen.get(f"/oidc/authorize?{query}&redirect_uri=https://evil.example/").status_code == 400


def test_parameters_cannot_pose_as_what_was_found_out(citizen: Browser, web: Relying) -> None:
    """oauthlib hands parameters out as attributes of the request."""
    forged = {"user": "root", "scopes": "openid posts", "client": "x", "tinhso_kept": "y", "family": "z"}
    code = web.code(**forged)
    got = web.redeem(code, **forged).json()
    assert got["scope"] == "openid"


# Codes ---------------------------------------------------------------------------------------------------------------------


def test_a_code_works_once_and_its_replay_ends_what_it_gave(citizen: Browser, web: Relying) -> None:
    code = web.code()
    got = web.redeem(code).json()
    assert web.redeem(code).json()["error"] == "invalid_grant"
    assert web.userinfo(got["access_token"]).status_code == 401
    assert web.refresh(got["refresh_token"]).status_code == 400
    assert Grant.objects.get().revoke_reason == "code_replayed"


def test_a_code_of_one_program_is_nothing_to_another(citizen: Browser, web: Relying) -> None:
    thief = connect(citizen, name="Kẻ gian", redirect=web.redirect, trusted=True)
    code = web.code()
    thief.verifier = web.verifier
    assert thief.redeem(code).json()["error"] == "invalid_grant"
    assert web.redeem(code).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": pkce()[0]},
        {"code_verifier": ""},
        {"code_verifier": "short"},
        {"code_verifier": "ü" * 50},
        {"redirect_uri": "https://rp.example/other"},
        {"redirect_uri": ""},
    ],
)
def test_a_stolen_code_does_not_do_without_what_binds_it(
    citizen: Browser, web: Relying, changes: dict[str, str]
) -> None:
    code = web.code()
    answer = web.redeem(code, **changes)
    assert answer.status_code == 400
    assert not Token.objects.exists()


def test_a_code_lasts_a_minute(citizen: Browser, web: Relying) -> None:
    code = web.code()
    Grant.objects.update(code_until=timezone.now() - timedelta(seconds=1))
    assert web.redeem(code).json()["error"] == "invalid_grant"


# Programs ----------------------------------------------------------------------------------------------------------------


def test_a_secret_is_asked_for_and_compared(citizen: Browser, web: Relying) -> None:
    good = web.secret
    for secret in ("", "wrong", good + "x", good[:-1]):
        web.secret = secret
        answer = web.redeem(web.code())
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_secret_comes_one_way_only(citizen: Browser, web: Relying) -> None:
    assert web.redeem(web.code(), client_id=web.client.client_id, client_secret=web.secret).status_code == 401
    assert web.redeem(web.code(), client_id="other").status_code == 401
    form = {"client_id": web.client.client_id, "client_secret": web.secret}
    good = {"grant_type": "authorization_code", "redirect_uri": web.redirect}
    code = web.code()
    answer = web.token(basic=False, **form, **good, code=code, code_verifier=web.verifier)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header", ["Basic", "Basic !!!", "Basic " + base64.b64encode(b"nocolon").decode(), "Bearer x"]
)
def test_a_garbled_header_opens_nothing(web: Relying, header: str) -> None:
    body = f"grant_type=client_credentials&client_id={web.client.client_id}"
    answer = Browser().post("/oidc/token", body, content_type=FORM, headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("body", ["%zz", "a=b&&c", "\x00", "grant_type=password&username=a&password=b", ""])
def test_a_garbled_body_is_a_bad_request(web: Relying, body: str) -> None:
    assert Browser().post("/oidc/token", body, content_type=FORM).status_code in (400, 401)
    assert Browser().post(
        "/oidc/token", json.dumps({"a": 1}), content_type="application/json"
    ).status_code in (400, 401)


def test_a_program_keeps_to_the_grants_of_its_kind(citizen: Browser, web: Relying) -> None:
    assert web.token(grant_type="client_credentials").json()["error"] == "unauthorized_client"
    service = connect(citizen, name="Dịch vụ", kind=Kind.SERVICE, scopes=("a.b",))
    service.redirect = "https://rp.example/cb"
    assert service.ask().status_code == 400
    assert service.token(grant_type="client_credentials", scope="openid").json()["error"] == "invalid_scope"


def test_a_closed_program_gets_nothing_more(citizen: Browser, web: Relying) -> None:
    got = web.tokens()
    clients.set_active(actor=SYSTEM, client_id=web.client.id, active=False)
    assert web.userinfo(got["access_token"]).status_code == 401
    assert web.refresh(got["refresh_token"]).status_code == 401
    assert web.ask().status_code == 400


# Refresh tokens --------------------------------------------------------------------------------------------------------------


def test_a_stolen_refresh_token_ends_the_family(citizen: Browser, web: Relying) -> None:
    """Whoever comes second is found out, and neither thief nor owner goes on."""
    first = web.tokens()
    owner = web.refresh(first["refresh_token"]).json()
    assert web.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert web.refresh(owner["refresh_token"]).json()["error"] == "invalid_grant"
    assert web.userinfo(owner["access_token"]).status_code == 401
    assert Grant.objects.get().revoke_reason == "refresh_reused"


def test_a_refresh_token_gives_no_more_than_it_had(citizen: Browser, web: Relying) -> None:
    got = web.tokens(scope="openid")
    assert web.refresh(got["refresh_token"], scope="openid profile").json()["error"] == "invalid_scope"


def test_a_refresh_token_of_another_program_is_nothing(
    citizen: Browser, web: Relying, stranger: Relying
) -> None:
    got = web.tokens()
    assert stranger.refresh(got["refresh_token"]).json()["error"] == "invalid_grant"
    assert web.refresh(got["refresh_token"]).status_code == 200


def test_tokens_do_not_stand_in_for_one_another(citizen: Browser, web: Relying) -> None:
    got = web.tokens()
    assert web.userinfo(got["refresh_token"]).status_code == 401
    assert web.userinfo(got["id_token"]).status_code == 401
    assert web.refresh(got["access_token"]).status_code == 400
    assert Browser().get("/oidc/userinfo", {"access_token": got["access_token"]}).status_code == 401


def test_over_is_over(citizen: Browser, web: Relying) -> None:
    got = web.tokens()
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert web.userinfo(got["access_token"]).status_code == 401
    assert web.introspect(got["access_token"]) == {"active": False}
    assert web.refresh(got["refresh_token"]).status_code == 400


def test_only_who_guards_data_may_ask_about_tokens_of_others(citizen: Browser, web: Relying) -> None:
    got = web.tokens()
    assert web.introspect(got["access_token"])["active"] is True
    curious = connect(citizen, name="Tò mò", redirect="https://c.example/cb")
    guard = connect(citizen, name="Máy chủ", redirect="https://d.example/cb", may_introspect=True)
    public = connect(citizen, name="App", kind=Kind.NATIVE, redirect="https://e.example/cb")
    assert curious.introspect(got["access_token"]) == {"active": False}
    assert guard.introspect(got["access_token"])["client_id"] == web.client.client_id
    assert guard.introspect(got["refresh_token"]) == {"active": False}
    assert public.introspect(got["access_token"]) == {"active": False}


# Signed tokens: the hint of who was signed in is the only one that comes back to us ----------------------------------


def _forged(claims: dict[str, Any]) -> dict[str, str]:
    """The same claims under signatures that must not count, by what is wrong with each."""
    kid = keyring.ring().keys[0].kid
    public = json.dumps(keyring.ring().keys[0].public)
    plain = [{"alg": "none", "kid": kid}, claims]
    none = (
        ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in plain) + "."
    )
    other = RSAKey.generate_key(2048)
    good = keyring.ring().sign(claims, now=timezone.now())
    head, body, mark = good.split(".")
    changed = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "x"}).encode()).decode().rstrip("=")
    return {
        "no signature": none,
        "another key": jwt.encode({"alg": "RS256", "kid": kid}, claims, other),
        "our public key as a shared secret": jwt.encode(
            {"alg": "HS256", "kid": kid}, claims, OctKey.import_key(public)
        ),
        "an unknown key": jwt.encode({"alg": "RS256", "kid": "x"}, claims, other),
        "changed after signing": f"{head}.{changed}.{mark}",
        "cut": f"{head}.{body}",
        "cut short": good[:-4],
        "words": "not.a.token",
        "nothing": "...",
        "a list for a header": base64.urlsafe_b64encode(b"[1]").decode().rstrip("=") + ".e30.x",
        "letters of no alphabet": "ạ.ạ.ạ",
    }


FORGED = sorted(
    ["no signature", "another key", "our public key as a shared secret", "an unknown key", "changed after signing",
     "cut", "cut short", "words", "nothing", "a list for a header", "letters of no alphabet"]
)  # fmt: skip


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_hint_signs_nobody_out_and_lets_nobody_in(citizen: Browser, web: Relying, how: str) -> None:
    good = claims_of(web.tokens()["id_token"])
    forged = _forged(good)[how]
    assert keyring.ring().verify(forged, now=timezone.now(), expired=True) is None
    assert web.sent_back(id_token_hint=forged)["error"] == "login_required"
    page = citizen.get("/oidc/logout", {"id_token_hint": forged})
    assert "Đăng xuất khỏi mọi ứng dụng?" in page.text
    assert "code" in web.sent_back()


@pytest.mark.parametrize(
    ("change", "good"),
    [
        ({}, True),
        ({"iss": "https://evil.example"}, False),
        ({"iat": 30}, True),
        ({"iat": 120}, False),
        ({"nbf": 120}, False),
        ({"exp": -30}, True),
        ({"exp": -90}, False),
        ({"exp": None}, False),
        ({"aud": None}, False),
    ],
)
def test_clocks_may_differ_by_a_minute(office: Office, change: dict[str, Any], good: bool) -> None:
    """Times are given in seconds from now."""
    now = timezone.now()
    at = int(now.timestamp())
    claims = {"iss": SITE, "aud": "x", "sub": "y", "iat": at, "exp": at + 60}
    claims |= {k: at + v if isinstance(v, int) else v for k, v in change.items()}
    token = keyring.ring().sign({k: v for k, v in claims.items() if v is not None}, now=now)
    assert (keyring.ring().verify(token, now=now) is not None) is good


def test_a_hint_of_somebody_else_lets_nobody_in(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    hint = web.tokens()["id_token"]
    signed_in(client, office.citizen)
    assert web.sent_back(id_token_hint=hint)["error"] == "login_required"
    assert "Đăng xuất khỏi mọi ứng dụng?" in client.get("/oidc/logout", {"id_token_hint": hint}).text


# Devices -----------------------------------------------------------------------------------------------------------------


def test_codes_of_devices_cannot_be_tried_for_long(citizen: Browser, web: Relying) -> None:
    answers = [
        citizen.post("/thiet-bi/", {"code": f"BBBBBBB{c}"}).status_code for c in "BCDFGHJKLMNPQRST" * 2
    ]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_a_device_code_is_its_programs_own(citizen: Browser, web: Relying) -> None:
    one, other = (connect(citizen, name=n, kind=Kind.DEVICE) for n in ("Một", "Hai"))
    asked = citizen.post("/oidc/device", f"client_id={one.client.client_id}", content_type=FORM).json()
    answer = other.token(
        grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=asked["device_code"]
    )
    assert answer.json()["error"] == "invalid_grant"
    assert (
        citizen.post("/oidc/device", f"client_id={web.client.client_id}", content_type=FORM).status_code
        == 401
    )
