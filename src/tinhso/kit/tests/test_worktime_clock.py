"""The clock of a case: pauses, restarts, the one extension, explanations, JSON."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kit.worktime import (
    Calendar,
    Clock,
    ClockError,
    Due,
    Duration,
    Exclusion,
    add,
    between,
    explain,
    extend,
    from_data,
    from_json,
    is_late,
    remaining,
    restart,
    resume,
    rewalk,
    scoring_elapsed,
    start,
    stop,
    suspend,
    to_data,
    to_json,
)
from tinhso.kit.worktime.holidays import merge

from .worktime_samples import VN, at, calendars, durations, in_hours, moments

WEEK = Duration.parse("7 working days")
WAITING = "Chờ bổ sung giấy tờ"


def _running(text: str = "2026-10-05 08:00", limit: Duration = WEEK) -> Clock:
    return start(VN, at(text), limit)


def test_a_clock_that_has_not_started_has_no_due_date() -> None:
    clock = Clock()
    assert (clock.state, clock.due_current, remaining(clock, VN, at("2026-10-05 08:00"))) == (
        "not_started",
        None,
        None,
    )
    assert explain(clock) == ["Thời hạn chưa bắt đầu tính"]
    with pytest.raises(ClockError, match="chưa chạy"):
        suspend(clock, at("2026-10-05 08:00"), WAITING)


def test_supplement_gives_the_full_limit_again_while_scoring_subtracts() -> None:
    clock = _running()
    assert clock.due_original == at("2026-10-14 17:00")
    clock = suspend(clock, at("2026-10-06 17:00"), WAITING, "61/2018/NĐ-CP điều 19.4")
    clock = restart(clock, VN, at("2026-10-10 09:00"))  # a Saturday: counted from Monday
    assert clock.state == "running"
    assert clock.due_current == at("2026-10-21 17:00")
    assert clock.due_original == at("2026-10-14 17:00")
    until = at("2026-10-16 17:00")
    citizen = between(VN, at("2026-10-06 17:00"), at("2026-10-10 09:00"))
    assert scoring_elapsed(clock, VN, until) == between(VN, at("2026-10-05 08:00"), until) - citizen


def test_scoring_forgives_one_round_only() -> None:
    clock = _running()
    for day in ("06", "08"):
        clock = suspend(clock, at(f"2026-10-{day} 08:00"), WAITING)
        clock = resume(clock, VN, at(f"2026-10-{day} 10:00"))
    until = at("2026-10-09 17:00")
    assert scoring_elapsed(clock, VN, until) - scoring_elapsed(clock, VN, until, rounds=None) == 120
    assert scoring_elapsed(Clock(), VN, until) == 0


def test_resume_keeps_what_was_left() -> None:
    clock = suspend(_running(), at("2026-10-06 09:00"), WAITING)
    assert remaining(clock, VN, at("2026-10-20 09:00")) == remaining(clock, VN, at("2026-10-06 09:00"))
    assert not is_late(clock, at("2026-12-01 09:00"))
    clock = resume(clock, VN, at("2026-10-08 10:00"))
    assert clock.due_current == at("2026-10-16 17:00")
    assert rewalk(clock.ledger, WEEK) == clock.due_current


def test_extension_once_one_day_before_and_both_dates_kept() -> None:
    clock = _running()
    due = clock.due_original
    with pytest.raises(ClockError, match="ít nhất 1 ngày"):
        extend(clock, VN, date(2026, 10, 20), "Cần xác minh", at=at("2026-10-14 08:00"))
    extended = extend(clock, VN, date(2026, 10, 20), "Cần xác minh", at=at("2026-10-13 16:00"))
    assert (extended.due_original, extended.due_current) == (due, at("2026-10-20 17:00"))
    assert extended.extension is not None
    assert extended.extension.old_due == due
    with pytest.raises(ClockError, match="một lần"):
        extend(extended, VN, date(2026, 10, 30), "Lần nữa", at=at("2026-10-15 08:00"))
    assert is_late(extended, at("2026-10-16 09:00"), original=True)
    assert not is_late(extended, at("2026-10-16 09:00"))


@pytest.mark.parametrize(
    ("to", "message"),
    [
        (date(2026, 10, 14), "phải sau ngày hẹn cũ"),
        (date(2026, 10, 18), "là ngày nghỉ"),
        (Duration.parse("same_day"), "trong ngày"),
    ],
)
def test_extension_refusals(to: date | Duration, message: str) -> None:
    with pytest.raises(ClockError, match=message):
        extend(_running(), VN, to, "Cần xác minh")


def test_extension_by_a_limit_and_by_a_moment() -> None:
    assert extend(_running(), VN, Duration.parse("2 working days"), "x").due_current == at("2026-10-16 17:00")
    hours = _running(limit=Duration.parse("8 hours"))
    assert extend(hours, VN, at("2026-10-06 10:00"), "x").due_current == at("2026-10-06 10:00")
    with pytest.raises(ClockError, match="ngoài giờ"):
        extend(hours, VN, at("2026-10-06 12:00"), "x")


def test_a_pause_after_the_extension_moves_the_new_appointment() -> None:
    clock = extend(_running(), VN, date(2026, 10, 20), "x", at=at("2026-10-12 08:00"))
    clock = suspend(clock, at("2026-10-15 09:00"), WAITING)
    clock = resume(clock, VN, at("2026-10-16 09:00"))
    assert clock.due_current == at("2026-10-21 17:00")
    assert clock.ledger[-1].end == clock.due_current


def test_a_restart_never_brings_an_earlier_appointment() -> None:
    month = Duration.parse("1 month")
    clock = suspend(_running("2026-01-01 09:00", month), at("2026-01-02 09:00"), WAITING)
    clock = resume(clock, VN, at("2026-01-30 09:00"))
    promised = clock.due_current
    clock = restart(clock, VN, at("2026-01-31 09:00"))  # February is shorter than January
    assert clock.due_current == promised == at("2026-03-02 17:00")
    kept = restart(_running("2026-10-05 08:00"), VN, at("2026-10-05 09:00"))
    assert kept.due_current == kept.due_original


def test_a_new_holiday_table_never_brings_an_earlier_appointment() -> None:
    more = Calendar("VN+", days=merge(VN.days, make_up=[date(2026, 10, 10)]))
    clock = suspend(_running(), at("2026-10-06 09:00"), WAITING)
    clock = resume(clock, more, at("2026-10-06 10:00"))
    assert clock.due_current == clock.due_original
    assert clock.ledger[-1].code == "kept"
    assert "Giữ ngày đã hẹn 17:00 thứ Tư 14/10/2026" in explain(clock)


def test_wrong_orders_are_refused() -> None:
    clock = _running()
    with pytest.raises(ClockError, match="sớm hơn"):
        suspend(clock, at("2026-10-01 08:00"), WAITING)
    with pytest.raises(ClockError, match="đang chạy"):
        resume(clock, VN, at("2026-10-06 08:00"))
    ended = stop(suspend(clock, at("2026-10-06 08:00"), WAITING), at("2026-10-07 08:00"), "Rút hồ sơ")
    assert ended.state == "stopped"
    assert ended.suspensions[0].to == at("2026-10-07 08:00")
    for act in (
        lambda: suspend(ended, at("2026-10-08 08:00"), "x"),
        lambda: stop(ended, at("2026-10-08 08:00")),
    ):
        with pytest.raises(ClockError, match="đã dừng"):
            act()


def test_a_stopped_clock_is_judged_when_it_stopped() -> None:
    clock = stop(_running(), at("2026-10-14 16:00"))
    assert not is_late(clock, at("2027-01-01 08:00"))
    assert remaining(clock, VN, at("2027-01-01 08:00")) == 60
    assert is_late(stop(_running(), at("2026-10-15 08:00")), at("2027-01-01 08:00"))


def test_explanation_in_vietnamese() -> None:
    due = add(VN, at("2026-02-12 15:20"), Duration.parse("3 working days"), cutoff=time(15))
    assert explain(due) == [
        (
            "Nhận lúc 15:20 thứ Năm 12/02/2026, từ 15:00 trở đi tính từ ngày làm việc tiếp theo: "
            "tính từ 07:30 thứ Sáu 13/02/2026"
        ),
        "Ngày tiếp nhận không tính",
        "Không tính thứ Bảy, Chủ nhật 14–15/02",
        "Tết Nguyên đán không tính (16–20/02)",
        "Không tính thứ Bảy, Chủ nhật 21–22/02",
        "Hẹn trả: 17:00 thứ Tư 25/02/2026 (3 ngày làm việc)",
    ]


def test_explanation_of_a_clock_tells_pause_restart_and_both_dates() -> None:
    clock = suspend(_running(), at("2026-10-06 09:00"), WAITING)
    assert any(line.startswith("Đang tạm dừng từ 09:00 thứ Ba 06/10/2026 vì chờ") for line in explain(clock))
    told = explain(restart(clock, VN, at("2026-10-09 09:00")))
    assert told[0] == "Lần đầu tính từ 08:00 thứ Hai 05/10/2026"
    assert told[1].startswith("Tạm dừng 3 ngày làm việc vì chờ bổ sung giấy tờ (từ 09:00")
    assert "Tính lại đủ thời hạn từ 09:00 thứ Sáu 09/10/2026: hồ sơ đã được bổ sung đầy đủ" in told
    assert told[-2:] == [
        "Ngày hẹn ban đầu: 17:00 thứ Tư 14/10/2026",
        "Hẹn trả: 17:00 thứ Ba 20/10/2026 (7 ngày làm việc)",
    ]


def test_explanation_in_english() -> None:
    told = explain(add(VN, at("2026-10-10 09:00"), Duration.parse("8 hours")), "en")
    assert told == [
        "Received at 09:00, Saturday 10/10/2026, a day off: counted from 07:30, Monday 12/10/2026",
        "Due: 17:00, Monday 12/10/2026 (8 working hours)",
    ]


steps = st.lists(
    st.tuples(st.sampled_from(["suspend", "resume", "restart", "extend"]), st.integers(1, 8000)), max_size=8
)


@settings(max_examples=300)
@given(calendars, moments, durations(), steps)
def test_any_life_keeps_the_promises(calendar, begin, duration, life) -> None:
    clock = start(calendar, begin, duration)
    original, now = clock.due_original, begin
    for step, gap in life:
        now += timedelta(minutes=gap)
        before = clock.due_current
        try:
            clock = {
                "suspend": lambda: suspend(clock, now, WAITING),  # noqa: B023 - called at once
                "resume": lambda: resume(clock, calendar, now),  # noqa: B023
                "restart": lambda: restart(clock, calendar, now),  # noqa: B023
                "extend": lambda: extend(clock, calendar, Duration(2, "working_day"), "x", at=now),  # noqa: B023
            }[step]()
        except ClockError:
            continue
        assert before <= clock.due_current
        assert in_hours(calendar, clock.due_current)
        assert rewalk(clock.ledger, duration) == clock.due_current
        assert clock.ledger[0].start == begin
        assert clock.due_original == original
        assert from_json(Clock, to_json(clock)) == clock
        assert from_data(Clock, to_data(clock)) == clock
        assert explain(clock)
        assert explain(clock, "en")


@given(calendars, moments, durations())
def test_due_survives_json(calendar, begin, duration) -> None:
    due = add(
        calendar, begin, duration, cutoff=time(15), exclusions=[Exclusion(begin, begin + timedelta(1), "x")]
    )
    assert from_json(Due, to_json(due)) == due
