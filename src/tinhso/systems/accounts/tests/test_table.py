"""What headings and cells mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.systems.accounts.rules.codes import LETTERS, code_of, read_code
from tinhso.systems.accounts.rules.holding import Held, step_of
from tinhso.systems.accounts.rules.table import (
    COLUMNS,
    find_heading,
    judge_doubles,
    meaning,
    missing,
    read_line,
)

TODAY = date(2026, 11, 21)
GOOD = {"full_name": "NGUYỄN THỊ  lan", "number": "093192000123", "unit": "H30", "post": "Văn thư"}


@pytest.mark.parametrize(
    ("heading", "code"),
    [
        ("Họ và tên", "full_name"),
        ("HO VA TEN (*)", "full_name"),
        ("Số CCCD", "number"),
        ("so_dinh_danh", "number"),
        ("Ngày, tháng, năm sinh", "birth"),
        ("Chức vụ", "post"),
        ("E-mail", "email"),
        ("Ghi chú", ""),
    ],
)
def test_headings_with_or_without_marks(heading, code):
    assert meaning(heading) == code


def test_every_label_is_its_own_heading():
    assert [meaning(c.label) for c in COLUMNS] == [c.code for c in COLUMNS]


def test_the_heading_is_found_below_titles():
    rows = [
        ["ỦY BAN NHÂN DÂN"],
        ["DANH SÁCH CÁN BỘ"],
        [],
        ["TT", "Họ tên", "CCCD", "Đơn vị", "Chức vụ"],
        ["1", "A"],
    ]
    found = find_heading(rows)
    assert found is not None
    assert (found.line, found.meant) == (3, ("", "full_name", "number", "unit", "post"))
    assert find_heading([["a", "b"], ["1", "2"]]) is None


def test_what_is_missing_is_named():
    assert missing(["full_name", "number", "unit", "post"]) == []
    assert missing(["family_name", "given_name", "staff_code", "unit", "post"]) == []
    assert missing(["full_name", "unit"]) == [
        "Số định danh cá nhân hoặc Mã cán bộ",
        "Chức danh (hoặc mã vị trí)",
    ]


def test_a_good_line():
    line = read_line(2, GOOD | {"birth": "14/05/1992", "sex": "Nữ", "phone": "0912 345 678"}, TODAY)
    assert line.faults == []
    assert (line.full_name, line.birth, line.sex, line.phone) == (
        "Nguyễn Thị Lan",
        "1992-05-14",
        "F",
        "+84912345678",
    )


def test_zeros_a_spreadsheet_dropped_come_back_with_a_note():
    line = read_line(2, GOOD | {"number": "93192000123"}, TODAY, frozenset({"number"}))
    assert line.number == "093192000123"
    assert "số 0" in line.notes[0]
    assert read_line(2, GOOD | {"number": "93192000123"}, TODAY).faults[0].column == "number"


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"full_name": ""}, "full_name"),
        ({"full_name": "Nguy?n Th? Lan"}, "full_name"),
        ({"full_name": "#REF!"}, "full_name"),
        ({"number": "123"}, "number"),
        ({"number": ""}, "number"),
        ({"birth": "31/02/1990"}, "birth"),
        ({"birth": "01/01/2030"}, "birth"),
        ({"sex": "khác"}, "sex"),
        ({"phone": "12"}, "phone"),
        ({"email": "lan"}, "email"),
        ({"unit": ""}, "unit"),
        ({"post": ""}, "post"),
        ({"valid_from": "07/2026"}, "valid_from"),
        ({"valid_from": "01/07/2026", "valid_to": "01/06/2026"}, "valid_to"),
        ({"post": "x" * 300}, "post"),
    ],
)
def test_each_wrong_cell_is_named(changes, column):
    assert column in [f.column for f in read_line(2, GOOD | changes, TODAY).faults]


def test_one_number_for_two_people_and_a_line_given_twice():
    lines = [
        read_line(n, GOOD | {"full_name": name}, TODAY) for n, name in ((2, "Lan"), (3, "Bình"), (4, "LAN"))
    ]
    judge_doubles(lines)
    assert "dòng 2" in lines[1].faults[0].text
    assert lines[2].faults == []
    assert "dòng 2" in lines[2].notes[0]


HELD = [Held(None, date(2024, 1, 1), None)]


def test_a_post_held_already_stays_as_it_began():
    assert step_of(HELD, date(2025, 1, 1), None, TODAY).do == ""
    assert step_of(HELD, None, date(2026, 12, 1), TODAY).do == "end"
    assert step_of(HELD, None, date(2023, 12, 1), TODAY).fault


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_saying_the_same_twice_asks_for_nothing_the_second_time(first, end):
    step = step_of([], first, end, TODAY)
    if step.do == "add":
        assert step_of([Held(None, step.first, step.end)], first, end, TODAY) == step.__class__()


@given(st.binary(min_size=1), st.uuids(), st.integers(1, 999))
def test_a_code_is_read_however_it_is_typed(secret, key, turn):
    code = code_of(secret, str(key), turn)
    assert len(code) == 24
    assert set(code) <= set(LETTERS) | {"-"}
    assert read_code(f" {code.upper().replace('-', ' ')} ") == code
    assert code_of(secret, str(key), turn + 1) != code
