"""Workbooks and CSV files people bring, as rows of plain text, whatever state they are in.

A file is looked at before it is unpacked: what would fill the memory is refused with a sentence. Nothing here
decides what a column means.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tinhso.kit.errors import Refusal
from tinhso.systems.accounts.rules.letters import from_tcvn3, looks_like_tcvn3

MOST_BYTES = 20 * 1024 * 1024
#: A province has some 18,000 officials; more than this is a mistake, and a smaller file is mended sooner.
MOST_ROWS = 50_000
MOST_COLUMNS = 100
_UNPACKED = 400 * 1024 * 1024
_PARTS = 500
_CHUNK = 1 << 20
#: A cell with something in it: its place, and not closed at once.
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Z]+)(\d+)["']([^>]*)>""")
_TAIL = 200


class NotATable(Refusal):
    """What was brought cannot be read; the sentence says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status=422, field="file")


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows` of text, row 0 is line 1 of the file; `merged` the lines that touch merged cells, with columns.

    `numeric` holds the places (row, column) of cells kept as numbers: a spreadsheet drops leading zeros there.
    """

    name: str
    rows: list[list[str]]
    merged: dict[int, frozenset[int]] = field(default_factory=dict)
    numeric: frozenset[tuple[int, int]] = frozenset()


def read(data: bytes, coding: str = "") -> list[Sheet]:
    """Every visible sheet of a workbook, or the one table of a CSV file. `NotATable` says why not.

    `coding` is how letters of a CSV file (or of an old workbook) are written: "" to find out, `utf-8`, `cp1258`, `tcvn3`.
    """
    if not data:
        raise NotATable("empty", _("Tệp không có nội dung. Hãy chọn lại tệp."))
    if len(data) > MOST_BYTES:
        raise NotATable("too_big", _("Tệp nặng hơn 20 MB. Hãy tách theo đơn vị rồi gửi từng tệp."))
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise NotATable(
            "old_excel",
            _("Tệp Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở, bỏ mật khẩu, lưu lại dạng .xlsx."),
        )
    sheets = list(_workbook(data)) if data[:2] == b"PK" else [_csv(data, coding)]
    if coding == "tcvn3" or (not coding and any(looks_like_tcvn3(_sample(s)) for s in sheets)):
        sheets = [_converted(s) for s in sheets]
    return sheets


def _sample(sheet: Sheet) -> str:
    return " ".join(cell for row in sheet.rows[:200] for cell in row)


def _converted(sheet: Sheet) -> Sheet:
    rows = [[from_tcvn3(cell) for cell in row] for row in sheet.rows]
    return Sheet(sheet.name, rows, sheet.merged, sheet.numeric)


# Workbooks ---------------------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    _weigh(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))  # type: ignore[arg-type]
        for about in book.sheets_metadata:
            if about.visible == SheetVisibleEnum.Visible:
                yield _sheet(about.name, book.get_sheet_by_name(about.name))
    except (CalamineError, OSError, ValueError) as error:
        raise NotATable(
            "broken",
            _("Tệp không phải bảng tính .xlsx, hoặc bị hỏng. Hãy mở bằng Excel rồi lưu lại dạng .xlsx."),
        ) from error


def _sheet(name: str, found: Any) -> Sheet:
    if found.total_height > MOST_ROWS + 20 or found.total_width > MOST_COLUMNS:
        raise _too_far()
    rows: list[list[str]] = []
    numeric: set[tuple[int, int]] = set()
    for r, cells in enumerate(found.to_python(skip_empty_area=False)):
        for c, cell in enumerate(cells):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                numeric.add((r, c))
        rows.append([_text(cell) for cell in cells])
    merged: dict[int, set[int]] = {}
    for (top, left), (bottom, right) in found.merged_cell_ranges or ():
        for line in range(top, min(bottom, top + MOST_ROWS) + 1):
            merged.setdefault(line, set()).update(range(left, min(right, left + MOST_COLUMNS) + 1))
    return Sheet(
        name, rows, {line: frozenset(columns) for line, columns in merged.items()}, frozenset(numeric)
    )


def _text(cell: Any) -> str:
    """A cell as people see it: whole numbers without a point, dates as day/month/year."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, time | timedelta):
        return str(cell)
    return _clean(str(cell))


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).replace("\x00", "").split())


def _weigh(data: bytes) -> None:
    """Refuse what unpacks without end, is locked, carries programs, or puts a cell where a table would fill the memory.

    The sizes an archive states may lie, so its parts are unpacked piece by piece and counted.
    """
    try:
        _weigh_parts(data)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise NotATable("broken", _("Tệp bị hỏng, không mở được. Hãy mở bằng Excel rồi lưu lại.")) from error


def _weigh_parts(data: bytes) -> None:
    total = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _PARTS:
            raise _bomb()
        if any(p.flag_bits & 0x1 for p in parts):
            raise NotATable("locked", _("Tệp đang đặt mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."))
        for part in parts:
            with archive.open(part) as content:
                total = _weigh_part(content, total, part.filename.startswith("xl/worksheets/"))


def _weigh_part(content: Any, total: int, is_sheet: bool) -> int:
    tail = b""
    while piece := content.read(_CHUNK):
        total += len(piece)
        if total > _UNPACKED:
            raise _bomb()
        if is_sheet:
            window = tail + piece
            for column, row, rest in _CELL.findall(window):
                if (int(row) > MOST_ROWS + 20 or len(column) > 2) and not rest.endswith(b"/"):  # noqa: PLR2004  beyond column ZZ
                    raise _too_far()
            tail = window[-_TAIL:]
    return total


def _bomb() -> NotATable:
    return NotATable(
        "bomb", _("Tệp mở ra quá lớn nên không được nhận. Hãy tách theo đơn vị rồi gửi từng tệp.")
    )


def _too_far() -> NotATable:
    return NotATable(
        "too_many_rows",
        _("Bảng dài hơn 50.000 dòng hoặc rộng hơn 100 cột. Hãy xóa dòng, cột thừa, hoặc tách theo đơn vị."),
    )


# CSV ---------------------------------------------------------------------------------------------------------------


def _csv(data: bytes, coding: str) -> Sheet:
    text = _decoded(data, coding)
    first = text.split("\n", 1)[0]
    mark = max("\t;,", key=first.count)
    rows: list[list[str]] = []
    csv.field_size_limit(_CHUNK)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark):
            if len(rows) > MOST_ROWS + 20 or len(row) > MOST_COLUMNS:
                raise _too_far()
            rows.append([_unquoted(_clean(cell)) for cell in row])
    except csv.Error as error:
        raise NotATable("broken_csv", _("Không đọc được bảng CSV: %(why)s") % {"why": error}) from error
    return Sheet("CSV", rows)


def _unquoted(cell: str) -> str:
    """Without the mark that keeps a spreadsheet from calculating."""
    return cell[1:] if cell[:1] == "'" else cell


def _decoded(data: bytes, coding: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if coding in ("", "utf-8"):
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            if coding:
                raise NotATable(
                    "not_unicode", _("Tệp không phải UTF-8. Hãy chọn “Tự nhận” hoặc đúng bảng mã của tệp.")
                ) from None
    if b"\x00" in data:
        raise NotATable("binary", _("Tệp này không phải bảng CSV hay .xlsx. Hãy xuất lại từ Excel."))
    plain = data.decode("latin-1")
    if coding == "tcvn3" or (not coding and looks_like_tcvn3(plain)):
        return plain
    return unicodedata.normalize("NFC", data.decode("cp1258", "replace"))
