"""Reading, judging, cleaning and showing answers of the form that has every type."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from tinhso.core.forms.answers import (
    act_on_rows,
    clean,
    display,
    display_values,
    judge,
    merge,
    page_errors,
    prefill,
    read_page,
    row_action,
    validate,
    visible_pages,
)
from tinhso.core.forms.definition import Field
from tinhso.core.forms.tests.sample import PLACES, env, good_answers, sample_form
from tinhso.core.forms.texts import Text
from tinhso.core.forms.types import TYPES, MistakeError

FORM = sample_form()


def parse(kind: str, text: str, **options: Any) -> Any:
    field = Field("x", kind, Text("Câu hỏi", "Question"), **options)
    return TYPES[kind].parse(field, TYPES[kind].tidy(text))


def mistake(kind: str, text: str, **options: Any) -> str:
    with pytest.raises(MistakeError) as caught:
        parse(kind, text, **options)
    assert caught.value.text.en, "every message has an English form"
    return caught.value.text.vi


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  Nguye\u0302\u0303n\u200b  Du ", "Nguyễn Du"),
        ("textarea", " a \r\n b\x00 ", "a\nb"),
        ("person_name", "H’ Hen Niê-Kdăm", "H’ Hen Niê-Kdăm"),
        ("identity_number", "0931 9000 0012", "093190000012"),
        ("identity_number", "363636363", "363636363"),
        ("tax_code", "0100109106", "0100109106"),
        ("tax_code", "0100109106-001", "0100109106-001"),
        ("phone", "0912 345.678", "+84912345678"),
        ("phone", "+84 912 345 678", "+84912345678"),
        ("email", "An.Nguyen+x@mail.example.vn", "An.Nguyen+x@mail.example.vn"),
        ("integer", "1.250", 1250),
        ("integer", " -3 ", -3),
        ("number", "72,5", 72.5),
        ("number", "72.5", 72.5),
        ("number", "1.250", 1250),
        ("number", "0.125", 0.125),
        ("number", "1.250.000,75", 1250000.75),
        ("money", "1.250.000 đ", 1250000),
        ("money", "1250000 đồng", 1250000),
        ("money", "1,250,000 VND", 1250000),
        ("date", "1/2/2026", "2026-02-01"),
        ("date", "01-02-2026", "2026-02-01"),
        ("date", "1 . 2 . 2026", "2026-02-01"),
        ("date", "01022026", "2026-02-01"),
        ("date", "2026-02-01", "2026-02-01"),
        ("date", "ngày 1 tháng 2 năm 2026", "2026-02-01"),
        ("date", "29/2/2024", "2024-02-29"),
        ("partial_date", "1965", "1965"),
        ("partial_date", "5/1965", "1965-05"),
        ("partial_date", "tháng 5 năm 1965", "1965-05"),
        ("partial_date", "7/5/1965", "1965-05-07"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
    ],
)
def test_typed_text_is_understood(kind: str, typed: str, value: Any) -> None:
    assert parse(kind, typed) == value
    assert type(parse(kind, typed)) is type(value)


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("text", "x" * 256, "dài nhất 255 ký tự; bạn đã nhập 256"),
        ("person_name", "An 2", "không có “2”"),
        ("person_name", "---", "chỉ gồm chữ cái"),
        ("identity_number", "09319000001", "Số định danh có 12 chữ số; bạn đã nhập 11."),
        ("identity_number", "09319000001x", "chỉ gồm chữ số"),
        ("identity_number", "111111111111", "không thể gồm một chữ số lặp lại"),
        ("tax_code", "0100109107", "sai chữ số kiểm tra"),
        ("tax_code", "123", "đang có 3"),
        ("phone", "12345", "Bạn đã nhập 5 chữ số"),
        ("email", "an@example", "ten@example.vn"),
        ("integer", "hai", "số nguyên"),
        ("integer", "2,5", "số nguyên"),
        ("integer", "9" * 17, "số nguyên"),
        ("number", "1,2,3", "là một số"),
        ("money", "1,5 triệu", "số tiền bằng đồng"),
        ("date", "31/4/2026", "Tháng 4 năm 2026 chỉ có từ ngày 1 đến ngày 30; bạn đã nhập ngày 31."),
        ("date", "29/2/2026", "ngày 28"),
        ("date", "12/27/2026", "Tháng phải từ 1 đến 12; bạn đã nhập 27"),
        ("date", "1/2/26", "đủ 4 chữ số của năm"),
        ("date", "1/2/1026", "Năm 1026 không đúng"),
        ("date", "2026", "ngày/tháng/năm"),
        ("partial_date", "13/1965", "Tháng phải từ 1 đến 12"),
        ("yes_no", "maybe", "Hãy chọn Có hoặc Không"),
        ("choice", "x", "không có trong danh sách"),
    ],
)
def test_mistakes_say_what_to_do(kind: str, typed: str, message: str) -> None:
    assert message in mistake(kind, typed)


def test_good_answers_have_no_errors() -> None:
    assert validate(FORM, good_answers(), env()) == {}
    assert clean(FORM, good_answers(), env()) == good_answers()


def test_an_empty_form_asks_for_what_is_required() -> None:
    errors = validate(FORM, {}, env())
    assert set(errors) == {"full_name", "identity", "birth", "residence", "married", "ways"}
    assert errors["full_name"].vi == "Hãy nhập “Họ tên”."
    assert errors["full_name"].en == "Enter “Full name”."
    assert errors["married"].vi == "Hãy chọn Có hoặc Không cho “Bạn đã kết hôn chưa?”."
    assert errors["ways"].vi == "Hãy chọn ít nhất một mục ở “Cách nhận”."


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (
            {"birth": "2026-11-24", "wedding": None},
            "birth",
            "Ngày sinh không thể ở tương lai. Hãy kiểm tra lại năm.",
        ),
        ({"moving": "2026-11-22"}, "moving", "Ngày chuyển đến không thể ở quá khứ"),
        ({"wedding": "2027"}, "wedding", "Ngày cưới không thể ở tương lai"),
        ({"wedding": "1980"}, "wedding", "Ngày cưới phải sau ngày sinh."),
        ({"area": 0.5}, "area", "“Diện tích” phải từ 1 m² trở lên."),
        ({"floors": 51}, "floors", "“Số tầng” không được quá 50 tầng."),
        ({"price": -1}, "price", "không thể là số âm"),
        ({"ethnicity": "XX"}, "ethnicity", "không có trong danh sách"),
        ({"ways": ["office", "moon"]}, "ways", "không có trong danh sách"),
        ({"place": "99999"}, "place", "không có xã, phường, thị trấn nào mang mã 99999"),
        ({"office": "H99"}, "office", "không có cơ quan nào mang mã H99"),
        ({"residence": {"detail": "Số 5"}}, "residence-territory", "Hãy tìm và chọn “Xã, phường, thị trấn”"),
        (
            {"residence": {"territory": "31318"}},
            "residence-detail",
            "Hãy nhập “Số nhà, đường, ấp hoặc khu vực”.",
        ),
        ({"spouse": None}, "spouse", "Hãy nhập “Vợ hoặc chồng”."),
        (
            {"spouse": {"name": "Lê Văn Mận", "birth": "1988"}},
            "spouse-number",
            "Hãy nhập “Số định danh cá nhân”.",
        ),
        ({"children": [{"name": "An"}]}, "children-0-birth", "Hãy nhập “Ngày sinh”."),
        (
            {"children": [{"name": "An", "birth": "2016-01-01", "sick": True}]},
            "children-0-illness",
            "Hãy nhập “Bệnh gì”.",
        ),
        ({"children": [{"name": "An", "birth": "2016-01-01"}] * 4}, "children", "nhiều nhất 3; hiện có 4"),
        ({"contact": {}}, "contact-name", "Hãy nhập “Họ tên”."),
        ({"married": "yes"}, "married", "kiểu dữ liệu không đúng"),
        ({"floors": True}, "floors", "kiểu dữ liệu không đúng"),
        ({"area": float("nan")}, "area", "kiểu dữ liệu không đúng"),
        ({"residence": "Vị Thanh"}, "residence", "kiểu dữ liệu không đúng"),
        ({"children": {"0": {}}}, "children", "kiểu dữ liệu không đúng"),
        ({"children": ["An"]}, "children", "kiểu dữ liệu không đúng"),
    ],
)
def test_bad_answers(change: dict[str, Any], path: str, message: str) -> None:
    errors = validate(FORM, merge(good_answers(), change), env())
    assert list(errors) == [path]
    assert message in errors[path].vi
    assert errors[path].en


def test_answers_are_brought_to_one_form() -> None:
    loose = {
        **good_answers(),
        "birth": "3/2/1990",
        "identity": "0931 90000012",
        "phone": "0912345678",
        "ways": ["post", "office"],
    }
    assert validate(FORM, loose, env()) == {}
    assert clean(FORM, loose, env()) == good_answers()
    assert judge(FORM, loose, env()) == (good_answers(), {})


def test_hidden_answers_stay_in_the_draft_but_are_not_sent() -> None:
    single = {**good_answers(), "married": False}
    assert [p.id for p in visible_pages(FORM, single, env())] == ["about", "family", "wishes"]
    assert validate(FORM, {**single, "floors": 99, "spouse": {"name": "1"}}, env()) == {}
    sent = clean(FORM, single, env())
    assert not {"spouse", "wedding", "area", "floors", "price", "moving", "contact"} & set(sent)
    assert "children" in sent


def test_answers_of_hidden_questions_do_not_show_others() -> None:
    """`place` is asked because of `ways`; an answer to a question that is not asked must not count."""
    answers = good_answers()
    answers["children"][0] |= {"illness": "Hen"}
    assert "illness" not in clean(FORM, answers, env())["children"][0]


def test_unknown_keys_are_not_sent() -> None:
    assert "hack" not in clean(FORM, {**good_answers(), "hack": 1}, env())


def test_blank_rows_are_dropped() -> None:
    answers = {**good_answers(), "children": [{}, *good_answers()["children"], {"name": None}]}
    assert clean(FORM, answers, env())["children"] == good_answers()["children"]


def post_about(**changes: str) -> QueryDict:
    data = {
        "full_name": "Trần Thị Bưởi",
        "identity": "093190000012",
        "birth": "3/2/1990",
        "phone": "0912345678",
        "email": "",
        "tax": "",
        "ethnicity": "01",
        "residence-detail": "Số 5, ấp 2",
        "residence-territory": "31333",
        "residence-territory-q": "Xã Vị Tân, thành phố Vị Thanh",
    }
    query = QueryDict(mutable=True)
    query.update({**data, **changes})
    return query


ABOUT, FAMILY, WISHES = FORM.page("about"), FORM.page("family"), FORM.page("wishes")


def test_reading_a_page() -> None:
    result = read_page(FORM, ABOUT, post_about(), {}, env())
    assert result.ok
    assert result.raw == {}
    assert result.values == {
        "full_name": "Trần Thị Bưởi",
        "identity": "093190000012",
        "birth": "1990-02-03",
        "phone": "+84912345678",
        "email": None,
        "tax": None,
        "ethnicity": "01",
        "residence": {
            "detail": "Số 5, ấp 2",
            "territory": "31333",
            "territory_name": "Xã Vị Tân, thành phố Vị Thanh",
        },
    }


def test_what_was_typed_is_kept() -> None:
    result = read_page(
        FORM, ABOUT, post_about(birth="31/2/1990", identity="12"), {"birth": "1980-01-01"}, env()
    )
    assert result.raw == {"birth": "31/2/1990", "identity": "12"}
    assert set(result.errors) == {"birth", "identity"}
    assert result.values["birth"] is None
    again = page_errors(FORM, ABOUT, merge({}, result.values), env(), result.raw)
    assert again == result.errors


@pytest.mark.parametrize(
    ("code", "typed", "chosen", "message"),
    [
        ("31318", "", "31318", None),
        ("", "vi tan", "31333", None),
        ("", "phường i", "31318", None),
        ("", "phuong", None, "Có 2 nơi khớp với “phuong”. Hãy chọn một nơi trong danh sách."),
        ("31321", "phuong", "31321", None),
        ("", "Cần Thơ", None, "Không tìm thấy xã, phường, thị trấn nào có tên “Cần Thơ”."),
        ("31318", "Cần Thơ", None, "Không tìm thấy"),
        ("31318", "vi tan", "31333", None),
        ("<script>", "", None, "Hãy tìm và chọn"),
        ("", "", None, "Hãy tìm và chọn"),
    ],
)
def test_picking_a_place(code: str, typed: str, chosen: str | None, message: str | None) -> None:
    post = post_about(**{"residence-territory": code, "residence-territory-q": typed})
    result = read_page(FORM, ABOUT, post, {}, env())
    assert result.values["residence"].get("territory") == chosen
    if message:
        assert message in result.errors["residence-territory"].vi
    else:
        assert result.ok


def test_looking_again_gives_up_the_choice() -> None:
    post = post_about(
        **{"residence-territory": "31318", "residence-territory-q": "phuong", "look": "residence-territory"}
    )
    result = read_page(FORM, ABOUT, post, {}, env())
    assert "territory" not in result.values["residence"]
    assert result.raw == {"residence-territory": "phuong"}
    act = row_action(ABOUT, post)
    assert act
    assert (act.kind, act.path) == ("look", "residence-territory")


def test_questions_brought_up_by_the_answer_are_shown_without_blame() -> None:
    result = read_page(FORM, FAMILY, {"married": "yes"}, {}, env())
    assert not result.ok
    assert result.errors == {}
    assert result.revealed == ("spouse", "wedding")
    second = read_page(FORM, FAMILY, {"married": "yes"}, {"married": True}, env())
    assert second.errors["spouse"].vi == "Hãy nhập “Vợ hoặc chồng”."


def test_hidden_questions_keep_their_draft_answer() -> None:
    answers = {**good_answers(), "married": False}
    values = read_page(FORM, FAMILY, {"married": "yes"}, answers, env()).values
    assert "spouse" not in values
    assert merge(answers, values)["spouse"] == good_answers()["spouse"]


def test_rows_are_read_and_changed() -> None:
    post = {
        "married": "no",
        "children-0-name": "An",
        "children-0-birth": "1/1/2016",
        "children-1-name": "",
        "children-1-birth": "hôm qua",
        "children-1-remove": "1",
    }
    result = read_page(FORM, FAMILY, post, {}, env())
    assert result.values["children"] == [{"name": "An", "birth": "2016-01-01"}, {}]
    assert set(result.errors) == {"children-1-name", "children-1-birth"}
    act = row_action(FAMILY, post)
    answers, raw = act_on_rows(FORM.fields["children"], act, merge({}, result.values), result.raw)
    assert answers["children"] == [{"name": "An", "birth": "2016-01-01"}]
    assert raw == {}


def test_removing_a_row_moves_the_typed_text_of_later_ones() -> None:
    act = row_action(FAMILY, {"children-0-remove": "1"})
    answers = {"children": [{"name": "A"}, {"name": "B"}]}
    after, raw = act_on_rows(
        FORM.fields["children"],
        act,
        answers,
        {"children-1-birth": "x", "children-0-birth": "y", "birth": "z"},
    )
    assert after == {"children": [{"name": "B"}]}
    assert raw == {"children-0-birth": "x", "birth": "z"}


def test_adding_rows_stops_at_the_most() -> None:
    act = row_action(FAMILY, {"children-add": "1"})
    answers: dict[str, Any] = {}
    for _ in range(5):
        answers, _raw = act_on_rows(FORM.fields["children"], act, answers, {})
    assert answers == {"children": [{}, {}, {}]}


@pytest.mark.parametrize(
    "name", ["spouse-add", "nothing-add", "children-0-remove-x", "children-x-remove", "full_name-add"]
)
def test_other_buttons_are_no_row_actions(name: str) -> None:
    assert row_action(FAMILY, {name: "1"}) is None


def test_display_shows_names() -> None:
    sections = display(FORM, good_answers(), "vi", PLACES)
    assert [s.title for s in sections] == ["Về bạn", "Gia đình", "Nhà", "Nguyện vọng"]
    rows = {r.label: r.text for s in sections for r in s.rows}
    assert rows["Dân tộc"] == "Kinh"
    assert rows["Ngày cưới"] == "06/2015"
    assert rows["Nơi cư trú"] == "Số 5, ấp 2, Xã Vị Tân, thành phố Vị Thanh"
    assert rows["Vợ hoặc chồng: Họ, chữ đệm và tên"] == "Lê Văn Mận"
    assert rows["Con 2: Bệnh gì"] == "Hen"
    assert rows["Bạn đã kết hôn chưa?"] == "Có"
    assert rows["Diện tích"] == "72,5 m²"
    assert rows["Giá"] == "1.250.000 đồng"
    assert rows["Cách nhận"] == "Tại cơ quan; Qua bưu điện"
    assert rows["Cơ quan"] == "Sở Tư pháp"
    assert rows["Số điện thoại"] == "0912 345 678"
    english = {r.label: r.text for s in display(FORM, good_answers(), "en", PLACES) for r in s.rows}
    assert english["Ways"] == "At the office; By post"


def test_display_values_are_for_papers() -> None:
    values = display_values(FORM, {k: v for k, v in good_answers().items() if k != "note"}, "vi", PLACES)
    assert values["birth"] == "03/02/1990"
    assert values["spouse"] == {"number": "093088000034", "name": "Lê Văn Mận", "birth": "1988"}
    assert values["children"][0] == {
        "name": "Lê Trần An",
        "birth": "08/07/2016",
        "sick": "Không",
        "illness": "",
    }
    assert values["note"] == ""
    assert display_values(FORM, {}).keys() == FORM.fields.keys()


def test_prefill() -> None:
    assert prefill(FORM, env()) == {
        "full_name": "Trần Thị Bưởi",
        "identity": "093190000012",
        "phone": "+84912345678",
    }
    assert prefill(FORM, env(applicant={"identity": "123"})) == {}
    assert prefill(FORM, env(), {"full_name": "A B"}, seen=["about"]) == {"full_name": "A B"}
