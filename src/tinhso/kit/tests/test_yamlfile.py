"""Reading officers' YAML: what stays text, what is refused, and that every fault names its line."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.yamlfile import Fault, FaultsError, dotted, load, loads, nearest, validate

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "steps"],
    "properties": {
        "code": {"type": "string", "pattern": "^[0-9]\\.[0-9]{6}$", "description": "mã dạng 1.001193"},
        "kind": {"enum": ["submit", "present"]},
        "amount": {
            "anyOf": [{"type": "integer"}, {"type": "object", "additionalProperties": {"type": "integer"}}]
        },
        "steps": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
        },
    },
}


def test_codes_hours_and_dates_stay_text() -> None:
    data = loads(
        'a: "1.001190"\nb: 15:00\nc: 2026-07-01\nd: 0123\ne: no\nf: yes\ng: 2026-11-23T09:00+07:00'
    ).data
    assert data == {
        "a": "1.001190",
        "b": "15:00",
        "c": "2026-07-01",
        "d": "0123",
        "e": "no",
        "f": "yes",
        "g": "2026-11-23T09:00+07:00",
    }


def test_numbers_booleans_and_null() -> None:
    assert loads("a: 8000\nb: true\nc: null\nd:\ne: 1.5\nf: -3\ng: ~").data == {
        "a": 8000,
        "b": True,
        "c": None,
        "d": None,
        "e": 1.5,
        "f": -3,
        "g": None,
    }


def test_text_is_nfc() -> None:
    assert loads("tên: Nguye\u0302\u0303n").data == {"tên": "Nguyễn"}


def test_lines_of_paths() -> None:
    document = loads("a: 1\nlist:\n  - x: 1\n  - x: 2\n    y: 3\n")
    assert document.line(("list", 1, "y")) == 5
    assert document.line(("list", 0)) == 3
    assert document.line(("list", 1, "missing")) == 4
    assert document.line(("nothing",)) == 1


def test_every_repeated_key_is_refused() -> None:
    with pytest.raises(FaultsError) as caught:
        loads("a: 1\nb: 2\na: 3\nb: 4\n", "x.yml")
    assert [(f.line, f.path) for f in caught.value.faults] == [(3, "a"), (4, "b")]
    assert "x.yml:3: a: Mục “a” viết hai lần (lần đầu ở dòng 1). Hãy bỏ một." in str(caught.value)


@pytest.mark.parametrize(
    "text", ["a: [1, 2", "a: b: c", "\tx: 1", "a: !!python/object:os.system x", "a: \x00"]
)
def test_broken_syntax_is_a_fault(text: str) -> None:
    with pytest.raises(FaultsError) as caught:
        loads(text, "x.yml")
    assert caught.value.faults[0].file == "x.yml"


def test_aliases_cannot_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(FaultsError):
        loads("\n".join(lines))


def test_an_alias_of_itself_is_refused() -> None:
    with pytest.raises(FaultsError):
        loads("a: &a\n  b: *a")


def test_all_faults_at_once_with_lines() -> None:
    document = loads(
        "code: 1.001193\nkidn: submit\nkind: submitt\nsteps:\n  - id: a\n  - name: b\n  - id: 5\n", "p.yml"
    )
    faults = validate(document, SCHEMA)
    assert [(f.line, f.path) for f in faults] == [
        (1, "code"),
        (2, "kidn"),
        (3, "kind"),
        (6, "steps[1]"),
        (7, "steps[2].id"),
    ]
    messages = [f.message for f in faults]
    assert messages[0] == (
        "Ở đây cần chữ, không phải “1.001193”. Nếu đó là mã hoặc chữ, hãy đặt trong dấu nháy."
    )
    assert messages[1] == "Không có mục nào tên “kidn”. Có phải “kind” không?"
    assert "chọn một trong: submit, present. Có phải “submit” không?" in messages[2]
    assert messages[3] == "Thiếu mục “id”."


def test_pattern_says_the_wanted_form() -> None:
    faults = validate(loads("code: '12'\nsteps: [{id: a}]"), SCHEMA)
    assert faults[0].message == "“12” viết không đúng dạng; cần mã dạng 1.001193."


def test_alternatives_report_the_one_that_was_meant() -> None:
    ok = "code: '1.001193'\nsteps: [{id: a}]\n"
    assert "cần số nguyên hoặc nhóm các mục" in validate(loads(ok + "amount: x"), SCHEMA)[0].message
    fault = validate(loads(ok + "amount:\n  online: x"), SCHEMA)[0]
    assert (fault.line, fault.path) == (4, "amount.online")


def test_a_part_keeps_its_place_in_the_file() -> None:
    part = loads("a: 1\nx:\n  - code: '12'\n    steps: []\n", "p.yml").part("x", 0)
    assert [(f.line, f.path) for f in validate(part, SCHEMA)] == [(3, "x[0].code"), (4, "x[0].steps")]


def test_a_right_document_has_no_faults() -> None:
    assert validate(loads("code: '1.001193'\namount: {online: 0}\nsteps: [{id: a}]"), SCHEMA) == []


def test_files(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"a: \xff")
    with pytest.raises(FaultsError, match=r"a\.yml:1: Tệp không phải là chữ UTF-8"):
        load(tmp_path / "a.yml", tmp_path)
    with pytest.raises(FaultsError, match="Không có tệp này"):
        load(tmp_path / "b.yml", tmp_path)
    (tmp_path / "c.yml").write_text("a: Hậu Giang", encoding="utf-8")
    assert load(tmp_path / "c.yml", tmp_path).data == {"a": "Hậu Giang"}


def test_names() -> None:
    assert dotted(("pages", 0, "fields", 2, "type")) == "pages[0].fields[2].type"
    assert nearest("requried", ["required", "hint"]) == " Có phải “required” không?"
    assert nearest("zzz", ["required"]) == ""
    assert str(Fault("f.yml", 3, "", "x")) == "f.yml:3: x"


@given(st.text(max_size=80))
def test_any_text_reads_or_is_a_fault(text: str) -> None:
    with contextlib.suppress(FaultsError):
        loads(text)
