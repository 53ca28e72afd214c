"""A construction permit for which several departments are asked at once: one agrees, one is silent, one is against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tinhso.core.cases.actions import wake_due
from tinhso.core.cases.choices import Status
from tinhso.core.desk.models import Task
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import is_late
from tinhso.systems.onestop.tests.interlinked_world import PERMIT, Play
from tinhso.systems.onestop.tests.staff_world import ZONE

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=ZONE)
TRANSPORT, AGRICULTURE, CULTURE = "H30.17", "H30.18", "H30.19"
PERMIT_FIELDS = {
    "site_findings": "Phù hợp quy hoạch",
    "ground_level": "+0,20 m",
    "red_line": "Cách tim đường 12 m",
    "valid_until": "2027-12-01",
}


@pytest.fixture(scope="module")
def building(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((PERMIT,))
        transaction.set_rollback(True)


@pytest.fixture
def permit(building: SmallProvince, db: None) -> Play:
    """By the river, the road and a monument; appraised, and the three departments asked."""
    forget()
    play = Play.file(
        building, PERMIT, MONDAY, papers=("land_paper", "drawings"), example_="02",
        special_areas=["waterway", "road", "heritage"],
    )  # fmt: skip
    play.received().do("complete", "construction_officer")
    return play


def answer(play: Play, unit: str, *, agrees: bool, text: str) -> None:
    token = play.token("opinion", unit)
    play.do("answer", "department_head", unit, token=token.id, agrees=agrees, text=text)


def test_every_department_concerned_is_asked_at_once_and_no_other(permit: Play) -> None:
    asked = {t.unit.code for t in permit.state.tokens if t.do == "ask_unit"}
    assert asked == {TRANSPORT, AGRICULTURE, CULTURE}
    tasks = Task.objects.filter(subject_id=permit.case_id, kind="case.ask_unit", closed_at=None)
    assert {t.unit.code for t in tasks.select_related("unit")} == asked
    assert set(tasks.values_list("role", flat=True)) == {"department_head"}


def test_one_agrees_one_is_silent_one_is_against_and_the_officer_deals_with_it(permit: Play) -> None:
    permit.at += timedelta(days=2)
    answer(permit, AGRICULTURE, agrees=True, text="Cách mép kênh 10 m là phù hợp")
    answer(permit, CULTURE, agrees=False, text="Chiều cao che khuất di tích")
    assert permit.steps == ["opinion", "opinion"]  # the round still waits for one
    permit.at = permit.token("opinion", TRANSPORT).due_at
    wake_due(now=permit.at)
    opinions = {o.unit.code: o for o in permit.state.opinions}
    assert opinions[TRANSPORT].silent
    assert opinions[TRANSPORT].agrees
    assert "56/QĐ-BXD" in opinions[TRANSPORT].text  # the ground on which silence counts
    assert permit.steps == ["weigh"]
    permit.do("complete", "construction_officer")
    permit.do("complete", "construction_officer", fields=PERMIT_FIELDS)
    permit.signed("chair")
    assert permit.state.status == Status.DONE
    assert permit.state.result.kind == "result"


def test_scenario_7_a_refusal_in_time_is_finished_in_time_and_one_after_it_is_late(permit: Play) -> None:
    permit.at += timedelta(days=1)
    for unit in (AGRICULTURE, CULTURE, TRANSPORT):
        answer(permit, unit, agrees=unit != CULTURE, text="Ý kiến")
    late = permit.at
    permit.do(
        "propose_refusal",
        "construction_officer",
        reason="Sở Văn hóa không đồng ý",
        ground="Luật Xây dựng Điều 91",
    )
    permit.signed("chair")
    state = permit.state
    assert (state.result.kind, state.status) == ("refusal", Status.DONE)
    assert not is_late(state.clock, late + timedelta(days=60))  # stopped when it was finished


def test_scenario_7_a_refusal_after_the_due_date_stays_late(permit: Play) -> None:
    for unit in (AGRICULTURE, CULTURE, TRANSPORT):
        answer(permit, unit, agrees=unit != CULTURE, text="Ý kiến")
    permit.at = permit.state.clock.due_current + timedelta(days=1)
    wake_due(now=permit.at)
    permit.do(
        "propose_refusal",
        "construction_officer",
        reason="Sở Văn hóa không đồng ý",
        ground="Luật Xây dựng Điều 91",
    )
    permit.signed("chair")
    assert permit.state.result.kind == "refusal"
    assert is_late(permit.state.clock, permit.at)


def test_all_agree_and_the_permit_is_drafted_at_once(permit: Play) -> None:
    for unit in (AGRICULTURE, CULTURE, TRANSPORT):
        answer(permit, unit, agrees=True, text="Đồng ý")
    assert permit.steps == ["draft"]


def test_a_department_answers_for_itself_only_and_not_after_it_answered(permit: Play) -> None:
    token = permit.token("opinion", CULTURE)
    with pytest.raises(Refusal) as refusal:
        permit.do("answer", "department_head", TRANSPORT, token=token.id, text="Đồng ý")
    assert refusal.value.code == "no_right"
    answer(permit, CULTURE, agrees=True, text="Đồng ý")
    with pytest.raises(Refusal) as refusal:
        permit.do("answer", "department_head", CULTURE, token=token.id, text="Đổi ý")
    assert refusal.value.code == "step_gone"


def test_an_area_of_nobody_is_no_round(building: SmallProvince, db: None) -> None:
    forget()
    play = Play.file(
        building, PERMIT, MONDAY, papers=("land_paper", "drawings"), example_="02", special_areas=[]
    )
    play.received().do("complete", "construction_officer")
    assert play.state.variant == "house"
    assert play.steps == ["site_check"]
