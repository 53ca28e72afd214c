"""Second factors: codes work once, clocks differ a little, guessers wait alone, secrets lie sealed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.access import actions, assurance, queries, sealing
from tinhso.core.access.actions import factors
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Passkey, RecoveryCode, SignInSession, Totp
from tinhso.core.access.tests.office import SYSTEM, account, make
from tinhso.core.audit.models import Entry
from tinhso.core.people.models import Account
from tinhso.core.testing.race import race
from tinhso.kit.errors import Forbidden, NotFound, Refusal

HOME, OFFICE = "203.0.113.7", "198.51.100.9"
NOW = datetime(2026, 11, 21, 2, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
db = pytest.mark.django_db


def me(who: Account) -> Actor:
    return Actor(who.person_id, who.id, "An")


@pytest.fixture
def an(db: None) -> Account:
    return account("an.nv", "Nguyễn Văn An", "093085000123")


@pytest.fixture
def bound(an: Account) -> Account:
    actions.add_totp(
        actor=me(an), secret=SECRET, code=at(NOW - timedelta(minutes=5)), now=NOW - timedelta(minutes=5)
    )
    return an


def at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


def prove(who: Account, code: str, *, address: str = HOME, now: datetime = NOW, device: str = "") -> str:
    try:
        return actions.prove_code(account_id=who.id, code=code, address=address, device_id=device, now=now)
    except Refusal as refusal:
        return refusal.code


def test_a_code_of_the_program_works_once(bound: Account) -> None:
    code = at(NOW)
    assert prove(bound, code) == "otp"
    assert prove(bound, code) == "wrong_code"
    assert prove(bound, code, address=OFFICE) == "wrong_code"
    assert prove(bound, at(NOW + timedelta(seconds=30)), now=NOW + timedelta(seconds=30)) == "otp"


def test_an_older_code_is_worth_nothing_after_a_newer_one(bound: Account) -> None:
    assert prove(bound, at(NOW + timedelta(seconds=30))) == "otp"
    assert prove(bound, at(NOW)) == "wrong_code"


@pytest.mark.parametrize(
    ("seconds", "answer"), [(-30, "otp"), (30, "otp"), (-90, "wrong_code"), (90, "wrong_code")]
)
def test_clocks_may_differ_by_one_step(bound: Account, seconds: int, answer: str) -> None:
    assert prove(bound, at(NOW + timedelta(seconds=seconds))) == answer


def test_the_secret_lies_sealed(bound: Account, settings) -> None:
    row = Totp.objects.get(account=bound)
    assert SECRET not in row.secret
    assert sealing.opened(row.secret) == SECRET
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert sealing.opened(row.secret) == SECRET


def test_a_program_is_taken_into_use_only_with_its_code(an: Account) -> None:
    with pytest.raises(Refusal):
        actions.add_totp(actor=me(an), secret=SECRET, code="000000", now=NOW)
    assert not queries.factors_of(an.id).any


def test_recovery_codes_are_shown_once_kept_hashed_and_work_once(bound: Account) -> None:
    codes = actions.make_recovery_codes(actor=me(bound))
    assert len(set(codes)) == 10
    assert not any(c.replace("-", "") in r.digest for c in codes for r in RecoveryCode.objects.all())
    assert prove(bound, codes[0].lower()) == "rec"
    assert prove(bound, codes[0]) == "wrong_code"
    assert queries.factors_of(bound.id).recovery == 9
    fresh = actions.make_recovery_codes(actor=me(bound))
    assert prove(bound, codes[1]) == "wrong_code"
    assert prove(bound, fresh[1]) == "rec"


def test_somebody_elses_recovery_code_opens_nothing(bound: Account) -> None:
    other = account("be.lt", "Lê Thị Bé", "093190000001")
    codes = actions.make_recovery_codes(actor=me(other))
    assert prove(bound, codes[0]) == "wrong_code"
    assert prove(other, codes[0]) == "rec"


def test_wrong_codes_make_only_the_guesser_wait(bound: Account) -> None:
    assert [prove(bound, "000000") for _ in range(6)] == ["wrong_code"] * 5 + ["wait"]
    assert prove(bound, at(NOW)) == "wait"
    assert prove(bound, at(NOW), address=OFFICE) == "otp"


def test_guessing_from_many_places_stops_but_for_known_devices(bound: Account) -> None:
    actions.begin_session(account=bound, amr=["pwd", "otp"], device_id="mine", agent="", address=HOME)
    for n in range(factors.ACCOUNT_TRIES):
        assert prove(bound, "000000", address=f"198.51.100.{n}") == "wrong_code"
    assert prove(bound, at(NOW), address="192.0.2.1") == "wait"
    assert prove(bound, at(NOW), address="192.0.2.2", device="mine") == "otp"


def test_removing_and_resetting(bound: Account) -> None:
    actions.make_recovery_codes(actor=me(bound))
    actions.remove_totp(actor=me(bound))
    assert not queries.factors_of(bound.id).any
    actions.add_totp(actor=me(bound), secret=SECRET, code=at(NOW), now=NOW)
    stay = actions.begin_session(account=bound, amr=["pwd"], device_id="d", agent="", address=HOME)
    with pytest.raises(Forbidden):
        actions.reset_factors(actor=me(bound), account_id=bound.id, reason="mất máy")
    with pytest.raises(Refusal):
        actions.reset_factors(actor=SYSTEM, account_id=bound.id, reason=" ")
    actions.reset_factors(actor=SYSTEM, account_id=bound.id, reason="mất máy")
    found = queries.factors_of(bound.id)
    assert (found.totp, found.passkeys, found.recovery) == (False, 0, 0)
    assert SignInSession.objects.get(id=stay.id).end_reason == "factors"
    assert Entry.objects.get(act="access.reset_factors").data == {"reason": "mất máy"}


def test_keys_are_ones_own_and_few(an: Account, monkeypatch) -> None:
    other = account("be.lt", "Lê Thị Bé", "093190000001")
    key = actions.add_passkey(
        actor=me(an), credential_id=b"1", data=b"x", sign_count=0, name="  điện   thoại "
    )
    assert key.name == "điện thoại"
    with pytest.raises(Refusal) as refused:
        actions.add_passkey(actor=me(other), credential_id=b"1", data=b"x", sign_count=0, name="")
    assert refused.value.code == "known_key"
    for act in (actions.remove_passkey, lambda **who: actions.rename_passkey(name="a", **who)):
        with pytest.raises(NotFound):
            act(actor=me(other), key_id=key.id)
    monkeypatch.setattr("tinhso.core.access.actions.keys.MOST_KEYS", 1)
    with pytest.raises(Refusal) as refused:
        actions.add_passkey(actor=me(an), credential_id=b"2", data=b"x", sign_count=0, name="")
    assert refused.value.code == "too_many_keys"
    actions.remove_passkey(actor=me(an), key_id=key.id)
    assert not Passkey.objects.exists()


def test_a_key_whose_counter_goes_back_is_a_copy(an: Account) -> None:
    key = actions.add_passkey(actor=me(an), credential_id=b"1", data=b"x", sign_count=5, name="")
    actions.note_passkey(key, sign_count=6)
    for count in (6, 3, 0):
        with pytest.raises(Refusal):
            actions.note_passkey(key, sign_count=count)
    silent = actions.add_passkey(actor=me(an), credential_id=b"2", data=b"x", sign_count=0, name="")
    actions.note_passkey(silent, sign_count=0)
    actions.note_passkey(silent, sign_count=0)


@pytest.mark.django_db(transaction=True)
def test_one_code_sent_twice_at_once_opens_once() -> None:
    who = account("an.nv", "Nguyễn Văn An", "093085000123")
    actions.add_totp(
        actor=me(who), secret=SECRET, code=at(NOW - timedelta(minutes=5)), now=NOW - timedelta(minutes=5)
    )
    code = actions.make_recovery_codes(actor=me(who))[0]
    for sent, word in ((code, "rec"), (at(NOW), "otp")):
        found = race(*[lambda sent=sent: prove(who, sent)] * 4)
        assert sorted(found) == [word, *["wrong_code"] * 3] or sorted(found) == sorted(
            [word, *["wrong_code"] * 3]
        )


ALL = ["pwd", "otp", "rec", "hwk", "user", "vneid", "officer"]


@pytest.mark.parametrize(
    ("amr", "level"),
    [([], 0), (["pwd"], 1), (["officer"], 1), (["hwk"], 1), (["otp"], 1), (["pwd", "otp"], 2), (["pwd", "rec"], 2),
     (["hwk", "user"], 2), (["vneid"], 2), (["officer", "otp"], 2), (["officer", "pwd"], 1)],
)  # fmt: skip
def test_how_sure_it_is(amr: list[str], level: int) -> None:
    assert assurance.level(amr) == level


@given(st.lists(st.sampled_from(ALL)), st.sampled_from(ALL))
def test_a_further_proof_never_lowers_the_level(amr: list[str], more: str) -> None:
    assert assurance.level([*amr, more]) >= assurance.level(amr)


@given(st.text(max_size=400))
def test_what_a_browser_says_of_itself_never_breaks_the_page(agent: str) -> None:
    assert len(assurance.device_words(agent)) < 60


def test_devices_in_words() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    assert assurance.device_words(phone) == "Chrome, Android"
    assert assurance.device_words("curl/8") == ""


@pytest.mark.django_db
def test_duties_are_data_with_dates(settings) -> None:
    make()
    settings.SECOND_FACTOR_REQUIRED = True
    today = datetime(2026, 10, 1, tzinfo=UTC).date()
    duty, _ = queries.second_factor_duty(["administrator"], today)
    assert duty is None
    announced, in_force = queries.second_factor_duty(["administrator"], today.replace(month=12))
    assert (announced.role, in_force) == ("administrator", False)
    assert queries.second_factor_duty(["administrator"], today.replace(year=2027))[1]
    assert queries.second_factor_duty(["one_stop_clerk"], today.replace(year=2027)) == (None, False)
    settings.SECOND_FACTOR_REQUIRED = False
    assert queries.second_factor_duty(["administrator"], today.replace(year=2027)) == (None, False)
