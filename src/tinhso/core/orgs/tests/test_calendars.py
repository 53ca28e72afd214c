from __future__ import annotations

from datetime import date

import pytest

from tinhso.core.orgs import actions, queries
from tinhso.core.orgs.errors import NoCalendar
from tinhso.core.orgs.tests.small import SYSTEM, VISITOR, WEEK, Small, make
from tinhso.kit.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db
SATURDAY = date(2026, 11, 21)
MONDAY = date(2026, 11, 23)


@pytest.fixture
def small() -> Small:
    return make()


def test_the_nearest_calendar_up_the_tree_holds(small: Small) -> None:
    week = [*WEEK[:5], [["07:30", "11:30"]], []]
    actions.create_calendar(actor=SYSTEM, code="saturday", name="Sáng thứ Bảy", weekly=week)
    actions.assign_calendar(actor=SYSTEM, unit_id=small.desk.id, code="saturday")
    assert queries.calendar_for(small.desk.path).is_working(SATURDAY)
    assert not queries.calendar_for(small.ward.path).is_working(SATURDAY)
    assert queries.calendar_for(small.desk.path + ".99").is_working(SATURDAY)
    actions.assign_calendar(actor=SYSTEM, unit_id=small.desk.id, code=None)
    assert not queries.calendar_for(small.desk.path).is_working(SATURDAY)


def test_without_any_calendar_the_answer_says_so(small: Small) -> None:
    actions.assign_calendar(actor=SYSTEM, unit_id=small.province.id, code=None)
    with pytest.raises(NoCalendar):
        queries.calendar_for(small.desk.path)


def test_a_day_off_and_back(small: Small) -> None:
    actions.set_calendar_day(actor=SYSTEM, code="standard", day=MONDAY, sessions=[], reason="Bão số 12")
    calendar = queries.calendar_for(small.desk.path)
    assert not calendar.is_working(MONDAY)
    assert calendar.reason(MONDAY) == "Bão số 12"
    actions.set_calendar_day(
        actor=SYSTEM, code="standard", day=MONDAY, sessions=[["07:30", "11:30"]], reason="Nghỉ buổi chiều"
    )
    assert queries.calendar_for(small.desk.path).closing(MONDAY).hour == 11
    actions.remove_calendar_day(actor=SYSTEM, code="standard", day=MONDAY)
    assert queries.calendar_for(small.desk.path).closing(MONDAY).hour == 17
    with pytest.raises(NotFound):
        actions.remove_calendar_day(actor=SYSTEM, code="standard", day=MONDAY)


def test_public_holidays_of_a_year_are_added_once(small: Small) -> None:
    first = actions.add_public_holidays(actor=SYSTEM, code="standard", year=2026)
    assert first >= 11
    assert actions.add_public_holidays(actor=SYSTEM, code="standard", year=2026) == 0
    calendar = queries.calendar_for(small.ward.path)
    assert not calendar.is_working(date(2026, 9, 2))
    assert not calendar.is_working(date(2026, 2, 17))
    assert all(d.source for d in queries.days_of("standard", 2026))


@pytest.mark.parametrize(
    ("sessions", "reason", "code"),
    [
        ([["17:00", "07:30"]], "x", "bad_hours"),
        ([["07:30", "25:00"]], "x", "bad_hours"),
        ([], "  ", "no_reason"),
    ],
)
def test_what_cannot_be_is_refused(small: Small, sessions: list, reason: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        actions.set_calendar_day(actor=SYSTEM, code="standard", day=MONDAY, sessions=sessions, reason=reason)
    assert refused.value.code == code


def test_other_hours_for_the_whole_calendar(small: Small) -> None:
    short = [[["08:00", "12:00"]]] * 5 + [[], []]
    actions.set_weekly(actor=SYSTEM, code="standard", weekly=short)
    assert queries.calendar_for(small.ward.path).closing(MONDAY).hour == 12
    with pytest.raises(Refusal):
        actions.set_weekly(actor=SYSTEM, code="standard", weekly=short[:6])


def test_only_those_who_may_change_calendars(small: Small) -> None:
    with pytest.raises(Forbidden):
        actions.set_calendar_day(actor=VISITOR, code="standard", day=MONDAY, sessions=[], reason="x")


def test_the_same_calendar_object_is_given_until_it_changes(small: Small) -> None:
    one = queries.calendar_for(small.ward.path)
    assert queries.calendar_for(small.desk.path) is one
    actions.set_calendar_day(actor=SYSTEM, code="standard", day=MONDAY, sessions=[], reason="Bão")
    assert queries.calendar_for(small.ward.path) is not one
