from __future__ import annotations

import re
from html import unescape
from random import Random
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from tinhso.core.access.actor import VISITOR
from tinhso.core.access.resume import WHOSE_COOKIE, remember, safe_next, seal, unseal
from tinhso.core.access.route import needs, public, signed_in, staff
from tinhso.core.access.tests.office import PASSWORD, SYSTEM, Office, make
from tinhso.core.people import actions as people
from tinhso.kit.errors import Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make()


def sign_in(client: Client, name: str, **more: str) -> HttpResponse:
    return client.post("/dang-nhap/", {"name": name, "password": PASSWORD, **more})


def test_signing_in_goes_back_to_where_one_came_from(office: Office, client: Client) -> None:
    assert client.get("/dang-nhap/?next=/mat-khau/").status_code == 200
    response = sign_in(client, "congdan", next="/mat-khau/")
    assert (response.status_code, response["Location"]) == (302, "/mat-khau/")
    assert client.get("/mat-khau/").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(office: Office, client: Client, target: str) -> None:
    assert sign_in(client, "congdan", next=target)["Location"] == "/"
    assert safe_next(RequestFactory().get("/"), target) == "/"


def test_a_wrong_password_keeps_the_name_and_says_nothing_more(office: Office, client: Client) -> None:
    response = client.post("/dang-nhap/", {"name": "congdan", "password": "sai"})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="congdan"' in page
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in page
    assert 'value="sai"' not in page


def test_a_visitor_is_sent_to_sign_in(office: Office, client: Client) -> None:
    response = client.get("/mat-khau/?x=1")
    assert response["Location"] == "/dang-nhap/?next=%2Fmat-khau%2F%3Fx%3D1"


def test_a_form_sent_after_the_session_ended_is_not_lost(office: Office, client: Client) -> None:
    response = client.post("/mat-khau/", {"old": "x", "new": 'Nguyễn "Bé"', "many": ["1", "2"]})
    assert response.status_code == 401
    page = response.content.decode()
    resume = unescape(re.search(r'name="resume" value="([^"]+)"', page)[1])
    back = sign_in(client, "congdan", resume=resume).content.decode()
    assert 'action="/mat-khau/"' in back
    assert 'name="new" value="Nguyễn &quot;Bé&quot;"' in back
    assert back.count('name="many"') == 2


def test_sealed_answers_cannot_be_forged_and_carry_no_password() -> None:
    request = RequestFactory().post("/ho-so/", {"password": "bí mật", "csrfmiddlewaretoken": "t", "a": "1"})
    sealed = seal(request)
    somebody = uuid4()
    assert unseal(sealed, somebody) == {"path": "/ho-so/", "fields": [["a", "1"]], "whose": ""}
    assert unseal(sealed[:-2] + "xx", somebody) is None
    assert seal(RequestFactory().post("/ho-so/", {"password": "x"})) == ""
    assert seal(RequestFactory().post("/ho-so/", {"a": Random(1).randbytes(150_000).hex()})) == ""


def test_sealed_answers_are_given_back_only_to_whom_they_belong() -> None:
    lan, binh = uuid4(), uuid4()
    response, browser = HttpResponse(), RequestFactory()
    remember(response, lan)
    browser.cookies[WHOSE_COOKIE] = response.cookies[WHOSE_COOKIE].value
    sealed = seal(browser.post("/ho-so/", {"a": "1"}))
    assert unseal(sealed, lan) is not None
    assert unseal(sealed, binh) is None


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(office: Office, client: Client) -> None:
    response = client.post(
        "/mat-khau/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/viec/?a=1"}
    )
    assert response["HX-Redirect"] == "/dang-nhap/?next=%2Fviec%2F%3Fa%3D1&expired=1"


def test_signing_out_ends_the_session(office: Office, client: Client) -> None:
    sign_in(client, "congdan")
    assert client.get("/dang-xuat/").status_code == 405
    client.post("/dang-xuat/")
    assert client.get("/mat-khau/").status_code == 302


def test_registering(office: Office, client: Client) -> None:
    filled = {
        "number": "093085000999",
        "full_name": "Lê Văn Mới",
        "birth": "01/02/1990",
        "phone": "0912345679",
    }
    response = client.post("/dang-ky/", filled | {"password": "ngắn"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "ít nhất 10 ký tự" in page
    assert "Lê Văn Mới" in page
    assert "Nhập ngày sinh." in client.post("/dang-ky/", {"number": "1"}).content.decode()
    response = client.post("/dang-ky/", filled | {"password": PASSWORD, "next": "/mat-khau/"})
    assert response["Location"] == "/mat-khau/"
    assert client.get("/mat-khau/").status_code == 200


def test_changing_the_password_ends_other_sessions(office: Office, client: Client) -> None:
    elsewhere = Client()
    for device in (client, elsewhere):
        sign_in(device, "congdan")
    assert client.post("/mat-khau/", {"old": "sai", "new": "vườn quýt nhà tôi"}).status_code == 422
    assert client.post("/mat-khau/", {"old": PASSWORD, "new": "vườn quýt nhà tôi"}).status_code == 302
    assert client.get("/mat-khau/").status_code == 200
    assert elsewhere.get("/mat-khau/").status_code == 302


def test_a_closed_account_is_out_at_once(office: Office, client: Client) -> None:
    sign_in(client, "congdan")
    people.set_active(actor=SYSTEM, account_id=office.citizen.id, active=False)
    assert client.get("/mat-khau/").status_code == 302


def test_choosing_the_post_one_acts_in(office: Office, client: Client) -> None:
    sign_in(client, "motcua")
    first, second = client.get("/mat-khau/").wsgi_request.posts
    assert client.get("/mat-khau/").wsgi_request.actor.post_id == first.id
    client.post("/doi-vi-tri/", {"post": str(second.id), "next": "/mat-khau/"})
    assert client.get("/mat-khau/").wsgi_request.actor.post_id == second.id
    assert client.post("/doi-vi-tri/", {"post": "khác"}).status_code == 403
    assert client.get("/mat-khau/").wsgi_request.actor.post_id == second.id


def test_finding_the_actor_costs_a_visitor_nothing_and_others_two_queries(
    office: Office, client: Client, settings, django_assert_num_queries
) -> None:
    settings.ORGS_CACHE_SECONDS = 60
    sign_in(client, "motcua")
    client.get("/dang-xuat/")
    with django_assert_num_queries(2):  # the session and the actor
        client.get("/dang-xuat/")
    with django_assert_num_queries(0):
        assert Client().get("/doi-vi-tri/").status_code == 302


def test_policies_are_stated_and_kept() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse("ok")

    request = RequestFactory().get("/viec/")
    request.actor = VISITOR
    assert public(view).policy.kind == "public"
    for guarded in (signed_in(view), staff(view), needs("cases.see")(view)):
        assert guarded(request).status_code == 302
    request.actor = SYSTEM
    assert needs("cases.see").__call__(view).policy.permissions == ("cases.see",)


def test_officials_reach_only_what_their_post_allows(office: Office) -> None:
    from tinhso.core.access.queries import actor_for_account

    def view(request: object) -> HttpResponse:
        return HttpResponse("ok")

    def opened(account: object, guarded: object) -> bool:
        request = RequestFactory().get("/viec/")
        request.actor = actor_for_account(account.id)
        try:
            return guarded(request).content == b"ok"
        except Forbidden:
            return False

    assert opened(office.citizen, signed_in(view))
    assert not opened(office.citizen, staff(view))
    assert opened(office.chair, staff(view))
    assert opened(office.chair, needs("cases.sign", "cases.work")(view))
    assert not opened(office.chair, needs("console.orgs")(view))
