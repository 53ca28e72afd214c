"""Stays: listed and ended by their owner, ended by what makes them unsafe, never planted by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from django.utils import timezone

from tinhso.core.access import actions, entrance, queries
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import SignInSession
from tinhso.core.access.tests.office import PASSWORD, SYSTEM, Office, make
from tinhso.core.events.models import Event
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.kit.errors import NotFound

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def office() -> Office:
    return make()


def enter(name: str, client: Client | None = None, **more: str) -> Client:
    browser = client or Client()
    browser.post("/dang-nhap/", {"name": name, "password": PASSWORD, **more})
    return browser


def is_in(client: Client) -> bool:
    return client.get("/mat-khau/").status_code == 200


def bind(who: Account, minutes: int = 5) -> None:
    then = timezone.now() - timedelta(minutes=minutes)
    me = Actor(who.person_id, who.id)
    actions.add_totp(actor=me, secret=SECRET, code=pyotp.TOTP(SECRET).at(then), now=then)


def test_the_session_says_how_and_when_somebody_signed_in(office: Office) -> None:
    session = enter("congdan").session
    assert session["access_amr"] == ["pwd"]
    assert session["access_signed_in_at"].startswith(str(timezone.now().year))
    assert SignInSession.objects.get().id == __import__("uuid").UUID(session["access_session"])


def test_a_session_key_planted_before_is_worth_nothing(office: Office, client: Client) -> None:
    client.get("/dang-nhap/vneid/")
    client.post("/dang-nhap/", {"name": "congdan", "password": "sai"})
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    enter("congdan", client)
    assert client.cookies["sessionid"].value != planted
    assert "planted" not in client.session
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not is_in(attacker)


def test_an_idle_stay_and_an_old_one_end(office: Office, settings) -> None:
    browser = enter("congdan")
    stay = SignInSession.objects.get()
    stay.last_used_at = timezone.now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS - 20)
    stay.save()
    assert is_in(browser)
    stay.refresh_from_db()
    assert timezone.now() - stay.last_used_at < timedelta(seconds=60)
    SignInSession.objects.update(
        last_used_at=timezone.now() - timedelta(seconds=settings.SESSION_IDLE_SECONDS + 1)
    )
    assert not is_in(browser)
    again = enter("congdan")
    SignInSession.objects.update(ends_at=timezone.now())
    assert not is_in(again)


def test_ending_one_and_all_others(office: Office) -> None:
    first, second, third, clerk = enter("congdan"), enter("congdan"), enter("congdan"), enter("motcua")
    me = Actor(office.citizen.person_id, office.citizen.id)
    ids = [browser.session["access_session"] for browser in (first, second)]
    with pytest.raises(NotFound):
        actions.end_session(actor=Actor(office.clerk.person_id, office.clerk.id), session_id=ids[0])
    actions.end_session(actor=me, session_id=ids[0])
    actions.end_session(actor=me, session_id=ids[0])
    assert [is_in(b) for b in (first, second, third, clerk)] == [False, True, True, True]
    assert actions.end_other_sessions(actor=me, keep=ids[1]) == 1
    assert [is_in(b) for b in (second, third, clerk)] == [True, False, True]
    assert [e.data["reason"] for e in Event.objects.filter(name="SessionEnded").order_by("at")] == [
        "ended"
    ] * 2


def test_a_password_set_by_others_a_closed_account_and_signing_out_end_stays(office: Office) -> None:
    browser = enter("congdan")
    people.set_password(actor=SYSTEM, account_id=office.citizen.id, password="mật khẩu hoàn toàn khác")
    assert not is_in(browser)
    clerk = enter("motcua")
    people.set_active(actor=SYSTEM, account_id=office.clerk.id, active=False)
    assert not is_in(clerk)
    chair = enter("chutich")
    chair.post("/dang-xuat/")
    reasons = SignInSession.objects.order_by("began_at").values_list("end_reason", flat=True)
    assert list(reasons) == ["password", "closed", "signed_out"]


def test_changing_ones_password_keeps_the_stay_at_hand(office: Office) -> None:
    here, there = enter("congdan"), enter("congdan")
    here.post("/mat-khau/", {"old": PASSWORD, "new": "vườn quýt nhà tôi"})
    assert (is_in(here), is_in(there)) == (True, False)
    assert Event.objects.filter(name="SecurityChanged", data__what="people.change_password").count() == 1
    assert len([s for s in queries.stays_of(office.citizen.id, here=None) if s.open]) == 1


def test_a_new_device_is_told_apart_from_a_known_one(office: Office) -> None:
    browser = enter("congdan")
    enter("congdan", browser)
    enter("congdan")
    known = [e.data["known_device"] for e in Event.objects.filter(name="SignedIn").order_by("at", "id")]
    assert known == [True, True, False]


def test_hashes_of_other_costs_are_made_anew_at_sign_in(office: Office, settings) -> None:
    settings.PASSWORD_HASHERS = ["tinhso.core.people.hashers.Argon2id"]
    from argon2 import PasswordHasher

    old = "argon2" + PasswordHasher(time_cost=1, memory_cost=1024, parallelism=2).hash(PASSWORD)
    Account.objects.filter(id=office.citizen.id).update(password=old)
    assert is_in(enter("congdan"))
    kept = Account.objects.get(id=office.citizen.id).password
    assert kept.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert not identify_hasher(kept).must_update(kept)
    assert make_password(PASSWORD).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_the_second_step_is_asked_and_a_password_alone_opens_nothing(office: Office, client: Client) -> None:
    bind(office.citizen)
    response = client.post("/dang-nhap/", {"name": "congdan", "password": PASSWORD, "next": "/mat-khau/"})
    assert response["Location"] == "/dang-nhap/buoc-hai/"
    assert not is_in(client)
    assert client.get("/dang-nhap/buoc-hai/").status_code == 200
    wrong = client.post("/dang-nhap/buoc-hai/", {"code": "123"})
    assert (wrong.status_code, is_in(client)) == (422, False)
    response = client.post("/dang-nhap/buoc-hai/", {"code": pyotp.TOTP(SECRET).now()})
    assert response["Location"] == "/mat-khau/"
    assert client.session["access_amr"] == ["pwd", "otp"]
    assert client.get("/mat-khau/").wsgi_request.assurance == 2


def test_the_second_step_ends_after_a_while_and_with_the_password(office: Office, client: Client) -> None:
    bind(office.citizen)
    enter("congdan", client)
    session = client.session
    kept = session[entrance.PENDING]
    session[entrance.PENDING] = kept | {"at": (timezone.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert client.get("/dang-nhap/buoc-hai/")["Location"] == "/dang-nhap/"
    session[entrance.PENDING] = kept
    session.save()
    assert client.get("/dang-nhap/buoc-hai/").status_code == 200
    people.set_password(actor=SYSTEM, account_id=office.citizen.id, password="mật khẩu hoàn toàn khác")
    assert client.get("/dang-nhap/buoc-hai/")["Location"] == "/dang-nhap/"
    assert Client().get("/dang-nhap/buoc-hai/")["Location"] == "/dang-nhap/"


def test_a_forged_passkey_answer_opens_nothing(office: Office, client: Client) -> None:
    for answer in ("", "{}", "[]", '{"id":"AAAA","rawId":"AAAA","response":{},"type":"public-key"}'):
        client.post("/dang-nhap/khoa/hoi/", headers={"Host": "localhost"})
        assert (
            client.post("/dang-nhap/khoa/", {"credential": answer}, headers={"Host": "localhost"}).status_code
            == 422
        )
    assert not is_in(client)
    assert client.post("/dang-nhap/khoa/hoi/", headers={"Host": "127.0.0.1"}).status_code == 422


def test_pages_that_need_two_factors(office: Office, settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    admin = enter("quantri")
    told = admin.get("/quan-tri/dat-lai-xac-thuc/")
    assert told["Location"].startswith("/xac-nhan-lai/?next=")
    page = admin.get(told["Location"]).content.decode()
    assert "/bao-mat/hai-buoc/" in page
    admin.post(told["Location"], {"password": PASSWORD})
    assert admin.get("/quan-tri/dat-lai-xac-thuc/").status_code == 302
    bind(office.admin)
    response = admin.post(
        told["Location"], {"code": pyotp.TOTP(SECRET).now(), "next": "/quan-tri/dat-lai-xac-thuc/"}
    )
    assert response["Location"] == "/quan-tri/dat-lai-xac-thuc/"
    assert admin.get("/quan-tri/dat-lai-xac-thuc/").status_code == 200
    assert enter("congdan").get("/mat-khau/").status_code == 200
