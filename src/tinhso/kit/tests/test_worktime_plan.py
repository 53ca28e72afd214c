"""Deadlines of work in several steps: in sequence, in parallel, any or n of m; and their explanation."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.kit.worktime import (
    ClockError,
    Duration,
    Exclusion,
    Node,
    add,
    explain_plan,
    parallel,
    plan,
    plan_lines,
    sequence,
    step,
)

from .worktime_samples import POLICE, VN, any_calendars, at, durations, in_hours, moments

DAYS = Duration.parse


def _birth_set() -> Node:
    """Birth registration, then residence (police) and health insurance at once (Decree 63/2024)."""
    return sequence(
        "set",
        step("birth", DAYS("1 working day"), VN, name="Đăng ký khai sinh"),
        parallel(
            "both",
            step("residence", DAYS("4 working days"), POLICE, name="Đăng ký thường trú"),
            step("insurance", DAYS("2 working days"), VN, name="Cấp thẻ bảo hiểm y tế"),
            name="Hai cơ quan",
        ),
        step("number", name="Cấp số"),
        step("return", DAYS("4 hours"), VN, name="Trả kết quả"),
        name="Liên thông khai sinh",
    )


def test_a_linked_procedure_is_due_when_its_slowest_branch_lets_it():
    planned = plan(_birth_set(), at("2026-10-05 09:00"))
    assert planned.find("birth").end == at("2026-10-06 17:00")
    assert planned.find("insurance").end == at("2026-10-08 17:00")
    assert planned.find("residence").end == at("2026-10-12 17:30")
    assert planned.end == at("2026-10-13 11:30")
    assert [p.node.id for p in planned.critical_path] == ["birth", "residence", "number", "return"]
    assert not planned.find("insurance").critical
    assert planned.find("nothing") is None


def test_the_explanation_names_every_step_and_the_path_that_decides():
    told = explain_plan(plan(_birth_set(), at("2026-10-05 09:00")))
    assert told == [
        "Liên thông khai sinh, lần lượt: từ 09:00 thứ Hai 05/10/2026 đến 11:30 thứ Ba 13/10/2026",
        "Đăng ký khai sinh: từ 09:00 thứ Hai 05/10/2026 đến 17:00 thứ Ba 06/10/2026, tính 1 ngày làm việc",
        (
            "Hai cơ quan, làm đồng thời, chờ đủ 2 nhánh: từ 17:00 thứ Ba 06/10/2026 "
            "đến 17:30 thứ Hai 12/10/2026, quyết định bởi “Đăng ký thường trú”"
        ),
        (
            "Đăng ký thường trú: từ 17:00 thứ Ba 06/10/2026 đến 17:30 thứ Hai 12/10/2026, "
            "tính 4 ngày làm việc, không tính thứ Bảy, Chủ nhật 10–11/10"
        ),
        "Cấp thẻ bảo hiểm y tế: từ 17:00 thứ Ba 06/10/2026 đến 17:00 thứ Năm 08/10/2026, tính 2 ngày làm việc",
        "Cấp số: xong ngay lúc 17:30 thứ Hai 12/10/2026",
        (
            "Trả kết quả: từ 17:30 thứ Hai 12/10/2026 đến 11:30 thứ Ba 13/10/2026, tính 4 giờ làm việc, "
            "sau giờ làm việc nên tính từ 07:30 thứ Ba 13/10/2026"
        ),
        (
            "Tất cả xong lúc 11:30 thứ Ba 13/10/2026; đường quyết định ngày hẹn: "
            "Đăng ký khai sinh → Đăng ký thường trú → Cấp số → Trả kết quả"
        ),
    ]
    english = plan_lines(plan(_birth_set(), at("2026-10-05 09:00")), "en")
    assert english[2].text.startswith("Hai cơ quan, at the same time, all 2 branches: from 17:00, Tuesday")
    assert [line.depth for line in english] == [0, 1, 1, 2, 2, 1, 1, 0]


def test_tet_and_a_pause_are_told_with_their_reasons():
    pause = Exclusion(at("2026-02-12 09:00"), at("2026-02-24 09:00"), "Chờ người dân bổ sung")
    work = step("work", DAYS("6.5 hours"), VN, name="Thẩm định", exclusions=[pause])
    told = explain_plan(plan(work, at("2026-02-11 15:00")))[0]
    assert told.startswith(
        "Thẩm định: từ 15:00 thứ Tư 11/02/2026 đến 13:30 thứ Ba 24/02/2026, tính 6 giờ 30 phút làm việc"
    )
    assert "tạm dừng" in told
    assert "vì chờ người dân bổ sung" in told
    over = step("over", DAYS("3 working days"), VN, name="Ký")
    assert "Tết Nguyên đán không tính (16–20/02)" in explain_plan(plan(over, at("2026-02-12 09:00")))[0]


@pytest.mark.parametrize(("need", "end"), [(1, "06"), (2, "07"), (3, "09")])
def test_as_many_branches_as_are_needed(need, end):
    branches = [step(f"b{n}", DAYS(f"{n} working days"), VN) for n in (4, 1, 2)]
    planned = plan(parallel("ask", *branches, need=need), at("2026-10-05 09:00"))
    assert planned.end == at(f"2026-10-{end} 17:00")
    assert sum(child.critical for child in planned.children) == 1


def test_what_cannot_be_planned_is_refused():
    one = step("one", DAYS("1 working day"), VN)
    for bad in (
        lambda: parallel("p", one, need=2),
        lambda: parallel("p", one, need=0),
        lambda: sequence("s"),
        lambda: step("x", DAYS("1 working day")),
        lambda: plan(one, at("2026-10-05 09:00").replace(tzinfo=None)),
    ):
        with pytest.raises(ClockError):
            bad()


@st.composite
def nodes(draw: st.DrawFn, calendar, depth: int = 3) -> Node:
    kind = draw(st.sampled_from(["step", "sequence", "parallel", "instant"])) if depth else "step"
    name = f"n{draw(st.integers(0, 10**6))}"
    if kind == "instant":
        return step(name)
    if kind == "step":
        return step(name, draw(durations()), draw(st.sampled_from([calendar, VN, POLICE])))
    children = draw(st.lists(nodes(calendar, depth - 1), min_size=1, max_size=3))
    if kind == "sequence":
        return sequence(name, *children)
    return parallel(name, *children, need=draw(st.integers(1, len(children))))


@settings(max_examples=150)
@given(st.data(), any_calendars(), moments)
def test_the_explained_total_is_the_due_date(data, calendar, begin):
    planned = plan(data.draw(nodes(calendar)), begin)
    ledger = planned.ledger
    if ledger:
        assert (ledger[0].start, ledger[-1].end) == (begin, planned.end)
        assert all(before.end == after.start for before, after in pairwise(ledger))
        assert planned.end == max(p.end for p in planned.critical_path)
        last = planned.critical_path[-1]
        assert last.end == planned.end
    else:
        assert planned.end == begin
    for _, part in planned.walk():
        assert part.start <= part.end
        if part.due:
            assert in_hours(part.node.calendar, part.end)
    assert len(explain_plan(planned)) == len(plan_lines(planned, "en")) == sum(1 for _ in planned.walk()) + 1


@settings(max_examples=60)
@given(any_calendars(), moments, st.integers(1, 10), st.integers(1, 10), st.integers(0, 3000))
def test_a_plan_adds_up_and_never_ends_earlier_when_it_starts_later(calendar, begin, one, two, gap):
    def both(a: int, b: int) -> Node:
        return sequence(
            "s",
            step("a", Duration(a, "working_day"), calendar),
            step("b", Duration(b, "working_day"), calendar),
        )

    assert plan(both(one, two), begin).end == add(calendar, begin, Duration(one + two, "working_day")).at
    assert plan(both(one, two), begin + timedelta(minutes=gap)).end >= plan(both(one, two), begin).end
