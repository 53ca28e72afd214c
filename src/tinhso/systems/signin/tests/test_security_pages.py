"""One's own security page: what it shows, that it is one's own, and that changes ask for a fresh proof."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from tinhso.contracts.signin import SecurityChanged, SignedIn
from tinhso.core.access.queries import factors_of
from tinhso.core.access.tests.office import PASSWORD, Office, make
from tinhso.core.notify.models import Message
from tinhso.core.people.models import Person
from tinhso.core.testing.web import signed_in
from tinhso.systems.signin import handlers

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make()


def said(response) -> str:
    return response.content.decode()


def age(client: Client, minutes: int) -> None:
    session = client.session
    session["access_signed_in_at"] = (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session.save()


def test_turning_a_program_on_by_page(office: Office) -> None:
    me = signed_in(Client(), office.citizen)
    page = said(me.get("/bao-mat/ung-dung/"))
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    assert "<svg" in page
    assert me.post("/bao-mat/ung-dung/", {"code": "000000"}).status_code == 422
    assert secret in said(me.get("/bao-mat/ung-dung/")).replace(" ", "")
    assert me.post("/bao-mat/ung-dung/", {"code": pyotp.TOTP(secret).now()}).status_code == 302
    assert me.session["access_amr"] == ["pwd", "otp"]
    codes = said(me.post("/bao-mat/ma-du-phong/"))
    assert codes.count("<li><code>") == 10
    assert "<li><code>" not in said(me.get("/bao-mat/ma-du-phong/"))
    assert "Đang bật" in said(me.get("/bao-mat/"))
    assert me.post("/bao-mat/ung-dung/go/").status_code == 302
    assert not factors_of(office.citizen.id).any


@pytest.mark.parametrize("path", ["/bao-mat/ung-dung/", "/bao-mat/ma-du-phong/"])
def test_changes_ask_for_a_fresh_proof_and_go_on(office: Office, path: str) -> None:
    me = signed_in(Client(), office.citizen)
    age(me, 16)
    there = me.get(path)
    assert there["Location"] == f"/xac-nhan-lai/?next={path.replace('/', '%2F')}"
    assert me.post("/xac-nhan-lai/", {"password": "sai", "next": path}).status_code == 422
    assert me.post("/xac-nhan-lai/", {"password": PASSWORD, "next": path})["Location"] == path
    assert me.get(path).status_code == 200


def test_a_form_sent_too_late_is_carried_through_the_proof(office: Office) -> None:
    me = signed_in(Client(), office.citizen)
    age(me, 16)
    there = me.post("/bao-mat/mat-khau-moi/", {"new": "x", "note": "giữ lại"})
    kept = said(me.post(there["Location"], {"password": PASSWORD}))
    assert 'name="note" value="giữ lại"' in kept


def test_devices_are_ones_own(office: Office) -> None:
    me, elsewhere = signed_in(Client(), office.citizen), signed_in(Client(), office.citizen)
    clerk = signed_in(Client(), office.clerk)
    stay = elsewhere.session["access_session"]
    assert clerk.post(f"/bao-mat/phien/{stay}/").status_code == 404
    assert stay in said(me.get("/bao-mat/"))
    assert stay not in said(clerk.get("/bao-mat/"))
    me.post(f"/bao-mat/phien/{stay}/")
    assert elsewhere.get("/bao-mat/").status_code == 302
    assert "Đã được kết thúc từ thiết bị khác" in said(me.get("/bao-mat/"))


def test_the_page_costs_few_queries_however_long_the_history(
    office: Office, settings, django_assert_max_num_queries
) -> None:
    settings.ORGS_CACHE_SECONDS = 60
    for _ in range(25):
        me = signed_in(Client(), office.citizen)
    page = said(me.get("/bao-mat/"))
    assert "?after=" in page
    with django_assert_max_num_queries(9):
        me.get("/bao-mat/")


def test_people_are_told_once_in_the_app_and_by_mail(office: Office) -> None:
    Person.objects.filter(id=office.citizen.person_id).update(email="an@example.vn")
    ids = str(office.citizen.id), str(office.citizen.person_id)
    now = timezone.now()
    for _ in range(2):
        handlers.tell_new_device(
            SignedIn(*ids, "s", now, ["pwd"], "Chrome, Android", "203.0.113.7", False), "k1"
        )
        handlers.tell_change(SecurityChanged(*ids, "access.add_totp", now), "k2")
    told = list(Message.objects.order_by("created_at"))
    assert [m.email for m in told] == ["an@example.vn"] * 2
    assert "Chrome, Android" in told[0].body
    assert "Đã bật ứng dụng xác thực" in told[1].title


def test_who_must_is_told_on_the_page(office: Office, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    admin = signed_in(Client(), office.admin)
    assert "/bao-mat/hai-buoc/" in said(admin.get("/bao-mat/"))
    assert "01/01/2027" in said(admin.get("/bao-mat/hai-buoc/")) or "phải đăng nhập hai bước" in said(
        admin.get("/bao-mat/hai-buoc/")
    )
    assert "01/01/2027" not in said(signed_in(Client(), office.clerk).get("/bao-mat/hai-buoc/"))
