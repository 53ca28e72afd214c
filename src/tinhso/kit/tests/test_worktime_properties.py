"""What must hold for any calendar, with its own week, special days and changes by date."""

from __future__ import annotations

from datetime import date, timedelta
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
    add,
    between,
    explain,
    projected,
    recount,
    restart,
    resume,
    rewalk,
    start,
    stop,
    suspend,
)

from .worktime_samples import BASE, VN, any_calendars, at, cutoffs, durations, in_hours, moments

ADDABLE = ("working_hour", "working_day")


@settings(max_examples=200)
@given(any_calendars(), moments, durations(), cutoffs)
def test_never_due_on_a_closed_hour_and_the_ledger_proves_it(calendar, begin, limit, cutoff):
    due = add(calendar, begin, limit, cutoff=cutoff)
    assert in_hours(calendar, due.at)
    assert rewalk(due.ledger, limit) == due.at
    assert due.ledger[0].start == begin
    assert explain(due)[-1].startswith("Hẹn trả")


@settings(max_examples=200)
@given(any_calendars(), moments, st.integers(0, 4000), durations())
def test_a_later_start_is_never_due_earlier(calendar, begin, gap, limit):
    assert add(calendar, begin, limit).at <= add(calendar, begin + timedelta(minutes=gap), limit).at


@settings(max_examples=150)
@given(any_calendars(), moments, durations(), st.integers(1, 5))
def test_a_longer_limit_is_never_due_earlier(calendar, begin, limit, more):
    if limit.unit != "same_day":
        assert (
            add(calendar, begin, limit).at <= add(calendar, begin, Duration(limit.qty + more, limit.unit)).at
        )


@settings(max_examples=200)
@given(any_calendars(), moments, st.sampled_from(ADDABLE), st.integers(1, 40), st.integers(1, 40))
def test_working_time_adds_up(calendar, begin, unit, one, two):
    whole = add(calendar, begin, Duration(one + two, unit)).at
    assert add(calendar, add(calendar, begin, Duration(one, unit)).at, Duration(two, unit)).at == whole


@settings(max_examples=100)
@given(any_calendars(), moments, st.integers(1, 40), st.integers(1, 40))
def test_calendar_days_in_two_parts_are_never_due_earlier(calendar, begin, one, two):
    """The last day moves off a closed date once at the end, so two limits one after the other may only be longer."""
    whole = add(calendar, begin, Duration(one + two, "day")).at
    assert add(calendar, add(calendar, begin, Duration(one, "day")).at, Duration(two, "day")).at >= whole


@settings(max_examples=150)
@given(any_calendars(), moments, st.integers(5, 6000), st.integers(0, 5000), st.integers(1, 8000))
def test_suspended_time_never_counts(calendar, begin, minutes, gap, length):
    pause = Exclusion(begin + timedelta(minutes=gap), begin + timedelta(minutes=gap + length), "Chờ")
    limit = Duration(Decimal(minutes * 3) / 60, "working_hour")
    due = add(calendar, begin, limit, exclusions=[pause])
    worked = between(calendar, begin, due.at)
    if pause.start < due.at:
        worked -= between(calendar, pause.start, min(pause.end, due.at))
    assert worked == due.duration.minutes


@settings(max_examples=150)
@given(any_calendars(), moments, durations(), st.integers(0, 6000), st.integers(0, 6000))
def test_resuming_never_shortens_and_a_pause_of_nothing_changes_nothing(calendar, begin, limit, gap, length):
    clock = start(calendar, begin, limit)
    paused = suspend(clock, begin + timedelta(minutes=gap), "Chờ bổ sung")
    back = resume(paused, calendar, begin + timedelta(minutes=gap + length))
    assert back.due_current >= clock.due_current
    if length == 0:
        assert back.due_current == clock.due_current
    assert restart(paused, calendar, begin + timedelta(minutes=gap + length)).due_current >= clock.due_current


@settings(max_examples=150)
@given(any_calendars(), any_calendars(), moments, durations())
def test_a_changed_calendar_only_ever_moves_a_promise_later(present, changed, begin, limit):
    clock = start(present, begin, limit)
    then = projected(clock, changed)
    if then <= clock.due_current:
        with pytest.raises(ClockError, match="không làm ngày hẹn muộn hơn"):
            recount(clock, changed, begin, "Đổi lịch")
        return
    moved = recount(clock, changed, begin, "Đổi lịch")
    assert moved.due_current == then
    assert moved.due_original == clock.due_original
    assert rewalk(moved.ledger, limit) == then
    assert any("theo lịch làm việc mới (đổi lịch)" in line for line in explain(moved))
    assert any("working calendar" in line for line in explain(moved, "en"))


def test_only_a_running_clock_is_counted_again():
    stopped = stop(start(VN, at("2026-10-05 08:00"), Duration(3, "working_day")), at("2026-10-06 08:00"))
    with pytest.raises(ClockError, match="đã dừng"):
        recount(stopped, VN, at("2026-10-07 08:00"), "x")


def test_a_calendar_followed_by_another_keeps_each_its_days():
    office = Calendar("office")
    police = Calendar("police", (*STANDARD[:5], STANDARD[0][:1], ()))
    both = Calendar("office+", later=((date(2026, 10, 5), police),))
    assert not both.is_working(date(2026, 10, 3))
    assert both.is_working(date(2026, 10, 10))
    assert add(both, at("2026-10-01 09:00"), Duration(2, "working_day")).at == at("2026-10-05 17:00")
    assert add(both, at("2026-10-08 09:00"), Duration(2, "working_day")).at == at("2026-10-10 11:30")
    assert add(office, at("2026-10-08 09:00"), Duration(2, "working_day")).at == at("2026-10-12 17:00")
    with pytest.raises(ClockError, match="tăng dần"):
        Calendar("x", later=((date(2026, 10, 5), police), (date(2026, 10, 5), office)))
    with pytest.raises(ClockError, match="múi giờ"):
        Calendar("x", later=((date(2026, 10, 5), Calendar("utc", tz="UTC")),))


def test_the_longest_closure_is_found_even_beyond_the_days_asked_about():
    tet = {BASE.date() + timedelta(n): DayRule("closed", reason="Tết") for n in range(10, 20)}
    calendar = Calendar("tet", days=tet)
    first, length = calendar.longest_closure(BASE.date(), BASE.date() + timedelta(12))
    assert (first, length) == (date(2026, 1, 10), 11)
    assert Calendar("open", (STANDARD[0],) * 7).longest_closure(BASE.date(), BASE.date()) == (BASE.date(), 0)
    assert Calendar("shut", ((),) * 7).longest_closure(BASE.date(), BASE.date())[1] == 400
