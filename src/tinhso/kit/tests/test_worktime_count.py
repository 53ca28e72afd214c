"""Counting: the worked examples of the one-stop rules, then properties that must hold for every start."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kit.worktime import (
    STANDARD,
    Calendar,
    ClockError,
    DayRule,
    Duration,
    Exclusion,
    Session,
    add,
    between,
    rewalk,
    working_days_between,
)
from tinhso.kit.worktime.holidays import merge, vietnam

from .worktime_samples import POLICE, VN, at, calendars, cutoffs, durations, in_hours, moments

THREE = time(15)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-18 14:59", "2026-11-18 17:00"),  # before 15:00: today
        ("2026-11-18 15:00", "2026-11-19 17:00"),  # from 15:00: the next working day
        ("2026-11-20 15:01", "2026-11-23 17:00"),  # Friday afternoon: Monday
        ("2026-08-21 15:01", "2026-08-22 17:00"),  # Friday before a make-up Saturday
        ("2026-08-28 15:01", "2026-09-03 17:00"),  # 31 August is the day off it pays for, then National Day
        ("2026-11-21 09:00", "2026-11-23 17:00"),  # received on a Saturday
        ("2026-11-18 06:00", "2026-11-18 17:00"),
    ],
)
def test_same_day_with_the_15_00_rule(start: str, due: str) -> None:
    assert add(VN, at(start), Duration.parse("same_day"), cutoff=THREE).at == at(due)


def test_same_day_without_a_cutoff_turns_at_the_closing() -> None:
    same_day = Duration.parse("same_day")
    assert add(VN, at("2026-11-18 16:59"), same_day).at == at("2026-11-18 17:00")
    assert add(VN, at("2026-11-18 17:00"), same_day).at == at("2026-11-19 17:00")


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-11-18 16:50", "2026-11-19 16:50"),  # online at 16:50: supplement notice within 8 working hours
        ("2026-11-18 06:00", "2026-11-18 17:00"),  # before hours: start of the morning
        ("2026-11-18 12:15", "2026-11-19 11:30"),  # lunch: the afternoon
        ("2026-11-18 18:00", "2026-11-19 17:00"),  # after hours: next working day
        ("2026-02-13 09:00", "2026-02-23 09:00"),  # over Lunar New Year
    ],
)
def test_eight_working_hours(start: str, due: str) -> None:
    assert add(VN, at(start), Duration.parse("8 hours")).at == at(due)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-11-16 08:12", "3 working days", "2026-11-19 17:00"),  # the day of acceptance is not counted
        ("2026-11-20 08:12", "3 working days", "2026-11-26 17:00"),  # weekend and 24 November
        ("2026-11-16 16:59", "1 working day", "2026-11-17 17:00"),
        ("2026-11-14 09:00", "1 working day", "2026-11-17 17:00"),  # Saturday counts as received on Monday
        ("2026-01-29 09:00", "30 days", "2026-03-02 17:00"),  # ends on a Saturday: Monday (art. 148)
        ("2026-01-31 09:00", "1 month", "2026-03-02 17:00"),  # 28 February is a Saturday
        ("2026-03-31 09:00", "1 month", "2026-05-04 17:00"),  # 30 April and 1 May, then the weekend
        ("2026-11-16 09:00", "1 day", "2026-11-17 17:00"),
    ],
)
def test_days_and_months(start: str, limit: str, due: str) -> None:
    assert add(VN, at(start), Duration.parse(limit)).at == at(due)


def test_cutoff_moves_working_days_but_not_calendar_days() -> None:
    late = at("2026-11-16 15:00")
    assert add(VN, late, Duration.parse("1 working day"), cutoff=THREE).at == at("2026-11-18 17:00")
    assert add(VN, late, Duration.parse("2 days"), cutoff=THREE).at == at("2026-11-18 17:00")


def test_the_three_limits_of_one_day_differ() -> None:
    start = at("2026-11-20 10:00")
    dues = {add(VN, start, Duration.parse(text)).at for text in ("8 hours", "1 working day", "same_day")}
    assert len(dues) == 3
    assert Duration(8, "working_hour") != Duration(1, "working_day") != Duration(1, "day")


def test_half_day_and_make_up_day_and_changed_hours() -> None:
    assert add(POLICE, at("2026-02-13 10:30"), Duration.parse("2 hours")).at == at("2026-02-23 08:30")
    assert add(POLICE, at("2026-02-27 16:00"), Duration.parse("2 hours")).at == at("2026-02-28 08:30")
    assert add(POLICE, at("2026-03-02 17:00"), Duration.parse("1 hour")).at == at("2026-03-03 08:30")
    assert POLICE.reason(date(2026, 2, 28)) == "Ngày làm bù"
    assert POLICE.sessions(date(2026, 2, 28)) == STANDARD[0]


def test_pause_costs_the_days_whose_closing_it_covers() -> None:
    start = at("2026-11-09 09:00")
    limit = Duration.parse("3 working days")
    within = Exclusion(at("2026-11-10 09:00"), at("2026-11-10 16:00"), "x")
    over = Exclusion(at("2026-11-10 09:00"), at("2026-11-12 10:00"), "x")
    assert add(VN, start, limit, exclusions=[within]).at == at("2026-11-12 17:00")
    due = add(VN, start, limit, exclusions=[over])
    assert due.at == at("2026-11-16 17:00")
    assert [e.amount for e in due.ledger if e.kind == "suspended"] == [2]
    overnight = Exclusion(at("2026-11-10 17:00"), at("2026-11-11 08:00"), "x")
    night = add(VN, start, limit, exclusions=[overnight])
    assert night.at == at("2026-11-12 17:00")
    assert [e.amount for e in night.ledger if e.kind == "suspended"] == [0]
    minutes = add(VN, start, Duration.parse("16 hours"), exclusions=[within])
    assert minutes.at == at("2026-11-11 16:00")


@pytest.mark.parametrize(
    "text", ["", "ba ngày", "3", "0 days", "3 fortnights", "0.5 working days", "0.001 hours"]
)
def test_bad_durations_are_refused(text: str) -> None:
    with pytest.raises(ClockError):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "vi", "code"),
    [
        ("3 working days", "3 ngày làm việc", "3 working days"),
        ("1 working day", "1 ngày làm việc", "1 working day"),
        ("8 hours", "8 giờ làm việc", "8 working hours"),
        ("1,5 giờ", "1,5 giờ làm việc", "1.5 working hours"),
        ("30 days", "30 ngày", "30 days"),
        ("2 months", "2 tháng", "2 months"),
        ("same day", "trong ngày", "same_day"),
    ],
)
def test_durations_read_and_write(text: str, vi: str, code: str) -> None:
    duration = Duration.parse(text)
    assert (str(duration), duration.code()) == (vi, code)
    assert Duration.parse(vi) == Duration.parse(code) == duration


def test_only_hours_have_minutes() -> None:
    assert Duration(Decimal("1.5"), "working_hour").minutes == 90
    with pytest.raises(ClockError):
        _ = Duration(1, "working_day").minutes


def test_bad_calendars_and_moments_are_refused() -> None:
    with pytest.raises(ClockError, match="múi giờ"):
        add(VN, at("2026-01-05 09:00").replace(tzinfo=None), Duration.parse("1 hour"))
    with pytest.raises(ClockError, match="bảy ngày"):
        Calendar("x", STANDARD[:5])
    with pytest.raises(ClockError):
        Session(time(9), time(9))
    with pytest.raises(ClockError, match="chồng"):
        DayRule("open", (Session(time(9), time(11)), Session(time(10), time(12))))
    with pytest.raises(ClockError, match="không có ngày làm việc"):
        add(Calendar("never", ((),) * 7), at("2026-01-05 09:00"), Duration.parse("1 hour"))
    spans = [Exclusion(at("2026-01-07 09:00"), at("2026-01-06 09:00"), "x")]
    with pytest.raises(ClockError, match="chồng"):
        add(VN, at("2026-01-05 09:00"), Duration.parse("1 hour"), exclusions=spans)


def test_holidays_have_one_name_and_data_wins() -> None:
    rules = vietnam([2026])
    assert {rules[date(2026, 2, day)].reason for day in range(16, 21)} == {"Tết Nguyên đán"}
    assert rules[date(2026, 8, 22)].kind == "open"
    assert {day.year for day in rules} == {2026}
    merged = merge(rules, make_up=[date(2026, 11, 28)], closed={date(2026, 11, 23): "Nghỉ hoán đổi"})
    calendar = Calendar("x", days=merged)
    assert calendar.is_working(date(2026, 11, 28))
    assert calendar.reason(date(2026, 11, 23)) == "Nghỉ hoán đổi"
    assert calendar.opening(date(2026, 11, 23)) is None


@given(calendars, moments, durations(), cutoffs)
def test_due_is_never_in_closed_time_and_the_ledger_proves_it(calendar, start, duration, cutoff) -> None:
    due = add(calendar, start, duration, cutoff=cutoff)
    assert in_hours(calendar, due.at)
    assert due.at > start
    assert due.ledger[0].start == due.start
    assert rewalk(due.ledger, duration) == due.at
    for entry in due.ledger:
        if entry.unit == "minute":
            assert between(calendar, entry.start, entry.end) == entry.amount
        elif entry.unit == "working_day":
            assert (
                working_days_between(calendar, entry.start - timedelta(minutes=1), entry.end) >= entry.amount
            )
        elif entry.code in ("weekly_rest", "holiday"):
            assert between(calendar, entry.start, entry.end) == 0


@given(calendars, moments, st.integers(0, 20_000), durations(), cutoffs)
def test_a_later_start_is_never_due_earlier(calendar, start, gap, duration, cutoff) -> None:
    later = start + timedelta(minutes=gap)
    assert (
        add(calendar, start, duration, cutoff=cutoff).at <= add(calendar, later, duration, cutoff=cutoff).at
    )


@given(calendars, moments, durations(), cutoffs)
def test_a_longer_limit_is_never_due_earlier(calendar, start, duration, cutoff) -> None:
    if duration.unit == "same_day":
        return
    longer = Duration(duration.qty + 1, duration.unit)
    assert add(calendar, start, duration, cutoff=cutoff).at <= add(calendar, start, longer, cutoff=cutoff).at


@given(
    calendars,
    moments,
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["working_hour", "working_day"]),
)
def test_hours_and_working_days_add_up(calendar, start, a, b, unit) -> None:
    whole = add(calendar, start, Duration(a + b, unit)).at
    halfway = add(calendar, start, Duration(a, unit)).at
    assert add(calendar, halfway, Duration(b, unit)).at == whole


@given(calendars, moments, st.integers(1, 1600))
def test_between_measures_what_add_added(calendar, start, twentieths) -> None:
    due = add(calendar, start, Duration(Decimal(twentieths) / 20, "working_hour"))
    assert between(calendar, start, due.at) == twentieths * 3


@given(calendars, moments, moments, moments)
def test_between_is_additive(calendar, a, b, c) -> None:
    assert between(calendar, a, b) + between(calendar, b, c) == between(calendar, a, c)
    assert between(calendar, a, b) == -between(calendar, b, a)
    assert working_days_between(calendar, a, b) == -working_days_between(calendar, b, a)


@settings(max_examples=400)
@given(calendars, moments, durations(), st.lists(st.integers(0, 5000), min_size=2, max_size=6), cutoffs)
def test_pauses_never_shorten_and_stay_in_the_ledger(calendar, start, duration, gaps, cutoff) -> None:
    edges = [start]
    for gap in gaps:
        edges.append(edges[-1] + timedelta(minutes=gap))
    pauses = [Exclusion(a, b, "Chờ bổ sung") for a, b in zip(edges[1::2], edges[2::2], strict=False)]
    plain = add(calendar, start, duration, cutoff=cutoff)
    paused = add(calendar, start, duration, cutoff=cutoff, exclusions=pauses)
    assert paused.at >= plain.at
    assert in_hours(calendar, paused.at)
    assert rewalk(paused.ledger, duration) == paused.at
    assert not any(p.start < paused.at < p.end for p in pauses)
