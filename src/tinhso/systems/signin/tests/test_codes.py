"""The officer's one-time code: who may give one, to whom, how it works once, and what it does not open."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import actor_for_account, factors_of
from tinhso.core.access.tests.office import PASSWORD, Office, account, make
from tinhso.core.audit.models import Entry, PersonRead
from tinhso.core.events.models import Event
from tinhso.core.people.models import Account
from tinhso.core.testing.race import race
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.signin import actions
from tinhso.systems.signin.models import OfficerCode

NUMBER = "093085000123"
HOME, OFFICE = "203.0.113.7", "198.51.100.9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
db = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    return make()


def give(who: Account, number: str = NUMBER, **change: object) -> str:
    asked = {"purpose": "down", "reason": "VNeID không vào được", "card_checked": True} | change
    return actions.issue_code(actor=actor_for_account(who.id), number=number, **asked)[1]  # type: ignore[arg-type]


def use(code: str, number: str = NUMBER, address: str = HOME, **more: object) -> str:
    try:
        return actions.use_code(number=number, code=code, address=address, **more)[1]  # type: ignore[arg-type]
    except Refusal as refusal:
        return refusal.code


def test_a_code_works_once_and_is_recorded(office: Office) -> None:
    code = give(office.clerk)
    assert use(code.lower()) == "down"
    assert use(code) == "wrong_code"
    assert Entry.objects.get(act="signin.issue_code").data == {
        "purpose": "down",
        "reason": "VNeID không vào được",
    }
    assert PersonRead.objects.filter(person_id=office.citizen.person_id).exists()
    assert Event.objects.filter(name="SecurityChanged", data__what="signin.issue_code").count() == 1
    assert code.replace("-", "") not in OfficerCode.objects.get().digest


def test_a_code_is_worth_nothing_after_a_quarter_of_an_hour_or_another_code_or_for_another(
    office: Office,
) -> None:
    old = give(office.clerk)
    assert use(old, address=OFFICE, now=timezone.now() + timedelta(minutes=15, seconds=1)) == "wrong_code"
    fresh = give(office.clerk)
    assert use(old) == "wrong_code"
    assert use(fresh, number="093190000001") == "wrong_code"
    assert use(fresh) == "down"


def test_wrong_codes_make_only_the_guesser_wait(office: Office) -> None:
    code = give(office.clerk)
    assert [use("AAAAAAAA") for _ in range(6)] == ["wrong_code"] * 5 + ["wait"]
    assert use(code) == "wait"
    assert use(code, address=OFFICE) == "down"
    assert [use("AAAAAAAA", number="093000000009") for _ in range(6)] == ["wrong_code"] * 5 + ["wait"]


def test_who_gives_codes_to_whom(office: Office) -> None:
    for who in (office.chair, office.admin, office.citizen):
        with pytest.raises(Forbidden):
            give(who)
    with pytest.raises(Forbidden):
        give(office.clerk, number="093190000001")
    with pytest.raises(Refusal) as refused:
        give(office.clerk, number="093070000002")
    assert refused.value.code == "official"
    for change, field in (
        ({"purpose": "x"}, "purpose"), ({"reason": " "}, "reason"), ({"card_checked": False}, "card"), ({"number": "093000000000"}, "number"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            give(office.clerk, **change)
        assert refused.value.field == field


def bound(who: Account) -> None:
    then = timezone.now() - timedelta(minutes=5)
    access.add_totp(
        actor=Actor(who.person_id, who.id), secret=SECRET, code=pyotp.TOTP(SECRET).at(then), now=then
    )


def test_a_code_is_no_second_factor_and_the_stay_says_so(office: Office, client: Client) -> None:
    bound(office.citizen)
    there = client.post("/dang-nhap/ma-can-bo/", {"number": NUMBER, "code": give(office.clerk)})
    assert there["Location"] == "/dang-nhap/buoc-hai/"
    assert client.get("/bao-mat/").status_code == 302
    other = Client()
    other.post("/dang-nhap/ma-can-bo/", {"number": NUMBER, "code": give(office.clerk, purpose="lost_factor")})
    assert not factors_of(office.citizen.id).any
    page = other.get("/bao-mat/")
    assert (page.wsgi_request.assurance, other.session["access_amr"]) == (1, ["officer"])
    assert "mã do cán bộ cấp" in page.content.decode()


def test_a_forgotten_password_is_set_anew(office: Office, client: Client) -> None:
    sent = {"number": NUMBER, "code": give(office.clerk, purpose="forgot")}
    assert client.post("/dang-nhap/ma-can-bo/", sent)["Location"] == "/bao-mat/mat-khau-moi/"
    client.post("/bao-mat/mat-khau-moi/", {"new": "vườn quýt nhà tôi"})
    other = Client()
    assert other.post("/dang-nhap/", {"name": "congdan", "password": PASSWORD}).status_code == 422
    assert other.post("/dang-nhap/", {"name": "congdan", "password": "vườn quýt nhà tôi"}).status_code == 302


def test_the_page_for_those_who_cannot_get_in_asks_for_nothing(office: Office, client: Client) -> None:
    page = client.get("/quen-mat-khau/").content.decode().split("<main")[1].split("</main")[0]
    assert "<form" not in page
    assert client.post("/dang-nhap/ma-can-bo/", {"number": NUMBER, "code": "x"}).content.count(
        b"error"
    ) == client.post("/dang-nhap/ma-can-bo/", {"number": "093000000009", "code": "x"}).content.count(b"error")


def test_somebody_known_without_account_gets_one(office: Office) -> None:
    person = account("tam", "Võ Thị Tám", "093188000008").person
    Account.objects.filter(person=person).delete()
    assert use(give(office.clerk, number="093188000008"), number="093188000008") == "down"
    assert Account.objects.get(person=person).username == "093188000008"


def test_factors_are_reset_by_an_administrator_over_the_person(office: Office) -> None:
    bound(office.clerk)
    admin = signed_in(Client(), office.admin)
    reset = "/quan-tri/dat-lai-xac-thuc/"
    assert signed_in(Client(), office.clerk).get(reset).status_code == 403
    assert admin.post(reset, {"name": "motcua", "reason": ""}).status_code == 422
    assert admin.post(reset, {"name": "khong.co", "reason": "x"}).status_code == 422
    assert admin.post(reset, {"name": "motcua", "reason": "mất máy, đã gọi lại"}).status_code == 302
    assert not factors_of(office.clerk.id).any


@pytest.mark.django_db(transaction=True)
def test_one_code_used_twice_at_once_opens_once() -> None:
    office = make()
    code = give(office.clerk)
    assert sorted(race(*[lambda: use(code)] * 4)) == ["down", *["wrong_code"] * 3]
