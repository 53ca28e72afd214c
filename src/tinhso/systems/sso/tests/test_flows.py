"""The roads into a program and what it gets on each."""

from __future__ import annotations

import pytest
from django.test import Client as Browser

from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.systems.sso.choices import DEVICE_GRANT, Kind
from tinhso.systems.sso.tests.relying import SITE, Relying, claims_of, connect


def test_the_document_names_what_is_there(office: Office, client: Browser) -> None:
    told = client.get("/.well-known/openid-configuration").json()
    assert told["issuer"] == SITE
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"):
        assert client.get(told[name].removeprefix(SITE)).status_code in (200, 400, 401)
    assert client.get("/.well-known/oauth-authorization-server").json() == told
    assert client.get("/oidc/jwks").json()["keys"][0]["kty"] == "RSA"


def test_a_whole_flow(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    back = web.sent_back(scope="openid profile posts")
    assert (back["state"], back["iss"]) == ("st-1", SITE)
    got = web.redeem(back["code"]).json()
    assert got["token_type"] == "Bearer"
    said = claims_of(got["id_token"])
    assert (said["aud"], said["nonce"], said["acr"], said["amr"]) == (
        web.client.client_id,
        "no-1",
        "1",
        ["pwd"],
    )
    known = web.userinfo(got["access_token"]).json()
    assert known["sub"] == said["sub"]
    assert (known["name"], known["preferred_username"]) == ("Lê Thị Thu", "thu")
    assert known["groups"] == ["one_stop_clerk@H30.41.21.01"]
    assert known["posts"][0]["unit"]["code"] == "H30.41.21.01"


def test_a_program_gets_no_more_than_it_asked_for(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.clerk)
    known = web.userinfo(web.tokens(scope="openid")["access_token"]).json()
    assert set(known) == {"sub"}


def test_a_citizens_user_name_is_told_nobody(office: Office, web: Relying, client: Browser) -> None:
    """It is the personal number."""
    signed_in(client, office.citizen)
    known = web.userinfo(web.tokens(scope="openid profile")["access_token"]).json()
    assert "preferred_username" not in known


def test_a_visitor_signs_in_first_and_comes_back(office: Office, web: Relying, client: Browser) -> None:
    sent = web.ask()
    assert sent.status_code == 302
    assert sent["Location"].startswith("/dang-nhap/?next=")
    signed_in(client, office.citizen)
    way = client.get(client.get(sent["Location"])["Location"])
    assert way.status_code == 200
    assert 'http-equiv="refresh"' in way.text
    target = way.context["target"]
    assert client.get(target)["Location"].startswith(web.redirect)


def test_sent_as_a_form_it_is_asked_again(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    answer = client.post("/oidc/authorize", web.query())
    assert answer.status_code == 303
    assert client.get(answer["Location"])["Location"].startswith(web.redirect)


def test_refreshing_turns_the_token_over(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    first = web.tokens()
    second = web.refresh(first["refresh_token"]).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert claims_of(second["id_token"])["sub"] == claims_of(first["id_token"])["sub"]
    third = web.refresh(second["refresh_token"], scope="openid")
    assert third.status_code == 200


def test_a_service_works_in_its_own_name(office: Office, client: Browser) -> None:
    service = connect(client, name="Trục tích hợp", kind=Kind.SERVICE, scopes=("cases.read",))
    got = service.token(grant_type="client_credentials", scope="cases.read").json()
    assert "refresh_token" not in got
    told = service.introspect(got["access_token"])
    assert (told["active"], told["sub"], told["scope"]) == (True, service.client.client_id, "cases.read")
    assert service.userinfo(got["access_token"]).status_code == 401


def test_a_device_is_let_in_from_another_screen(office: Office, client: Browser) -> None:
    device = connect(client, name="Bảng điện tử", kind=Kind.DEVICE)
    asked = client.post(
        "/oidc/device",
        f"client_id={device.client.client_id}&scope=openid+profile",
        content_type="application/x-www-form-urlencoded",
    ).json()
    poll = {"grant_type": DEVICE_GRANT, "device_code": asked["device_code"]}
    assert device.token(**poll).json()["error"] == "authorization_pending"
    assert device.token(**poll).json()["error"] == "slow_down"
    signed_in(client, office.clerk)
    page = client.post("/thiet-bi/", {"code": asked["user_code"].lower().replace("-", " ")})
    assert "Bảng điện tử" in page.text
    assert "Đã cho" in client.post("/thiet-bi/", {"code": asked["user_code"], "answer": "yes"}).text
    got = device.token(**poll).json()
    assert claims_of(got["id_token"])["aud"] == device.client.client_id
    assert device.userinfo(got["access_token"]).json()["name"] == "Lê Thị Thu"
    assert device.token(**poll).json()["error"] == "invalid_grant"


def test_a_device_told_no_hears_no(office: Office, client: Browser) -> None:
    device = connect(client, name="Bảng điện tử", kind=Kind.DEVICE)
    asked = client.post(
        "/oidc/device",
        f"client_id={device.client.client_id}",
        content_type="application/x-www-form-urlencoded",
    ).json()
    signed_in(client, office.clerk)
    client.post("/thiet-bi/", {"code": asked["user_code"], "answer": "no"})
    poll = {"grant_type": DEVICE_GRANT, "device_code": asked["device_code"]}
    assert device.token(**poll).json()["error"] == "access_denied"
    assert client.post("/thiet-bi/", {"code": asked["user_code"], "answer": "yes"}).status_code == 422


@pytest.mark.parametrize("kind", [Kind.WEB, Kind.NATIVE])
def test_given_back_it_is_worth_nothing(office: Office, client: Browser, kind: str) -> None:
    program = connect(client, kind=kind, trusted=True)
    signed_in(client, office.citizen)
    got = program.tokens()
    assert program.revoke(got["refresh_token"]) == 200
    assert program.userinfo(got["access_token"]).status_code == 401
    assert program.revoke("unknown") == 200


def test_programs_of_one_sector_know_a_person_by_one_name(office: Office, client: Browser) -> None:
    signed_in(client, office.citizen)
    one = connect(client, name="Một", redirect="https://a.example/cb", trusted=True)
    two = connect(client, name="Hai", redirect="https://a.example/cb2", trusted=True)
    other = connect(client, name="Ba", redirect="https://b.example/cb", trusted=True)
    public = connect(client, name="Bốn", redirect="https://c.example/cb", trusted=True, subject="public")
    subs = [claims_of(program.tokens()["id_token"])["sub"] for program in (one, two, other, public)]
    assert subs[0] == subs[1]
    assert len(set(subs)) == 3
    assert subs[3] == str(office.citizen.person_id)
