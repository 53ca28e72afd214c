"""From form.yml to a definition: what is refused where, and that a stored definition needs no files."""

from __future__ import annotations

import json
import re

import pytest

from tinhso.core.forms.compiling import compile_fields, compile_form
from tinhso.core.forms.definition import FormDefinition
from tinhso.core.forms.lists import CodeLists
from tinhso.core.forms.tests.sample import FILE, lists, sample_form
from tinhso.core.forms.texts import Text
from tinhso.kit.yamlfile import FaultsError, loads


def faults(text: str) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        compile_form(loads(text, "form.yml"), lists())
    return [str(f) for f in caught.value.faults]


def page(*fields: str, before: str = "", after: str = "") -> str:
    lines = [
        "title: {vi: T}",
        "pages:",
        "  - id: p",
        "    title: {vi: P}",
        *filter(None, [before]),
        "    fields:",
    ]
    return "\n".join([*lines, *(f"      - {f}" for f in fields), *filter(None, [after])])


def field(name: str, kind: str = "text", more: str = "") -> str:
    return f"{{id: {name}, type: {kind}, label: {{vi: L}}{more and ', '}{more}}}"


def test_the_sample_has_every_type() -> None:
    from tinhso.core.forms.types import COMPOUND, TYPES

    assert {f.type for f in sample_form().fields.values()} >= (set(TYPES) | COMPOUND) - {"text"}


def test_all_catalog_forms_compile() -> None:
    from django.conf import settings

    from tinhso.core.forms.compiling import load_form

    found = sorted((settings.CATALOG / "procedures").glob("*/*/form.yml"))
    assert found
    for path in found:
        form = load_form(path, CodeLists(settings.CATALOG))
        assert FormDefinition.from_json(form.to_json()) == form


def test_stored_definition_is_the_same() -> None:
    form = sample_form()
    again = FormDefinition.from_json(form.to_json())
    assert again == form
    assert again.hash == form.hash
    assert again.fields["ethnicity"].option("01").label.vi == "Kinh"
    assert FormDefinition.from_json(form.to_json()) is again


def test_stored_definition_ignores_layout_of_the_file() -> None:
    text = FILE.read_text(encoding="utf-8")
    other = compile_form(loads("# a comment\n" + text.replace("required: true", "required:   true")), lists())
    assert other.hash == sample_form().hash


def test_stored_lists_are_written_once() -> None:
    text = page(field("a", "select", "list: ethnic_groups"), field("b", "select", "list: ethnic_groups"))
    stored = json.loads(compile_form(loads(text), lists()).to_json())
    assert len(stored["lists"]["ethnic_groups"]) > 50
    assert "options" not in stored["pages"][0]["fields"][0]


def test_unknown_type_and_missing_label_at_once() -> None:
    found = faults(page("{id: a, type: dat, label: {vi: L}}", "{id: b, type: text}"))
    assert "form.yml:6: pages[0].fields[0].type: “dat” không dùng được" in found[0]
    assert "Có phải “date” không?" in found[0]
    assert found[1] == "form.yml:7: pages[0].fields[1]: Thiếu mục “label”."


def test_duplicate_ids() -> None:
    found = faults(page(field("a"), field("a")))
    assert found == [
        "form.yml:7: pages[0].fields[1].id: Câu hỏi “a” đã có ở dòng 6. Mỗi tên chỉ dùng một lần."
    ]


def test_duplicate_option() -> None:
    options = "options: [{value: x, label: {vi: X}}, {value: x, label: {vi: Y}}]"
    assert "Lựa chọn “x” đã có ở dòng 6" in faults(page(field("a", "choice", options)))[0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            [field("a"), field("b", more="when: form.aa == 'x'")],
            "Không có câu hỏi “aa” (trong “form.aa”). Có phải “a” không?",
        ),
        ([field("a", more="when: form.b == 'x'"), field("b")], "“form.b” là câu hỏi đứng sau"),
        ([field("a", more="when: form.a == 'x'")], "“form.a” là câu hỏi đứng sau"),
        ([field("a"), field("b", more="when: form.a.c == 'x'")], "không có phần “c”; hãy viết “form.a”"),
        (
            [field("a", "address"), field("b", more="when: form.a != null && form.a.teritory == 'x'")],
            "“a” không có phần “teritory”. Có phải “territory” không?",
        ),
        ([field("a", more="when: frm.a == 'x'")], "không biết frm.a"),
        ([field("a", more='when: "form.a =="')], "Biểu thức không đúng"),
        ([field("a", more="prefill: applicant.name")], "Không có “applicant.name”"),
        ([field("a", more="when: row.x == 1")], "“row” chỉ dùng cho câu hỏi trong nhóm"),
        (
            [field("a", "date"), field("b", more="when: form.a > today")],
            "Điều kiện không tính được khi chưa trả lời gì; hãy thêm “!= null &&” ở trước.",
        ),
        (
            [
                field("a", "date"),
                field("b", "date"),
                field("c", more="when: form.a == null || form.a < form.b"),
            ],
            "Điều kiện không tính được khi mới trả lời “a”",
        ),
        ([field("a"), field("b", more="when: form.a")], "Điều kiện không tính được"),
        ([field("a", "select", "list: nothing")], "Không có danh mục “nothing”"),
        ([field("a", "choice")], "cần “options” hoặc “list”"),
        ([field("a", more="past: true")], "Mục “past” không dùng cho kiểu “text”"),
        ([field("a", "date", "min: 3")], "Giới hạn ở đây phải là ngày dạng 2026-07-01"),
        ([field("a", "integer", "min: x")], "Giới hạn ở đây phải là số"),
        ([field("a", "date", "past: true, future: true")], "vừa chỉ ở quá khứ"),
        ([field("a", "group")], "cần có các câu hỏi trong mục “fields”"),
        (
            [field("a", "group", "repeat: {min: 3, max: 2}, fields: [" + field("b") + "]")],
            "lớn hơn số dòng nhiều nhất",
        ),
        (
            [field("a", "group", "fields: [" + field("b", "group", "fields: [" + field("c") + "]") + "]")],
            "Nhóm không đặt trong nhóm khác",
        ),
        ([field("a", "group", "fields: [" + field("b") + ", " + field("b") + "]")], "Câu hỏi “b” đã có"),
    ],
)
def test_faults_name_the_line(fields: list[str], message: str) -> None:
    found = faults(page(*fields))
    assert len(found) == 1
    assert message in found[0]
    place = re.match(r"form\.yml:(\d+): pages\[0\]\.fields\[(\d)\]", found[0])
    assert place
    assert int(place[1]) == 6 + int(place[2])


def test_a_check_must_stand_at_a_field_of_its_page() -> None:
    text = page(
        field("abc"), after="    checks:\n      - {rule: form.abc == 'x', message: {vi: M}, field: abd}"
    )
    assert faults(text) == [
        "form.yml:8: pages[0].checks[0].field: Trang này không có câu hỏi “abd”. Có phải “abc” không?"
    ]


def test_every_fault_is_reported() -> None:
    text = page(
        field("a", more="when: form.x == 1"), field("b", more="when: form.y == 1"), field("c", "date")
    )
    assert len(faults(text)) == 2


def test_fields_of_a_result_read_the_form() -> None:
    text = "code: x\nresult:\n  fields:\n" + "\n".join(
        f"    - {f}"
        for f in (field("book", more="required: true, prefill: form.full_name"), field("page_no", "integer"))
    )
    form = compile_fields(loads(text, "p.yml"), ("result", "fields"), lists(), Text("Kết quả"), sample_form())
    assert list(form.fields) == ["book", "page_no"]
    assert form.root == "result"
    with pytest.raises(
        FaultsError, match=r"p\.yml:4: result\.fields\[0\]\.prefill: Không có câu hỏi “fullname”"
    ):
        compile_fields(
            loads(text.replace("full_name", "fullname"), "p.yml"),
            ("result", "fields"),
            lists(),
            Text("Kết quả"),
            sample_form(),
        )


def test_lists(tmp_path) -> None:
    from django.conf import settings

    (tmp_path / "catalog/references/lists").mkdir(parents=True)
    (tmp_path / "catalog/schema").symlink_to(settings.CATALOG / "schema")
    wrong = "id: b\nname: {vi: L}\nsource: s\nitems:\n  - {value: '1', label: {vi: A}}\n  - {value: '1', label: {vi: B}}\n"
    (tmp_path / "catalog/references/lists/a.yml").write_text(wrong, encoding="utf-8")
    some = CodeLists(tmp_path / "catalog")
    with pytest.raises(FaultsError) as caught:
        some.get("a")
    assert [f.line for f in caught.value.faults] == [1, 6]
    assert "Mã “1” đã có ở dòng 5" in str(caught.value)
    assert some.get("nothing") is None
    assert some.ids() == ["a"]
