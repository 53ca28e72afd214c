from __future__ import annotations

from datetime import date, timedelta

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


def _saturdays(code: str = "saturday") -> None:
    actions.create_calendar(
        actor=SYSTEM, code=code, name="Sáng thứ Bảy", weekly=[*WEEK[:5], [["07:30", "11:30"]], []]
    )


def test_a_unit_changes_its_calendar_on_a_day_and_what_is_below_follows(small: Small) -> None:
    _saturdays()
    before = queries.calendar_for(small.desk.path)
    actions.assign_calendar(actor=SYSTEM, unit_id=small.ward.id, code="saturday", first=date(2026, 12, 1))
    kept = queries.calendar_for(small.desk.path)
    assert not kept.is_working(SATURDAY)
    assert kept.is_working(date(2026, 12, 5))
    assert not queries.calendar_for(small.village.path).is_working(date(2026, 12, 5))
    assert queries.calendar_for(small.village.path).code == before.code == "standard"
    assert queries.calendar_for(small.desk.path) is kept
    assert queries.calendar_code_for(small.desk.path, SATURDAY) == "standard"
    assert queries.calendar_code_for(small.desk.path, date(2026, 12, 5)) == "saturday"
    actions.assign_calendar(actor=SYSTEM, unit_id=small.ward.id, code=None, first=date(2027, 1, 1))
    again = queries.calendar_for(small.desk.path)
    assert again.is_working(date(2026, 12, 5))
    assert not again.is_working(date(2027, 1, 2))
    assert {u.id for u in queries.units_keeping("saturday")} == {small.ward.id, small.desk.id}
    actions.assign_calendar(actor=SYSTEM, unit_id=small.ward.id, code=None)
    assert queries.own_calendars(small.ward.path) == ()
    assert queries.calendar_for(small.desk.path).code == "standard"


def test_a_week_changes_from_a_day_on(small: Small) -> None:
    winter = [[["08:00", "12:00"], ["13:30", "17:30"]]] * 5 + [[], []]
    actions.set_weekly(actor=SYSTEM, code="standard", weekly=winter, first=date(2026, 12, 1), source="QĐ 9")
    kept = queries.calendar_for(small.ward.path)
    assert kept.closing(MONDAY).hour == 17
    assert (kept.closing(date(2026, 12, 1)).hour, kept.closing(date(2026, 12, 1)).minute) == (17, 30)
    assert [(w.first, w.source) for w in queries.weeks_of("standard")] == [(date(2026, 12, 1), "QĐ 9")]
    actions.set_weekly(actor=SYSTEM, code="standard", weekly=WEEK, first=date(2026, 12, 1))
    assert queries.calendar_for(small.ward.path).closing(date(2026, 12, 1)).minute == 0


def test_a_calendar_that_closes_for_ever_or_for_weeks_is_refused_and_nothing_is_written(small: Small) -> None:
    shut = [[]] * 7
    for attempt in (
        lambda: actions.create_calendar(actor=SYSTEM, code="never", name="Không", weekly=shut),
        lambda: actions.set_weekly(actor=SYSTEM, code="standard", weekly=shut),
        lambda: actions.set_weekly(actor=SYSTEM, code="standard", weekly=shut, first=MONDAY),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "closed_too_long"
    assert queries.calendar_for(small.ward.path).is_working(MONDAY)
    day = MONDAY
    with pytest.raises(Refusal, match="nghỉ liền"):
        while True:
            actions.set_calendar_day(actor=SYSTEM, code="standard", day=day, sessions=[], reason="Nghỉ")
            day += timedelta(1)
    assert (day - MONDAY).days == 18  # with the weekends at both ends it would have been 22 days
    assert queries.days_of("standard", 2026)[-1].day == day - timedelta(1)


def test_what_would_hold_can_be_asked_without_writing(small: Small) -> None:
    _saturdays()
    trial = {"standard": queries.calendar_by_code("saturday")}
    assert queries.calendar_if(small.ward.path, trial).is_working(SATURDAY)
    given = queries.calendar_if_given(small.desk.path, small.ward.path, "saturday", SATURDAY)
    assert given.is_working(SATURDAY)
    assert not queries.calendar_for(small.desk.path).is_working(SATURDAY)
