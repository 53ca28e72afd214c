"""Tables people bring."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.kit.tables import TableError, read_table, read_text, write_csv

_CELLS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(sheet: str, shared: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {NS}><sheetData>{sheet}</sheetData></worksheet>"
        )
        if shared:
            book.writestr("xl/sharedStrings.xml", f"<sst {NS}>{shared}</sst>")
    return out.getvalue()


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    rows = [["a", "b"], *rows, ["z", "z"]]
    kept = [[f"'{c}" if c[:1] in ("=", "+", "-", "@") else c for c in row] for row in rows]
    assert read_table(write_csv(rows).encode()) == kept


def test_pasted_rows_have_tabs_and_programs_write_semicolons_or_commas() -> None:
    for mark in "\t;,":
        assert read_text(mark.join(["Họ tên", "Số"]) + "\n" + mark.join(["Lê Thu", " 12 "]) + "\n\n") == [
            ["Họ tên", "Số"],
            ["Lê Thu", "12"],
        ]
    assert read_table("Họ;Tên\nLê;Thu".encode("utf-16")) == [["Họ", "Tên"], ["Lê", "Thu"]]


def test_a_workbook_is_read_with_its_gaps() -> None:
    shared = "<si><t>Họ tên</t></si><si><r><t>Lê </t></r><r><t>Thu</t></r></si>"
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Số</t></is></c></row>'
        '<row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3"><v>12.0</v></c></row>'
    )
    assert read_table(workbook(sheet, shared)) == [["Họ tên", "", "Số"], [], ["Lê Thu", "", "12"]]


@pytest.mark.parametrize(
    "data",
    [
        b"PK not a zip",
        workbook("<row><c"),
        workbook('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'),
        workbook('<row r="9999999"><c r="A1"><v>1</v></c></row>'),
        workbook('<row r="1"><c r="ZZZ1"><v>1</v></c></row>'),
        b"\xff\xff\x00",
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(TableError):
        read_table(data)


def test_entities_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>')
    with pytest.raises(TableError):
        read_table(out.getvalue())
