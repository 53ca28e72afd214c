"""Tables people bring: CSV, text pasted from a spreadsheet, and the first sheet of an XLSX file, as rows of text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from xml.etree import ElementTree

Rows = list[list[str]]
#: What one part of a workbook may measure when unpacked, and how many rows and columns are read.
MOST_BYTES = 30_000_000
MOST_ROWS, MOST_COLUMNS = 20_000, 200
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]{1,3})\d+")


class TableError(ValueError):
    """What was brought is no table we can read; the text says why, in Vietnamese."""


def read_table(data: bytes) -> Rows:
    """The rows of a file, without empty ones at the end; `TableError` when it cannot be read."""
    if len(data) > MOST_BYTES:
        raise TableError("Tệp quá lớn. Hãy tách thành nhiều tệp.")
    return _workbook(data) if data[:2] == b"PK" else read_text(_decoded(data))


def read_text(text: str) -> Rows:
    """The rows of text with tabs, semicolons or commas between the cells: what the first line has most of."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    mark = max("\t;,", key=first.count)
    try:
        rows = [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark)
        ]
    except csv.Error as error:
        raise TableError(f"Không đọc được bảng: {error}") from error
    return _trimmed(rows)


def write_csv(rows: Iterable[Iterable[str]]) -> str:
    """CSV that spreadsheet programs open with marks intact; a cell can never become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell for cell in row])
    return "\ufeff" + out.getvalue()


def _decoded(data: bytes) -> str:
    for coding in ("utf-8-sig", "utf-16"):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise TableError("Tệp không dùng bảng mã Unicode. Hãy lưu lại dạng CSV UTF-8 hoặc XLSX.")


def _trimmed(rows: Rows) -> Rows:
    while rows and not any(rows[-1]):
        rows.pop()
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in rows):
        raise TableError(f"Bảng có nhiều nhất {MOST_ROWS} dòng và {MOST_COLUMNS} cột.")
    return rows


def _workbook(data: bytes) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            names = sorted(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
            if not names:
                raise TableError("Tệp này không phải bảng tính XLSX.")
            shared = (
                _part(book, "xl/sharedStrings.xml") if "xl/sharedStrings.xml" in book.namelist() else None
            )
            texts = (
                ["".join(t.text or "" for t in s.iter(f"{_MAIN}t")) for s in shared]
                if shared is not None
                else []
            )
            return _trimmed(_sheet(_part(book, names[0]), texts))
    except (zipfile.BadZipFile, ElementTree.ParseError, ValueError, IndexError) as error:
        raise (
            error if isinstance(error, TableError) else TableError("Không đọc được tệp XLSX này.")
        ) from error


def _part(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with book.open(name) as part:
        data = part.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise TableError("Bảng tính quá lớn. Hãy tách thành nhiều tệp.")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:  # spreadsheets have none; bombs do
        raise TableError("Không đọc được tệp XLSX này.")
    return ElementTree.fromstring(data)  # noqa: S314  no entity can be in it


def _sheet(sheet: ElementTree.Element, texts: list[str]) -> Rows:
    rows: Rows = []
    for row in sheet.iter(f"{_MAIN}row"):
        cells: dict[int, str] = {}
        for cell in row.iter(f"{_MAIN}c"):
            match = _CELL.match(cell.get("r", ""))
            place = _column(match.group(1)) if match else len(cells)
            cells[place] = _text(cell, texts).strip()
        number = int(row.get("r", len(rows) + 1))
        if number > MOST_ROWS or max(cells, default=0) >= MOST_COLUMNS:
            raise TableError(f"Bảng có nhiều nhất {MOST_ROWS} dòng và {MOST_COLUMNS} cột.")
        rows += [[] for _n in range(number - 1 - len(rows))]
        rows.append([cells.get(n, "") for n in range(max(cells, default=-1) + 1)])
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(cell: ElementTree.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    found = cell.find(f"{_MAIN}v")
    value = (found.text or "") if found is not None else ""
    if cell.get("t") == "s":
        return texts[int(value)]
    return value[:-2] if value.endswith(".0") else value
