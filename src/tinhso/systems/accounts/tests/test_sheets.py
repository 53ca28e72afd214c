"""Files in every state people have them in."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.systems.accounts import sheets
from tinhso.systems.accounts.rules.letters import from_tcvn3, looks_like_tcvn3, lost_marks
from tinhso.systems.accounts.tests.conftest import workbook

NAMES = "Họ và tên;Đơn vị\r\nNguyễn Thị Ngọc Ánh;Ủy ban nhân dân Phường I\r\nTrần Đức Hưởng;Sở Tư pháp\r\n"


def code_of(refused) -> str:
    return refused.value.code


@pytest.mark.parametrize(
    "data",
    [
        NAMES.encode(),
        b"\xef\xbb\xbf" + NAMES.encode(),
        NAMES.encode("utf-16"),
        NAMES.replace(";", ",").encode(),
        NAMES.replace(";", "\t").encode(),
    ],
    ids=["utf-8", "with BOM", "utf-16", "commas", "tabs"],
)
def test_csv_in_unicode(data):
    (sheet,) = sheets.read(data)
    assert sheet.rows[1][0] == "Nguyễn Thị Ngọc Ánh"
    assert sheet.rows[2] == ["Trần Đức Hưởng", "Sở Tư pháp"]


def test_csv_of_windows_1258_is_put_together_again():
    decomposed = "Họ va\u0300 tên;Đơn vi\u0323\r\nNguyê\u0303n Văn A\u0301nh;Sơ\u0309 Tư pha\u0301p\r\n"
    data = decomposed.replace("ọ", "o\u0323").encode("cp1258")
    (sheet,) = sheets.read(data)
    assert sheet.rows[1] == ["Nguyễn Văn Ánh", "Sở Tư pháp"]


@pytest.mark.parametrize("coding", ["", "tcvn3"])
def test_csv_of_tcvn3(coding):
    data = "Hä vµ tªn;§¬n vÞ\r\nNguyÔn V¨n H­ëng;Së T­ ph¸p\r\n".encode("latin-1")
    (sheet,) = sheets.read(data, coding)
    assert sheet.rows == [["Họ và tên", "Đơn vị"], ["Nguyễn Văn Hưởng", "Sở Tư pháp"]]


def test_a_workbook_written_with_old_fonts_is_read():
    (sheet,) = sheets.read(workbook([["Hä vµ tªn"], ["TrÇn ThÞ BÝch Hång"]]))
    assert sheet.rows[1] == ["Trần Thị Bích Hồng"]


@given(st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậ ", max_size=60))
def test_proper_text_is_never_taken_for_the_old_way(text):
    assert not looks_like_tcvn3(text)
    assert not lost_marks(text)


def test_lost_marks_are_seen():
    assert lost_marks("Nguy?n V?n A")
    assert lost_marks("Tr\ufffdn")
    assert not lost_marks("Có phải không ?")
    assert from_tcvn3("®Æng") == "đặng"


def test_numbers_dates_merged_cells_and_sheets():
    from datetime import date

    data = workbook(
        [["DANH SÁCH"], ["Họ tên", "CCCD", "Ngày sinh"], ["A", 93085000123, date(1985, 3, 2)], ["B"]],
        merge="A3:A4",
    )
    (sheet,) = sheets.read(data)
    assert sheet.rows[2] == ["A", "93085000123", "02/03/1985"]
    assert (2, 1) in sheet.numeric
    assert sheet.merged == {2: frozenset({0}), 3: frozenset({0})}


def test_what_is_no_table_is_refused_with_a_sentence():
    for data, code in (
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "old_excel"),
        (b"PK\x03\x04 not a workbook", "broken"),
        (b"\xff\xd8\xff\x00\x00binary", "binary"),
        (b"x" * (sheets.MOST_BYTES + 1), "too_big"),
    ):
        with pytest.raises(sheets.NotATable) as refused:
            sheets.read(data)
        assert code_of(refused) == code
        assert refused.value.message.endswith(".")


def test_too_many_rows_are_refused_before_they_are_read():
    many = ("A;B\r\n" * 200_000).encode()
    with pytest.raises(sheets.NotATable) as refused:
        sheets.read(many)
    assert code_of(refused) == "too_many_rows"


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_bomb_is_refused_though_its_sizes_lie():
    data = bytearray(_zip({"xl/worksheets/sheet1.xml": b"0" * (420 * 1024 * 1024)}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = (1000).to_bytes(4, "little")  # the directory says a thousand bytes
    with pytest.raises(sheets.NotATable) as refused:
        sheets.read(bytes(data))
    assert code_of(refused) in ("bomb", "broken")


def test_one_cell_far_away_does_not_fill_the_memory():
    far = (
        b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(sheets.NotATable) as refused:
        sheets.read(_zip({"xl/worksheets/sheet1.xml": far}))
    assert code_of(refused) == "too_many_rows"
