"""Definitions told in plain words: conditions, fees, hours, the usual way of a case; and the way through a filing."""

from __future__ import annotations

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.forms.definition import Field, FormDefinition, Option, Page
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.model import Definition, FeeRule, PaperRule, Tier, Tiered
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.worktime import STANDARD, Session
from tinhso.systems.onestop.rules import filing, plain
from tinhso.systems.onestop.rules.conditions import OTHERWISE, in_words
from tinhso.systems.onestop.rules.filing import Stop

FORM = FormDefinition(
    Text("Tờ khai"),
    (
        Page(
            "one",
            Text("Một"),
            (
                Field(
                    "proof",
                    "choice",
                    Text("Bạn có giấy tờ nào?", "Which paper?"),
                    options=(
                        Option("notice", Text("Giấy chứng sinh", "Birth notice")),
                        Option("none", Text("Không có", "None")),
                    ),
                ),
                Field("review", "yes_no", Text("Bạn có muốn xem bản nháp không?")),
                Field("copies", "integer", Text("Số bản sao")),
            ),
        ),
    ),
)

BOTH = (
    "“Bạn có muốn xem bản nháp không” là “Có” và "
    "“Bạn có giấy tờ nào” là “Giấy chứng sinh” hoặc “Bạn có giấy tờ nào” là “Không có”"
)


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("", ""),
        ("form.proof == 'notice'", "“Bạn có giấy tờ nào” là “Giấy chứng sinh”"),
        ("form.proof != 'notice'", "“Bạn có giấy tờ nào” không phải là “Giấy chứng sinh”"),
        ("form.review == true", "“Bạn có muốn xem bản nháp không” là “Có”"),
        ("form.review != true", "“Bạn có muốn xem bản nháp không” là “Không”"),
        ("form.proof != 'none' && form.review == true", "“Bạn có muốn xem bản nháp không” là “Có”"),
        (
            "form.proof == 'notice' || form.proof == 'none'",
            "“Bạn có giấy tờ nào” là “Giấy chứng sinh” hoặc “Bạn có giấy tờ nào” là “Không có”",
        ),
        ("(form.proof == 'notice')", "“Bạn có giấy tờ nào” là “Giấy chứng sinh”"),
        ("form.review == true && (form.proof == 'notice' || form.proof == 'none')", BOTH),
        ("form.review != null && form.review == true", "“Bạn có muốn xem bản nháp không” là “Có”"),
        ("form.copies > 2", OTHERWISE.vi),
        ("applicant.kind == 'person'", OTHERWISE.vi),
        ("form.unknown == 'x'", OTHERWISE.vi),
        ("form.proof == 'notice' && size(form.proof) > 1", OTHERWISE.vi),
    ],
)
def test_conditions_in_words(condition: str, told: str) -> None:
    assert in_words(condition, FORM) == told


def test_conditions_in_english() -> None:
    assert in_words("form.proof == 'notice'", FORM, "en") == "“Which paper” is “Birth notice”"


@given(st.text(alphabet="form.()&|='!\" abc", max_size=60))
def test_any_text_is_told_or_said_to_depend(condition: str) -> None:
    assert isinstance(in_words(condition, FORM), str)


def test_every_condition_of_the_catalogue_is_told(province: SmallProvince) -> None:
    from tinhso.core.cases.queries import offered

    definition = offered(province.procedures[0])
    assert definition is not None
    for paper in definition.papers:
        assert in_words(paper.when, definition.form)[:1] in ("“", "")


def rule(**values: object) -> FeeRule:
    return FeeRule("f", Text("Lệ phí"), "le_phi", **{"amount": {}, **values})  # type: ignore[arg-type]


def test_fees_in_short() -> None:
    free, paid = rule(amount={"online": Decimal(0)}), rule(amount={"online": Decimal(8000)})
    counted = rule(tiered=Tiered("form.copies", (Tier(Decimal(8000)),)))
    assert plain.fees_in_short([], "online") == "Không mất tiền"
    assert plain.fees_in_short([free], "online") == "Không mất tiền"
    assert plain.fees_in_short([free, paid], "online") == "8.000\u00a0đồng"
    assert plain.fees_in_short([counted], "online") == "Tùy số lượng bạn cần"
    assert (
        plain.fees_in_short([free, counted], "online") == "Không mất tiền; bản sao hoặc phần thêm tính riêng"
    )


def test_tiers_in_words(province: SmallProvince) -> None:
    from tinhso.core.cases.queries import offered

    birth = offered(province.procedures[0])
    assert isinstance(birth, Definition)
    tiered = Tiered("form.copies", (Tier(Decimal(2000), 2), Tier(Decimal(1000))), cap=Decimal(200000))
    told = plain.tiers_in_words(tiered, birth).replace("\u00a0", " ")
    assert (
        told
        == "đến thứ 2: 2.000 đồng; từ thứ 3: 1.000 đồng × “Số bản sao Giấy khai sinh”; nhiều nhất 200.000 đồng"
    )


def test_usual_way_skips_special_steps(province: SmallProvince) -> None:
    from tinhso.core.cases.queries import offered

    birth = offered(province.procedures[0])
    assert isinstance(birth, Definition)
    assert [s.id for s in plain.usual_path(birth)] == ["receive", "draft", "sign", "return"]


def test_hours_in_words() -> None:
    assert plain.hours_in_words(STANDARD) == ["Thứ Hai đến thứ Sáu: 07:30–11:30, 13:00–17:00"]
    saturday = (*STANDARD[:5], (Session(time(7, 30), time(11, 30)),), ())
    assert plain.hours_in_words(saturday, "en")[1] == "Saturday: 07:30–11:30"
    assert plain.hours_in_words(((),) * 7) == []


def test_copies_in_words() -> None:
    paper = PaperRule("a", Text("A"), "submit", original=1, copy=2)
    assert plain.copies_in_words(paper) == "1 bản chính, 2 bản sao"
    assert plain.copies_in_words(paper, "en") == "1 original, 2 copies"


def test_way_through_a_filing() -> None:
    stops = [
        Stop("a", "", "done"),
        Stop("b", "", "error"),
        Stop("c", "", "todo"),
        Stop("kiem-tra", "", "todo"),
    ]
    assert filing.after(stops, "a").id == "b"
    assert filing.after(stops, "kiem-tra").id == "kiem-tra"
    assert filing.after(stops, "unknown").id == "a"
    assert filing.before(stops, "a") is None
    assert filing.before(stops, "c") == stops[1]
    assert filing.first_open(stops).id == "b"
