from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.orgs import rules
from tinhso.kit.worktime import ClockError

LABEL = st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True)


def test_path_repeats_only_what_the_parent_does_not_say() -> None:
    assert rules.path_of("H30", "", "") == "H30"
    assert rules.path_of("H30.41", "H30", "H30") == "H30.41"
    assert rules.path_of("H30.41.21.01", "H30.41.21", "H30.41.21") == "H30.41.21.01"


def test_a_code_of_another_family_becomes_one_label() -> None:
    assert rules.path_of("G18.02", "H30", "H30") == "H30.G18-02"
    assert rules.path_of("000.00.04.G18", "", "") == "000-00-04-G18"


@given(st.lists(LABEL, min_size=1, max_size=6))
def test_every_unit_lies_below_each_of_its_ancestors(labels: list[str]) -> None:
    path = ".".join(labels)
    found = rules.ancestors(path)
    assert found[0] == path
    assert len(found) == len(labels)
    assert all(path.startswith(above + ".") for above in found[1:])


def test_full_name_lowers_the_kind_of_the_places_above() -> None:
    assert rules.full_name(["Phường I", "Thành phố Vị Thanh", "Tỉnh Hậu Giang"]) == (
        "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"
    )


def test_a_period_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    period = rules.Period(uuid4(), date(2022, 1, 1), date(2025, 7, 1), "H30", "x", None)
    assert period.holds_on(date(2022, 1, 1))
    assert period.holds_on(date(2025, 6, 30))
    assert not period.holds_on(date(2025, 7, 1))
    assert not period.holds_on(date(2021, 12, 31))


@pytest.mark.parametrize(
    "pairs",
    [
        [["07:30"]],
        [["7h30", "11:30"]],
        [["11:30", "07:30"]],
        [["07:30", "11:30"], ["11:00", "17:00"]],
        [None],
    ],
)
def test_hours_that_cannot_be_are_refused(pairs: list) -> None:
    with pytest.raises(ClockError):
        rules.parse_sessions(pairs)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ClockError, match="bảy ngày"):
        rules.parse_weekly([[]] * 6)


def test_calendar_from_rows_knows_holidays_and_make_up_days() -> None:
    week = [[["07:30", "11:30"], ["13:00", "17:00"]]] * 5 + [[], []]
    days = [(date(2026, 9, 2), [], "Quốc khánh"), (date(2026, 8, 22), [["07:30", "11:30"]], "Làm bù")]
    calendar = rules.working_calendar("standard", week, days)
    assert not calendar.is_working(date(2026, 9, 2))
    assert calendar.reason(date(2026, 9, 2)) == "Quốc khánh"
    assert calendar.closing(date(2026, 8, 22)).hour == 11
