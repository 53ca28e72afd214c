"""The national sign-in over HTTP, against our simulator, which can answer wrongly on purpose."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client

from tinhso.core.access.tests.office import SYSTEM, account
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account, Person
from tinhso.simulators.vneid import FAULTS, SIMULATOR, Provider, make_server
from tinhso.systems.signin import vneid
from tinhso.systems.signin.models import NationalLink

pytestmark = pytest.mark.django_db
AN = {"SoDinhDanh": "093085000123", "HoVaTen": "Nguyễn Văn An"}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    made = Provider("")
    server = make_server(made, host="127.0.0.1", port=0)
    made.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    settings.VNEID_URL, settings.VNEID_CLIENT_SECRET = made.issuer, made.client_secret
    vneid.forget()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def go(
    client: Client, person: dict[str, str] | None = None, answer: str = "yes", to: str = "/mat-khau/"
) -> str:
    """Through the simulator; the address the browser is sent back to."""
    there = client.get(f"/dang-nhap/vneid/?next={to}")["Location"]
    assert SIMULATOR in httpx.get(there).text
    sent = httpx.post(there, data=(person or AN) | {"answer": answer})
    return sent.headers["Location"]


def back(client: Client, address: str):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def said(response) -> str:
    return response.content.decode()


def test_a_first_sign_in_makes_person_and_account(provider: Provider, client: Client) -> None:
    page = said(client.get("/dang-nhap/?next=/mat-khau/"))
    assert "/dang-nhap/vneid/?next=%2Fmat-khau%2F" in page
    response = back(client, go(client, AN | {"SoCMND": "không có", "ThuDienTu": "an@example.vn"}))
    assert (response.status_code, response["Location"]) == (302, "/mat-khau/")
    who = Account.objects.get()
    assert (who.username, who.person.full_name, who.person.email) == (
        "093085000123",
        "Nguyễn Văn An",
        "an@example.vn",
    )
    assert not who.has_usable_password()
    assert client.session["access_amr"] == ["vneid"]
    assert client.get("/mat-khau/").wsgi_request.assurance == 2
    again = Client()
    back(again, go(again))
    assert (Account.objects.count(), NationalLink.objects.count()) == (1, 1)


def test_somebody_known_is_found_by_number_and_never_by_name(provider: Provider, client: Client) -> None:
    known = account("an.nv", "Nguyễn Văn An", "093085000123")
    account("khac", "Trần Thị Cúc", "093185000124")
    back(client, go(client))
    assert client.get("/mat-khau/").wsgi_request.actor.account_id == known.id
    other = Client()
    back(other, go(other, {"SoDinhDanh": "093185000999", "HoVaTen": "Nguyễn Văn An"}))
    assert Person.objects.filter(full_name="Nguyễn Văn An").count() == 2


def test_conflicts_are_explained_and_nobody_is_let_in(provider: Provider, client: Client) -> None:
    known = account("an.nv", "Trần Văn Khác", "093085000123")
    response = back(client, go(client))
    assert response.status_code == 409
    assert "họ tên khác" in said(response)
    assert client.get("/mat-khau/").status_code == 302
    two = account("be.lt", "Lê Thị Bé", "093190000001")
    back(Client(), go(it := Client(), {"SoDinhDanh": "093190000001", "HoVaTen": "Lê Thị Bé", "TechID": "t1"}))
    back(it, go(it, {"SoDinhDanh": "093190000001", "HoVaTen": "Lê Thị Bé", "TechID": "t1"}))
    assert NationalLink.objects.get().person_id == two.person_id
    taken = Client()
    response = back(
        taken, go(taken, {"SoDinhDanh": "093085000123", "HoVaTen": "Trần Văn Khác", "TechID": "t1"})
    )
    assert (response.status_code, "gắn với một người khác" in said(response)) == (409, True)
    people.set_active(actor=SYSTEM, account_id=known.id, active=False)
    closed = Client()
    response = back(closed, go(closed, {"SoDinhDanh": "093085000123", "HoVaTen": "Trần Văn Khác"}))
    assert (response.status_code, "đang bị khóa" in said(response)) == (403, True)


@pytest.mark.parametrize("fault", [f for f in FAULTS if f not in ("down", "replayed")])
def test_an_answer_that_does_not_hold_opens_nothing(provider: Provider, client: Client, fault: str) -> None:
    address = go(client)
    provider.fault = fault
    response = back(client, address)
    assert (response.status_code, "không hợp lệ" in said(response)) == (422, True)
    assert not Person.objects.exists()
    assert client.get("/mat-khau/").status_code == 302


def test_a_token_given_before_is_refused(provider: Provider, client: Client) -> None:
    other = Client()
    back(other, go(other))
    provider.fault = "replayed"
    assert back(client, go(client)).status_code == 422


@pytest.mark.parametrize(("skew", "status"), [(50, 302), (-50, 302), (400, 422), (-1000, 422)])
def test_clocks_differ_a_little(provider: Provider, client: Client, skew: int, status: int) -> None:
    provider.skew = skew
    assert back(client, go(client)).status_code == status


def test_state_is_ours_and_used_once(provider: Provider, client: Client) -> None:
    address = go(client)
    attacker = Client()
    assert back(attacker, address).status_code == 422
    forged = address.replace(parse_qs(urlsplit(address).query)["state"][0], "khac")
    assert back(client, forged).status_code == 422
    assert back(client, address).status_code == 302
    client.post("/dang-xuat/")
    assert back(client, address).status_code == 422


def test_a_key_taken_into_use_since_is_fetched(provider: Provider, client: Client) -> None:
    back(client, go(client))
    fresh = Provider(provider.issuer)
    provider.key = fresh.key
    other = Client()
    assert back(other, go(other)).status_code == 302


@pytest.mark.parametrize(
    ("person", "word"),
    [(AN | {"LoaiTaiKhoan": "2"}, "tổ chức"), ({"SoDinhDanh": "123", "HoVaTen": "A"}, "số định danh"),
     ({"SoDinhDanh": "123456789", "HoVaTen": "A"}, "12 số"), ({"SoDinhDanh": "093085000123", "HoVaTen": ""}, "họ và tên")],
)  # fmt: skip
def test_what_cannot_be_used_is_explained(
    provider: Provider, client: Client, person: dict, word: str
) -> None:
    response = back(client, go(client, person))
    assert response.status_code == 422
    assert word in said(response).lower()
    assert not Account.objects.exists()


def test_level_one_is_not_enough_and_refusing_consent_is_no_fault(provider: Provider, client: Client) -> None:
    assert "không đồng ý" in said(back(client, go(client, answer="no")))
    provider.level = "muc-1"
    assert "mức 2" in said(back(client, go(client)))


@pytest.mark.parametrize("when", ["before", "after"])
def test_when_it_is_down_the_other_ways_are_named(provider: Provider, client: Client, when: str) -> None:
    address = go(client)
    provider.fault = "down"
    if when == "after":
        vneid.forget()
    response = client.get("/dang-nhap/vneid/?next=/mat-khau/") if when == "before" else back(client, address)
    assert response.status_code == 503
    for part in ("đang không trả lời", "/dang-nhap/ma-can-bo/", "/dang-nhap/?next="):
        assert part in said(response)


def test_nobody_is_sent_to_another_site(provider: Provider, client: Client) -> None:
    assert back(client, go(client, to="https://evil.example/"))["Location"] == "/"


def test_without_address_the_way_is_not_offered(client: Client, settings) -> None:
    settings.VNEID_URL = ""
    assert client.get("/dang-nhap/vneid/").status_code == 404
    assert "VNeID" not in said(client.get("/dang-nhap/"))


def test_a_password_is_set_after_vneid_without_the_old_one(provider: Provider, client: Client) -> None:
    back(client, go(client))
    assert client.post("/bao-mat/mat-khau-moi/", {"new": "ngắn"}).status_code == 422
    assert client.post("/bao-mat/mat-khau-moi/", {"new": "vườn quýt nhà tôi"}).status_code == 302
    assert client.get("/bao-mat/").status_code == 200
    other = Client()
    other.post("/dang-nhap/", {"name": "093085000123", "password": "vườn quýt nhà tôi"})
    assert other.get("/bao-mat/mat-khau-moi/").status_code == 403
