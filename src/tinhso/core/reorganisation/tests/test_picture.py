"""A plan worked out on paper: where work goes, and every way a plan can be wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.reorganisation.outline import after
from tinhso.core.reorganisation.picture import Before, Picture, Piece, PlaceNow, Undecided, UnitNow
from tinhso.core.reorganisation.plan import parse
from tinhso.kit.yamlfile import FaultsError

PLACES = (
    ("93", "Tỉnh", "province", ""),
    ("930", "Huyện", "district", "93"),
    ("1", "Xã Một", "commune", "930"),
    ("2", "Xã Hai", "commune", "930"),
    ("3", "Xã Ba", "commune", "930"),
)
UNITS = (
    ("H", "UBND tỉnh", "province", "", "", "93"),
    ("H.4", "UBND huyện", "district", "", "H", "930"),
    ("H.4.01", "Một cửa huyện", "centre", "one_stop", "H.4", "930"),
    ("H.4.03", "Phòng Xây dựng", "division", "construction", "H.4", "930"),
    *((f"H.4.2{n}", f"UBND xã {n}", "commune", "", "H.4", f"{n}") for n in (1, 2, 3)),
    *((f"H.4.2{n}.01", f"Một cửa xã {n}", "centre", "one_stop", f"H.4.2{n}", f"{n}") for n in (1, 2, 3)),
)
BEFORE = Before(
    {u[0]: UnitNow(*u) for u in UNITS}, {p[0]: PlaceNow(*p) for p in PLACES}, frozenset(u[0] for u in UNITS)
)
HEAD = "name: x\ndecision: y\non: 2025-07-01\n"
TWO_LEVELS = (
    HEAD
    + """
territories:
  - {code: "1", name: Phường Một, level: commune, parent: "93", from: [{code: "1"}, {code: "2"}, {code: "3", part: true}]}
  - {code: "3", name: Xã Ba, level: commune, parent: "93", from: [{code: "3", part: true}]}
levels:
  - {level: district, done_by: commune}
units:
  - {do: merge, from: [H.4.21, H.4.22], into: {code: H.51, name: UBND Phường Một, kind: commune, under: H, territory: "1"}}
  - {do: change, unit: H.4.23, under: H}
  - {do: dissolve, unit: H.4, level: commune}
"""
)


def picture(text: str) -> Picture:
    return after(parse(text)[0], BEFORE)


def test_two_levels_instead_of_three() -> None:
    made = picture(TWO_LEVELS)
    assert made.faults == []
    assert sorted(made.units) == ["H", "H.4.23", "H.4.23.01", "H.51", "H.51.01"]
    assert made.units["H.51"].continues == ("H.4.21", "H.4.22")
    assert made.units["H.4.23"].under == "H"


@pytest.mark.parametrize(
    ("old", "piece", "new"),
    [
        ("H.4.21", Piece("1"), "H.51"),
        ("H.4.22.01", Piece(), "H.51.01"),
        ("H.4", Piece("2"), "H.51"),
        ("H.4.01", Piece("1"), "H.51.01"),
        ("H.4.03", Piece("2"), "H.51"),
        ("H.4.23", Piece("3"), "H.4.23"),
        ("H.4.03", Piece("3"), Undecided("divided", ("H.51", "H.4.23"))),
        ("H.4.03", Piece(), Undecided("no_place")),
        ("H.4.03", Piece("930"), Undecided("no_place")),
    ],
)
def test_where_a_piece_of_work_goes(old: str, piece: Piece, new: Any) -> None:
    found = picture(TWO_LEVELS).destination(old, piece)
    if isinstance(found, Undecided):
        found = Undecided(found.why, tuple(sorted(found.choices, reverse=True)))
    assert found == new


@given(st.sampled_from([u[0] for u in UNITS]), st.sampled_from([*(p[0] for p in PLACES), "", "404"]))
def test_every_piece_goes_to_a_unit_that_exists_or_to_a_person(old: str, place: str) -> None:
    made = picture(TWO_LEVELS)
    found = made.destination(old, Piece(place))
    assert isinstance(found, Undecided) or found in made.units


def test_a_division_by_rules() -> None:
    made = picture(
        HEAD
        + """
units:
  - {do: create, unit: {code: H.61, name: A, kind: commune, under: H}}
  - {do: create, unit: {code: H.62, name: B, kind: commune, under: H}}
  - do: divide
    unit: H.4.21
    rules: [{unit: H.61, cases: [X-1]}, {unit: H.62, procedures: ["1.001193"]}]
"""
    )
    assert made.faults == []
    assert made.destination("H.4.21", Piece(code="X-1", procedure="1.001193")) == "H.61"
    assert made.destination("H.4.21", Piece(code="X-2", procedure="1.001193")) == "H.62"
    assert made.destination("H.4.21", Piece(code="X-2")) == Undecided("no_rule", ("H.61", "H.62"))


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("units: [{do: close, unit: H.9, to: H}]", "không có đơn vị đang hoạt động mang mã H.9"),
        (
            "units: [{do: close, unit: H.4.21, to: H.4.22}, {do: close, unit: H.4.21, to: H}]",
            "Chỉ nêu một lần",
        ),
        ("units: [{do: close, unit: H.4.21, to: H.9}]", "không có đơn vị này"),
        ("units: [{do: dissolve, unit: H.4, level: commune}]", "còn thuộc H.4 là đơn vị chấm dứt"),
        ("units: [{do: change, unit: H.4, under: H.4.21}]", "thuộc chính nó"),
        (
            "units: [{do: create, unit: {code: H.4, name: Trùng, kind: other, under: H}}]",
            "đã có đơn vị khác dùng",
        ),
        (
            'territories: [{code: "9", name: Chín, level: commune, parent: "93", from: [{code: "8"}]}]',
            "không có địa bàn mã 8",
        ),
        (
            'territories: [{code: "8", name: A, level: commune, from: [{code: "1"}]},{code: "9", name: B, level: commune, from: [{code: "1"}]}]',
            "vừa nhập toàn bộ vừa nhập nơi khác",
        ),
        ("levels: [{level: district, done_by: commune}]", "địa bàn chấm dứt, mà phương án không nói về đâu"),
        (
            'territories: [{code: "92", name: A, level: province}, {code: "92", name: B, level: province}]',
            "nêu hai lần",
        ),
    ],
)
def test_a_wrong_plan_says_what_and_where(plan: str, words: str) -> None:
    faults = picture(f"{HEAD}{plan}\n").faults
    assert any(words in f.message for f in faults), faults
    assert all(f.path for f in faults)


@pytest.mark.parametrize(
    "text", ["", "- a", "name: x", HEAD + "units: [{do: burn}]", HEAD + "units: 3", "a: [", HEAD + "on: nay"]
)
def test_a_file_that_is_no_plan_is_told_line_by_line(text: str) -> None:
    with pytest.raises(FaultsError) as wrong:
        parse(text)
    assert all(f.line >= 1 and f.message for f in wrong.value.faults)
