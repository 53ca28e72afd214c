"""How fresh and how sure a sign-in must be, and asking the person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.audit.queries import entries_of
from tinhso.core.testing.office import Office
from tinhso.core.testing.web import signed_in
from tinhso.systems.sso.models import Consent
from tinhso.systems.sso.rules.assurance import SignIn, Step, Wanted, level_of, next_step
from tinhso.systems.sso.tests.relying import Relying, claims_of, connect, parameters

SKEW = timedelta(seconds=60)
NOW = timezone.now()


def older(client: Browser, seconds: int) -> None:
    """As if the sign-in had been so long ago."""
    session = SessionStore(client.cookies["sessionid"].value)
    at = datetime.fromisoformat(session["access_signed_in_at"]) - timedelta(seconds=seconds)
    session["access_signed_in_at"] = at.isoformat()
    session.save()


def prove(client: Browser, amr: tuple[str, ...]) -> None:
    """As `core.access` does after a further proof."""
    session = SessionStore(client.cookies["sessionid"].value)
    session["access_amr"] = [*session["access_amr"], *amr]
    session["access_signed_in_at"] = timezone.now().isoformat()
    session.save()


def follow(client: Browser, answer: Any) -> Any:
    """From the page the person was sent to, back to the program's request."""
    way = client.get(_next(answer["Location"]))
    return client.get(way.context["target"])


def _next(address: str) -> str:
    return parameters(address)["next"]


@pytest.mark.parametrize(
    ("amr", "level"),
    [
        (["pwd"], "1"), (["pwd", "otp"], "2"), (["pwd", "rec"], "2"), (["hwk"], "1"), (["hwk", "user"], "2"),
        (["vneid"], "3"), (["pwd", "vneid"], "3"), (["officer"], "1"), ([], "1"), (["made", "up"], "1"),
    ],
)  # fmt: skip
def test_levels(amr: list[str], level: str) -> None:
    assert level_of(amr) == level


@given(
    st.lists(st.sampled_from(["pwd", "otp", "rec", "hwk", "user", "vneid", "officer"])),
    st.sampled_from(["pwd", "otp", "vneid"]),
)
def test_proving_more_never_lowers_the_level(amr: list[str], more: str) -> None:
    assert level_of([*amr, more]) >= level_of(amr)


@given(
    level=st.sampled_from("123"),
    wished=st.sampled_from(["", "1", "2", "3"]),
    max_age=st.one_of(st.none(), st.integers(0, 10_000)),
    prompt=st.frozensets(st.sampled_from(["login", "consent"])),
    age=st.integers(0, 20_000),
    amr=st.sampled_from([("pwd",), ("pwd", "otp"), ("vneid",)]),
)
def test_nobody_gets_in_with_less_than_the_program_must_have(
    level: str, wished: str, max_age: int | None, prompt: frozenset[str], age: int, amr: tuple[str, ...]
) -> None:
    """And whoever proved again is not asked for the same a second time."""
    has = SignIn(uuid4(), NOW - timedelta(seconds=age), amr)
    for asked_at in (None, NOW - timedelta(seconds=age + 1), NOW):
        step = next_step(has, Wanted(level, wished, max_age, prompt, asked_at), NOW, SKEW)
        if step is Step.GO:
            assert has.acr >= level
        if asked_at and has.at >= asked_at:
            assert step in (Step.GO, Step.REFUSE)
        if "login" in prompt and asked_at is None:
            assert step is not Step.GO


def test_an_old_sign_in_is_renewed_when_the_program_asks(
    office: Office, web: Relying, client: Browser
) -> None:
    signed_in(client, office.citizen)
    older(client, 3600)
    sent = web.ask(max_age="600")
    assert sent["Location"].startswith("/xac-nhan-lai/")
    assert follow(client, sent)["Location"].startswith("/xac-nhan-lai/"), "nothing was proved"
    prove(client, ("pwd",))
    back = follow(client, sent)
    assert back["Location"].startswith(web.redirect)
    assert web.sent_back(max_age="7200").keys() >= {"code"}


def test_prompt_login_asks_once(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    sent = web.ask(prompt="login")
    assert sent["Location"].startswith("/xac-nhan-lai/")
    prove(client, ())
    assert follow(client, sent)["Location"].startswith(web.redirect)
    assert web.ask(prompt="login")["Location"].startswith("/xac-nhan-lai/")


def test_what_was_done_for_one_request_counts_for_no_other(
    office: Office, web: Relying, client: Browser
) -> None:
    signed_in(client, office.citizen)
    sent = web.ask(prompt="login")
    prove(client, ())
    target = client.get(_next(sent["Location"])).context["target"]
    assert client.get(target.replace("nonce=no-1", "nonce=no-2"))["Location"].startswith("/xac-nhan-lai/")


def test_stepping_up_raises_what_the_token_says(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    sent = web.ask(acr_values="2")
    assert sent["Location"].startswith("/xac-nhan-lai/")
    prove(client, ("otp",))
    code = parameters(follow(client, sent)["Location"])["code"]
    said = claims_of(web.redeem(code).json()["id_token"])
    assert (said["acr"], said["amr"]) == ("2", ["pwd", "otp"])


def test_a_wish_is_a_wish_and_a_must_is_a_must(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    sent = web.ask(acr_values="3 2")
    prove(client, ())
    assert "code=" in follow(client, sent)["Location"]
    strict = connect(client, name="Kho bạc", redirect="https://kb.example/cb", trusted=True, min_level="2")
    sent = strict.ask()
    prove(client, ())
    assert "error=unmet_authentication_requirements" in follow(client, sent)["Location"]


def test_silence_is_kept(office: Office, web: Relying, stranger: Relying, client: Browser) -> None:
    assert web.sent_back(prompt="none")["error"] == "login_required"
    signed_in(client, office.citizen)
    assert "code" in web.sent_back(prompt="none")
    assert stranger.sent_back(prompt="none")["error"] == "consent_required"
    assert web.sent_back(prompt="none", max_age="0", acr_values="1").keys() >= {"code"}, "just signed in"
    older(client, 3600)
    assert web.sent_back(prompt="none", max_age="5")["error"] == "login_required"


# Consent ----------------------------------------------------------------------------------------------------------------


def test_a_strange_program_is_let_in_by_the_person_only(
    office: Office, stranger: Relying, client: Browser
) -> None:
    signed_in(client, office.citizen)
    page = stranger.ask(scope="openid email")
    assert "Ứng dụng lạ muốn biết về bạn" in page.text
    assert "thư điện tử" in page.text
    query = page.context["query"]
    no = client.post("/oidc/dong-y/", {"query": query, "answer": "no"})
    assert "error=access_denied" in no.context["target"]
    yes = client.post("/oidc/dong-y/", {"query": query, "answer": "yes"})
    assert "code=" in client.get(yes.context["target"])["Location"]
    assert "code" in stranger.sent_back(scope="openid"), "less is not asked again"
    assert stranger.ask(scope="openid phone").status_code == 200, "more is"
    acts = [entry.act for entry in entries_of("sso.client", str(stranger.client.id))]
    assert {"sso.consent", "sso.authorize"} <= set(acts)


def test_asked_for_consent_again_the_person_is_asked(office: Office, web: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    page = web.ask(prompt="consent")
    assert page.status_code == 200
    yes = client.post("/oidc/dong-y/", {"query": page.context["query"], "answer": "yes"})
    assert "code=" in client.get(yes.context["target"])["Location"]


def test_a_person_sees_and_takes_back_what_was_given(
    office: Office, stranger: Relying, client: Browser
) -> None:
    signed_in(client, office.citizen)
    query = stranger.ask(scope="openid email").context["query"]
    yes = client.post("/oidc/dong-y/", {"query": query, "answer": "yes"})
    code = parameters(client.get(yes.context["target"])["Location"])["code"]
    got = stranger.redeem(code).json()
    page = client.get("/ung-dung-da-ket-noi/")
    assert "Ứng dụng lạ" in page.text
    assert "Đang đăng nhập" in page.text
    client.post(f"/ung-dung-da-ket-noi/{stranger.client.id}/ngat/")
    assert stranger.userinfo(got["access_token"]).status_code == 401
    assert "Ứng dụng lạ" not in client.get("/ung-dung-da-ket-noi/").text.partition("<main")[2]
    assert stranger.ask().status_code == 200, "the person is asked again"
    assert Consent.objects.get().withdrawn_at is not None
    assert client.post(f"/ung-dung-da-ket-noi/{stranger.client.id}/ngat/").status_code == 404


def test_nobody_takes_back_for_another(office: Office, stranger: Relying, client: Browser) -> None:
    signed_in(client, office.citizen)
    query = stranger.ask().context["query"]
    client.post("/oidc/dong-y/", {"query": query, "answer": "yes"})
    signed_in(client, office.clerk)
    assert "Ứng dụng lạ" not in client.get("/ung-dung-da-ket-noi/").text.partition("<main")[2]
    assert client.post(f"/ung-dung-da-ket-noi/{stranger.client.id}/ngat/").status_code == 404
    assert Consent.objects.get().withdrawn_at is None
