"""Who may do what: every role against every act in every state, the same answer from the buttons and from the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions import perform
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.policy import Ability, abilities
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.onestop.tests.staff_world import Staff
from tinhso.systems.onestop.views.staff.actforms import ORDER

OTHER = "H30.41.26.01"
ROLES = (
    ("one_stop_clerk", ""),
    ("centre_head", ""),
    ("cashier", ""),
    ("civil_status_officer", ""),
    ("document_clerk", ""),
    ("chair", ""),
    ("one_stop_clerk", OTHER),
    ("civil_status_officer", "H30.41.26"),
)
STATES: dict[str, Callable[[Staff], object]] = {
    "new": lambda s: None,
    "accepted": lambda s: s.accepted(),
    "working": lambda s: s.handed_over(),
    "signing": lambda s: s.drafted(),
    "asked": lambda s: s.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "mờ"}]),
    "withdrawal": lambda s: (s.handed_over(), s.do("withdraw", reason="nhầm")),
    "refused": lambda s: s.do("refuse_reception", reason="sai", ground="luật"),
}
#: What each role of the place may do, by hand: the table the generated one is held against.
EXPECTED: dict[tuple[str, str], set[str]] = {
    ("new", "one_stop_clerk"): {
        "accept", "refuse_reception", "ask_supplement", "take", "collect", "withdraw", "note",
    },
    ("new", "centre_head"): {
        "accept", "refuse_reception", "ask_supplement", "take", "assign", "collect", "withdraw", "note",
    },
    ("new", "cashier"): {"collect"},
    ("new", "civil_status_officer"): {"ask_supplement", "note"},
    ("new", "chair"): set(),
    ("accepted", "one_stop_clerk"): {
        "hand_over", "ask_supplement", "take", "release", "collect", "withdraw", "note",
    },
    ("accepted", "chair"): {"extend"},
    ("working", "one_stop_clerk"): {"ask_supplement", "collect", "withdraw", "note"},
    ("working", "civil_status_officer"): {
        "draft", "complete", "propose_refusal", "ask_supplement", "take", "extend", "note",
    },
    ("working", "chair"): {"assign", "extend"},
    ("working", "cashier"): {"collect"},
    ("signing", "chair"): {"sign", "return_for_correction", "take", "assign", "extend"},
    ("signing", "civil_status_officer"): {"ask_supplement", "extend", "note"},
    ("signing", "one_stop_clerk"): {"ask_supplement", "collect", "withdraw", "note"},
    ("asked", "one_stop_clerk"): {"supplement", "withdraw", "note"},
    ("asked", "centre_head"): {"supplement", "withdraw", "note", "stop"},
    ("withdrawal", "one_stop_clerk"): {"approve_withdrawal", "reject_withdrawal", "take", "note"},
    ("refused", "one_stop_clerk"): {"rate"},
    ("refused", "chair"): set(),
}  # fmt: skip


def _offered(staff: Staff, actor: Actor) -> set[str]:
    return {a.act for a in staff_abilities(staff, actor)}


@pytest.fixture(autouse=True)
def _units_in_memory(settings: Any) -> None:
    """As in operation: units are kept for seconds instead of looked up at every question."""
    settings.ORGS_CACHE_SECONDS = 60


def staff_abilities(staff: Staff, actor: Actor) -> list[Ability]:
    file = staff.open()
    return abilities(actor, file.definition, file.state)


def _tried(staff: Staff, actor: Actor, act: str) -> Refusal | None:
    """What doing the act with the least data comes to; nothing of it stays."""
    with transaction.atomic():
        try:
            token = next((a.token for a in staff_abilities(staff, actor) if a.act == act), "")
            data = {"token": token} if token else {}
            perform(staff.case.id, act, data, actor=actor)
        except Refusal as refusal:
            return refusal
        finally:
            transaction.set_rollback(True)
    return None


NEVER = {
    "no_right", "other_role", "wrong_status", "closed", "step_gone", "not_applicant", "system_only",
    "nothing_over", "no_refund", "nothing_owed", "no_payment", "has_step", "no_first", "same_person",
    "not_earlier",
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_buttons_and_acts_give_the_same_answer(province: SmallProvince, state: str) -> None:
    staff = Staff.file(province)
    STATES[state](staff)
    for role, unit in ROLES:
        actor = province.officer(role, unit)
        offered = _offered(staff, actor)
        for kind in ACTS:
            if kind.who == "filing":
                continue
            refusal = _tried(staff, actor, kind.name)
            code = refusal.code if refusal else ""
            if kind.name in offered:
                assert code not in NEVER, (state, role, unit, kind.name, code)
            else:
                assert code in NEVER, (state, role, unit, kind.name, code)
        if unit:
            assert offered == set(), (state, role, offered)


@pytest.mark.parametrize(("state", "role"), EXPECTED)
def test_each_role_may_do_exactly_this(province: SmallProvince, state: str, role: str) -> None:
    staff = Staff.file(province)
    STATES[state](staff)
    assert _offered(staff, province.officer(role)) == EXPECTED[state, role]


@pytest.mark.parametrize("state", ["new", "accepted", "working", "signing", "asked", "withdrawal"])
@pytest.mark.parametrize("role", ["one_stop_clerk", "centre_head", "civil_status_officer", "chair"])
def test_page_shows_a_form_for_every_act_and_no_other(province: SmallProvince, state: str, role: str) -> None:
    staff = Staff.file(province)
    STATES[state](staff)
    browser = signed_in(Client(), province.account(role))
    page = browser.get(f"/mot-cua/ho-so/{staff.case.code}/")
    shown = {form.act for form in page.context["forms"]}
    offered = _offered(staff, province.officer(role)) & set(ORDER)
    pointless = {"take", "collect"} | ({"ask_supplement"} if staff.state.supplements else set())
    assert shown <= offered
    assert offered - shown <= pointless
    for form in page.context["forms"]:
        assert f"/mot-cua/ho-so/{staff.case.code}/{form.act}/" in page.content.decode()


def test_strangers_see_nothing(province: SmallProvince) -> None:
    staff = Staff.file(province)
    with pytest.raises(NotFound):
        staff.open("one_stop_clerk", OTHER)
    for role, unit, status in (
        ("one_stop_clerk", OTHER, 404),
        ("civil_status_officer", "H30.41.26", 404),
        ("environment_officer", "H30.11", 404),
    ):
        browser = signed_in(Client(), province.account(role, unit))
        for address in ("", "du-thao/"):
            assert browser.get(f"/mot-cua/ho-so/{staff.case.code}/{address}").status_code == status
        assert browser.get(f"/mot-cua/in/{staff.case.code}/receipt/").status_code == status
        assert browser.post(f"/mot-cua/ho-so/{staff.case.code}/accept/").status_code == status
    citizen = signed_in(Client(), province.other)
    assert citizen.get(f"/mot-cua/ho-so/{staff.case.code}/").status_code == 403
    assert Client().get("/mot-cua/").status_code == 302


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/mot-cua/", {"one_stop_clerk", "centre_head"}),
        ("/mot-cua/nhan/", {"one_stop_clerk", "centre_head"}),
        ("/mot-cua/so-theo-doi/", {"one_stop_clerk", "centre_head"}),
        (
            "/mot-cua/danh-sach/",
            {"one_stop_clerk", "centre_head", "cashier", "civil_status_officer", "chair"},
        ),
        ("/ky/", {"chair"}),
    ],
)
def test_pages_open_for_their_roles_only(province: SmallProvince, address: str, allowed: set[str]) -> None:
    for role in ("one_stop_clerk", "centre_head", "cashier", "civil_status_officer", "chair"):
        status = signed_in(Client(), province.account(role)).get(address).status_code
        assert (status == 200) == (role in allowed), (address, role, status)
