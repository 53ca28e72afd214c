"""The deadlines of the field's test scenarios (one-stop, section 13), through the engine."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tinhso.core.cases.choices import Status
from tinhso.core.cases.rules.reception import CHECK_TIME
from tinhso.core.cases.tests.test_engine import refused
from tinhso.core.cases.tests.world import CITIZEN, CLERK, REGISTRAR, ZONE, World
from tinhso.core.procedures.tests.sample import example
from tinhso.kit import worktime
from tinhso.kit.worktime import scoring_elapsed

ELSEWHERE = {"parents_marriage": "elsewhere", "marriage_place": "31465"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        ("2026-11-25 14:59", "2026-11-25 17:00"),
        ("2026-11-25 15:00", "2026-11-26 17:00"),
        ("2026-11-27 15:01", "2026-11-30 17:00"),  # Friday: Monday
        ("2026-08-21 15:01", "2026-08-22 17:00"),  # Friday before a make-up Saturday: that Saturday
    ],
)
def test_scenario_1_a_same_day_procedure_around_the_cutoff(accepted, due):
    w = World()
    w.now = at(accepted) - timedelta(minutes=20)
    w.file()
    w.now = at(accepted)
    w.do("accept", CLERK)
    assert w.state.clock.due_current == at(due)


def test_scenario_2_sent_at_the_end_of_the_day_it_is_checked_within_eight_working_hours():
    w = World()
    w.now = at("2026-11-25 16:50")
    w.file()
    assert (w.state.clock.due_current, w.state.clock.state) == (None, "not_started")
    latest = worktime.add(w.facts(CLERK).calendar(w.state.reception), w.now, CHECK_TIME).at
    assert latest == at("2026-11-26 16:50")
    assert w.state.at("receive").due_at <= latest
    w.now = at("2026-11-26 09:00")
    w.do("ask_supplement", CLERK, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    assert (w.state.status, w.state.clock.due_current) == (Status.SUPPLEMENT, None)


def test_scenario_3_a_supplement_gives_the_full_time_while_the_scoring_subtracts_the_wait():
    w = World()
    w.now = at("2026-12-07 09:00")
    w.file(answers={**example(), **ELSEWHERE})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    first = w.state.clock.due_original
    assert first == at("2026-12-10 17:00")  # three working days
    w.now = at("2026-12-08 17:00")
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    w.now = at("2026-12-14 09:00")
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    assert (w.state.clock.due_original, w.state.clock.due_current) == (first, at("2026-12-17 17:00"))
    until = at("2026-12-15 09:00")
    calendar = w.facts(CLERK).calendar(w.state.competent)
    # Monday 09:00 to Tuesday 17:00 and Monday 09:00 to Tuesday 09:00: the wait in between is the citizen's
    assert scoring_elapsed(w.state.clock, calendar, until) == (390 + 480) + (390 + 90)


def test_scenario_5_the_apology_a_day_before_once_and_both_dates_kept():
    w = World()
    w.now = at("2026-12-07 09:00")
    w.file(answers={**example(), **ELSEWHERE})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    first = w.state.clock.due_original
    w.now = at("2026-12-10 08:00")  # the due day itself
    with refused("no_extension"):
        w.do("extend", REGISTRAR, until="2026-12-15", reason="Chờ xác minh")
    w.now = at("2026-12-09 16:00")
    w.do("extend", REGISTRAR, until="2026-12-15", reason="Chờ xác minh")
    assert (w.state.clock.due_original, w.state.clock.due_current) == (first, at("2026-12-15 17:00"))
    with refused("no_extension"):
        w.do("extend", REGISTRAR, until="2026-12-18", reason="Lần nữa")
    assert w.state.clock.extension.old_due == first
