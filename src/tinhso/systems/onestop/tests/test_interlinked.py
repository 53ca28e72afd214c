"""Scenario 6 of interlinked work, and 7: a newborn's papers by three agencies, played by the different people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tinhso.core.cases.actions import file_child, perform, settle, wake_due
from tinhso.core.cases.automatic import Call
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs.queries import forget
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.tests.interlinked_world import (
    BIRTH,
    HEALTH_CARD,
    IDENTITY_CARD,
    INTERLINKED,
    POLICE,
    RESIDENCE,
    Play,
)
from tinhso.systems.onestop.tests.staff_world import ZONE

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def interlinked(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((INTERLINKED, BIRTH, RESIDENCE, HEALTH_CARD, IDENTITY_CARD))
        transaction.set_rollback(True)


@pytest.fixture
def newborn(interlinked: SmallProvince, db: None) -> Play:
    """Filed online on a Monday morning, received at once."""
    forget()
    return Play.file(interlinked, INTERLINKED, MONDAY, papers=("birth_proof",)).received()


def test_the_birth_comes_first_and_is_not_received_twice(newborn: Play) -> None:
    assert newborn.steps == ["birth"]
    birth = newborn.child(BIRTH)
    assert birth.state.status == Status.PROCESSING  # what the one-stop checked counts for the sub-case
    assert birth.steps == ["draft"]
    assert birth.state.answers["child_name"] == newborn.state.answers["child_name"]
    assert birth.state.papers[0].files == newborn.state.papers[0].files  # the same paper, handed in once


def test_scenario_6_electronic_the_agencies_work_side_by_side_with_their_own_deadlines(newborn: Play) -> None:
    newborn.granted(BIRTH)
    assert newborn.steps == ["agencies", "residence", "health_card"]
    police, insurance = newborn.child(RESIDENCE), newborn.child(HEALTH_CARD)
    assert police.state.competent.code == POLICE
    assert police.state.answers["person_id"] == "093226000123"  # what the registrar brought, typed once
    before = insurance.state.clock.due_current
    newborn.at = MONDAY + timedelta(days=2, hours=10)  # the police have let their time pass
    wake_due(now=newborn.at)
    assert newborn.child(RESIDENCE).state.escalated
    assert newborn.child(HEALTH_CARD).state.clock.due_current == before
    newborn.granted(HEALTH_CARD)
    assert "residence" in newborn.steps
    newborn.granted(RESIDENCE)
    assert set(newborn.steps) == {"sign", "late"}  # and the lead agency's head is told which part is late


def test_one_agency_refuses_the_others_go_on_and_the_notice_says_so(newborn: Play) -> None:
    newborn.granted(BIRTH)
    newborn.at += timedelta(hours=3)
    refused = newborn.refused(RESIDENCE, "Chủ hộ không đồng ý")
    assert refused.state.result.kind == "refusal"
    assert newborn.steps == ["agencies", "health_card"]
    newborn.granted(HEALTH_CARD)
    newborn.signed("chair")
    state = newborn.state
    assert state.status == Status.DONE
    assert state.replies["residence"]["status"] == "refused"
    assert state.replies["residence"]["reason"] == "Chủ hộ không đồng ý"
    assert state.replies["health_card"]["fields"]["card_number"] == "TE1 9320010201"
    numbers = {state.number, *(r["number"] for r in state.replies.values())}
    assert len(numbers) >= 3


def test_results_of_sub_cases_come_back_without_anybody_handing_them_over(newborn: Play) -> None:
    birth = newborn.granted(BIRTH)
    assert birth.state.status == Status.RETURNED
    assert birth.state.tokens == ()


def test_what_is_brought_twice_changes_nothing(newborn: Play) -> None:
    child = newborn.granted(BIRTH)
    seq = newborn.state.seq
    newborn.brought(child)
    assert newborn.state.seq == seq
    assert len(newborn.state.children) == 3


def test_a_card_and_a_check_are_asked_for_only_where_they_apply(interlinked: SmallProvince, db: None) -> None:
    forget()
    elsewhere = {"live_at": "elsewhere", "live_address": {"detail": "Ấp 3", "territory": "31333"}}
    play = Play.file(
        interlinked, INTERLINKED, MONDAY, papers=("birth_proof",), identity_card=True, **elsewhere
    ).received()
    assert play.state.variant == "card_checked"
    play.granted(BIRTH)
    assert play.steps == ["agencies", "residence_checked", "health_card", "identity_card"]
    police = play.child(RESIDENCE)
    assert police.state.competent.name == "Công an Xã Vị Tân"  # the commune where the child will live
    assert police.steps == ["check"]
    assert play.child(IDENTITY_CARD).state.answers["child_id"] == "093226000123"


def test_scenario_6_on_paper_one_agency_follows_the_other(interlinked: SmallProvince, db: None) -> None:
    forget()
    play = Play.file(interlinked, INTERLINKED, MONDAY, papers=("birth_proof",), channel="counter").received()
    play.granted(BIRTH)
    assert play.steps == ["agencies", "residence_checked"]
    assert {c.procedure for c in play.state.children} == {BIRTH, RESIDENCE}
    play.at += timedelta(hours=2)
    play.granted(RESIDENCE)
    assert play.steps == ["agencies", "health_card"]
    play.granted(HEALTH_CARD)
    assert play.steps == ["sign"]


def test_a_birth_that_cannot_be_registered_goes_back_to_the_registrar(newborn: Play) -> None:
    newborn.refused(BIRTH, "Trẻ đã được đăng ký khai sinh")
    assert newborn.steps == ["conclude"]
    newborn.do(
        "propose_refusal",
        "civil_status_officer",
        reason="Trẻ đã có Giấy khai sinh",
        ground="Luật Hộ tịch Điều 16",
    )
    newborn.signed("chair")
    assert newborn.state.result.kind == "refusal"
    assert {c.procedure for c in newborn.state.children} == {BIRTH}


def test_whoever_withdraws_stops_the_agencies_too(newborn: Play) -> None:
    newborn.granted(BIRTH)
    newborn.do("withdraw", "one_stop_clerk", reason="Nộp nhầm")
    newborn.do("approve_withdrawal", "one_stop_clerk")
    settle(newborn.case_id, now=newborn.at)
    for procedure in (RESIDENCE, HEALTH_CARD):
        assert newborn.child(procedure).state.status == Status.STOPPED
    assert newborn.child(BIRTH).state.status == Status.RETURNED  # what was granted stays


def test_a_sub_case_that_lacks_something_waits_at_its_own_one_stop(newborn: Play) -> None:
    """The police ask for a supplement: their clock stops, the insurance's does not."""
    newborn.granted(BIRTH)
    police = newborn.child(RESIDENCE)
    police.do(
        "ask_supplement", "police_officer", POLICE,
        items=[{"paper": "host_consent", "reason": "Chủ hộ chưa xác nhận trên VNeID"}],
    )  # fmt: skip
    assert police.state.clock.state == "paused"
    assert newborn.child(HEALTH_CARD).state.clock.state == "running"
    assert newborn.state.clock.state == "running"


def test_only_the_agency_itself_does_its_part(newborn: Play) -> None:
    newborn.granted(BIRTH)
    for role, unit in (("chair", ""), ("insurance_officer", "H30.41.15"), ("police_officer", "H30.41.26.02")):
        with pytest.raises(Refusal) as refusal:
            newborn.child(RESIDENCE).do("complete", role, unit, fields={})
        assert refusal.value.code in ("no_right", "other_role"), role


def test_a_second_worker_at_the_same_step_raises_no_alarm(interlinked: SmallProvince, db: None) -> None:
    """Both read the step before either had filed: one sub-case, and nothing that looks as if it had failed."""
    forget()
    play = Play.file(interlinked, INTERLINKED, MONDAY, papers=("birth_proof",))
    for act in ("accept", "hand_over"):
        perform(play.case_id, act, {}, actor=play.officer("one_stop_clerk"), now=MONDAY)
    case = Case.objects.get(id=play.case_id)
    definition = definition_of(case.version_id)
    token = play.token("birth")
    late = Call(case, play.state, definition, definition.step("birth"), token.id, MONDAY)
    settle(play.case_id, now=MONDAY)
    file_child(late)
    assert len(play.state.children) == 1
    assert not play.token("birth").error


def test_the_notice_can_be_read_before_it_is_signed(
    newborn: Play, signed_in: Callable[[Account], Client]
) -> None:
    newborn.granted(BIRTH)
    newborn.granted(RESIDENCE)
    newborn.granted(HEALTH_CARD)
    code = Case.objects.get(id=newborn.case_id).code
    answer = signed_in(newborn.province.account("chair")).get(f"/mot-cua/ho-so/{code}/du-thao/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
