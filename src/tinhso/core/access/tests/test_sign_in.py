from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tinhso.core.access import actions, rules
from tinhso.core.access.models import SignInFailure
from tinhso.core.access.tests.office import PASSWORD, SYSTEM, account
from tinhso.core.audit.models import Entry
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account, Person
from tinhso.kit.errors import Refusal

pytestmark = pytest.mark.django_db
HOME, OFFICE = "203.0.113.7", "198.51.100.9"
NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
NEW = {
    "number": "093 085 000 123", "full_name": "Nguyễn Văn An", "birth": "21/11/1985", "phone": "0912345678",
    "password": PASSWORD, "address": HOME,
}  # fmt: skip


@pytest.fixture
def an() -> Account:
    return account("an.nv", "Nguyễn Văn An", "093085000123")


def attempt(
    name: str = "an.nv", password: str = "không phải", address: str = HOME, now: datetime = NOW
) -> str:
    try:
        actions.sign_in(name=name, password=password, address=address, now=now)
    except Refusal as refusal:
        return refusal.code
    return "in"


def test_the_right_password_signs_in_and_a_stay_is_logged(an: Account) -> None:
    assert actions.sign_in(name="093085000123", password=PASSWORD, address=HOME).id == an.id
    assert not Entry.objects.filter(act="people.sign_in").exists()
    actions.begin_session(account=an, amr=["pwd"], device_id="d", agent="", address=HOME)
    assert Entry.objects.get(act="people.sign_in").data == {"username": "an.nv", "amr": ["pwd"]}
    an.refresh_from_db()
    assert an.last_login is not None


def test_guessing_gets_slow_and_then_passes(an: Account) -> None:
    assert [attempt() for _ in range(6)] == ["wrong_sign_in"] * 5 + ["wait"]
    assert attempt(password=PASSWORD) == "wait"
    later = NOW + rules.FIRST_WAIT + timedelta(seconds=1)
    assert attempt(now=later) == "wrong_sign_in"
    assert attempt(now=later + timedelta(seconds=30)) == "wait"
    assert attempt(password=PASSWORD, now=later + timedelta(seconds=61)) == "in"
    assert attempt(now=later + timedelta(seconds=62)) == "wrong_sign_in"


def test_guessing_locks_nobody_else_out(an: Account) -> None:
    for _ in range(20):
        attempt()
    assert attempt(password=PASSWORD) == "wait"
    assert attempt(password=PASSWORD, address=OFFICE) == "in"
    other = account("be.lt", "Lê Thị Bé", "093190000001")
    assert actions.sign_in(name=other.username, password=PASSWORD, address=HOME, now=NOW).id == other.id


def test_an_unknown_name_is_answered_like_a_known_one(an: Account) -> None:
    known = [attempt("an.nv") for _ in range(7)]
    unknown = [attempt("khong.co") for _ in range(7)]
    assert known == unknown
    assert not SignInFailure.objects.filter(key__contains="an.nv").exists()


def test_closed_accounts_and_those_without_password_are_answered_alike(an: Account) -> None:
    person = people.find_or_create_person(actor=SYSTEM, says=people.Particulars("Lê Thị Bé", "093190000001"))
    people.create_account(actor=SYSTEM, person_id=person.id, username="be.lt")
    people.set_active(actor=SYSTEM, account_id=an.id, active=False)
    assert attempt("be.lt", "!") == attempt("an.nv", PASSWORD) == attempt("nobody", "") == "wrong_sign_in"


def test_an_address_that_tries_many_accounts_waits(an: Account) -> None:
    for n in range(rules.ADDRESS_TRIES):
        assert attempt(f"name{n}") == "wrong_sign_in"
    assert attempt("an.nv", PASSWORD) == "wait"
    assert attempt("an.nv", PASSWORD, OFFICE) == "in"
    assert attempt("an.nv", PASSWORD, now=NOW + rules.ADDRESS_WAIT + timedelta(seconds=1)) == "in"


def test_failures_of_an_hour_ago_are_forgotten(an: Account) -> None:
    for _ in range(4):
        attempt()
    later = NOW + rules.FORGET_AFTER + timedelta(minutes=1)
    assert [attempt(now=later) for _ in range(5)] == ["wrong_sign_in"] * 5
    attempt(now=later + timedelta(days=2))
    assert SignInFailure.objects.count() == 2


def test_registering_makes_person_and_account() -> None:
    made = actions.register_citizen(**NEW)
    assert made.username == "093085000123"
    assert made.check_password(PASSWORD)
    assert made.person.full_name == "Nguyễn Văn An"
    assert actions.sign_in(name="0912 345 678", password=PASSWORD, address=HOME).id == made.id


def test_registering_takes_over_the_person_the_counter_made() -> None:
    person = people.find_or_create_person(
        actor=SYSTEM, says=people.Particulars("Nguyễn Văn An", "093085000123", birth="1985-11-21")
    )
    assert actions.register_citizen(**NEW).person_id == person.id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": "0930850001234"}, "number"),
        ({"birth": "31/12/2999"}, "birth"),
        ({"phone": "12"}, "phone"),
        ({"password": "ngắn"}, "password"),
        ({"full_name": " "}, "full_name"),
    ],
)
def test_registering_refuses_what_cannot_be(change: dict, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.register_citizen(**(NEW | change))
    assert (refused.value.status, refused.value.field) == (422, field)
    assert not Person.objects.exists()


def test_a_second_account_and_other_particulars_are_refused() -> None:
    actions.register_citizen(**NEW)
    with pytest.raises(Refusal) as refused:
        actions.register_citizen(**NEW)
    assert refused.value.code == "has_account"
    with pytest.raises(Refusal) as refused:
        actions.register_citizen(**(NEW | {"full_name": "Trần Văn Khác"}))
    assert refused.value.code == "not_the_same_person"


def test_one_address_registers_only_so_many(monkeypatch) -> None:
    monkeypatch.setattr(rules, "ADDRESS_REGISTRATIONS", 1)
    actions.register_citizen(**NEW)
    with pytest.raises(Refusal) as refused:
        actions.register_citizen(**(NEW | {"number": "093085000124"}))
    assert refused.value.status == 429
