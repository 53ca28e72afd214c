"""Time that does not count, two people for one check, a decision by the passing of time: on real definitions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from tinhso.core.cases.actions import wake_due
from tinhso.core.cases.choices import Status
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.tests.interlinked_world import HERE, WARD, Play
from tinhso.systems.onestop.tests.staff_world import ZONE

LOST, ADVERTISING, REGISTRY = "1.012786", "1.004650", "H30.14"
MONDAY = datetime(2026, 12, 7, 9, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield small_province((LOST, ADVERTISING))
        transaction.set_rollback(True)


@pytest.fixture
def quiet(made: SmallProvince, db: None) -> SmallProvince:
    forget()
    return made


def test_a_lost_certificate_is_checked_by_two_and_its_notice_does_not_count(quiet: SmallProvince) -> None:
    play = Play.file(quiet, LOST, MONDAY, plot_place=HERE)
    for act in ("accept", "hand_over"):
        play.do(act, "one_stop_clerk", "H30.01")
    due = play.state.clock.due_current
    play.do("complete", "land_officer", REGISTRY)
    with pytest.raises(Refusal) as refusal:
        play.do("second", "land_officer", REGISTRY)
    assert refusal.value.code == "same_person"
    play.do("second", "division_head", REGISTRY)
    assert (play.steps, play.state.clock.state) == (["notice"], "paused")
    play.at += timedelta(days=18)
    wake_due(now=play.at)
    assert not play.state.escalated  # the due date of filing has passed, the time did not run
    play.do("answer", "land_officer", WARD, agrees=False, text="Ông Năm đang giữ giấy này theo giấy tay")
    assert play.steps == ["objection"]
    assert play.state.clock.state == "running"
    assert play.state.clock.due_current > due + timedelta(days=15)


def test_advertising_that_nobody_answers_may_go_ahead(quiet: SmallProvince) -> None:
    play = Play.file(quiet, ADVERTISING, MONDAY, papers=("sample",), place=HERE)
    for act in ("accept", "hand_over"):
        play.do(act, "one_stop_clerk", "H30.01")
    play.at = play.state.clock.due_current + timedelta(minutes=1)
    wake_due(now=play.at)
    state = play.state
    assert (state.status, state.result.kind, state.result.document) == (Status.DONE, "deemed", "")
    assert play.steps == ["return"]
