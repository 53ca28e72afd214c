"""Pure decisions about money and banks: what a transfer says, which subject a statement's line names, reading statements."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from tinhso.kit.errors import Refusal
from tinhso.kit.text import fold
from tinhso.kit.vietqr import LONGEST_CONTENT, plain

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LETTERS = {"phi": "P", "le_phi": "L"}
SHORTEST_CONTENT = 10
MOST_LINES = 5000
_ENDS = re.compile(r"(?<=\d{4})[PL]")

#: How banks head the columns of their statements, folded: the first that fits is taken.
COLUMNS = {
    "transaction": ("so but toan", "ma giao dich", "so tham chieu", "ma tham chieu", "so ct", "so chung tu",
                    "transaction", "reference", "ref"),
    "at": ("ngay giao dich", "thoi gian", "ngay hieu luc", "ngay", "date"),
    "amount": ("phat sinh co", "ghi co", "so tien ghi co", "so tien", "credit", "amount"),
    "content": ("noi dung", "dien giai", "mo ta", "description", "details"),
    "payer": ("nguoi chuyen", "ten nguoi chuyen", "doi tac", "payer", "counterparty"),
}  # fmt: skip
NEEDED = {
    "transaction": "mã giao dịch",
    "at": "ngày giao dịch",
    "amount": "số tiền ghi có",
    "content": "nội dung",
}
_TIMES = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d",
)


def content_of(subject_key: str, kind: str) -> str:
    """What a transfer says: the subject's code without points and dashes, and a letter for the kind of money."""
    letter = LETTERS[kind]
    return plain(subject_key)[-(LONGEST_CONTENT - len(letter)) :] + letter


def candidates(content: str) -> list[str]:
    """What in the words of a transfer may be a `content_of`, longest first.

    Banks put their own numbers around it and drop spaces, so every stretch that ends like one is a candidate.
    """
    text = plain(content)
    found = [
        text[end.end() - size : end.end()]
        for end in _ENDS.finditer(text)
        for size in range(LONGEST_CONTENT, SHORTEST_CONTENT - 1, -1)
        if size <= end.end()
    ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Line:
    """Money in, as a statement tells it: whole đồng, an aware time."""

    transaction: str
    at: datetime
    amount: int
    content: str
    payer: str = ""


def read_statement(data: bytes) -> list[Line]:
    """The money-in lines of a bank's CSV (comma, semicolon or tab; UTF-8 or UTF-16).

    The columns are found by their names, wherever the table starts. A `Refusal` names the line that cannot
    be read: nothing is taken from a statement that is only half understood.
    """
    rows = list(_rows(_text(data)))
    head = next((n for n, row in enumerate(rows) if _is_head(row)), None)
    if head is None:
        raise Refusal(
            "no_columns",
            f"Không tìm thấy các cột {', '.join(NEEDED.values())}. Hãy tải sao kê dạng CSV có dòng tiêu đề.",
            422,
            field="file",
        )
    columns = _columns(rows[head])
    lines = []
    for number, row in enumerate(rows[head + 1 :], head + 2):
        line = _line(row, columns, number)
        if line is not None:
            lines.append(line)
    if len(lines) > MOST_LINES:
        raise Refusal(
            "too_long", f"Mỗi tệp nhiều nhất {MOST_LINES} dòng; hãy chia sao kê theo ngày.", 422, field="file"
        )
    return lines


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            break
    raise Refusal(
        "bad_encoding", "Không đọc được chữ trong tệp. Hãy lưu tệp CSV dạng UTF-8.", 422, field="file"
    )


def _rows(text: str) -> Iterator[list[str]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    sample = text[:4000] or first
    delimiter = max(",;\t", key=sample.count)
    for row in csv.reader(io.StringIO(text), delimiter=delimiter):
        yield [cell.strip() for cell in row]


def _columns(row: Sequence[str]) -> dict[str, int]:
    folded = [fold(cell) for cell in row]
    found: dict[str, int] = {}
    for name, words in COLUMNS.items():
        for word in words:
            at = next((n for n, cell in enumerate(folded) if word in cell and n not in found.values()), None)
            if at is not None:
                found[name] = at
                break
    return found


def _is_head(row: Sequence[str]) -> bool:
    return NEEDED.keys() <= _columns(row).keys()


def _line(row: Sequence[str], columns: dict[str, int], number: int) -> Line | None:
    """One line; None for an empty one, a total, or money that went out."""
    cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
    if not cells["transaction"] or not cells["amount"]:
        return None
    amount = _amount(cells["amount"], number)
    if amount <= 0:
        return None
    return Line(
        transaction=cells["transaction"][:80],
        at=_time(cells["at"], number),
        amount=amount,
        content=cells["content"][:500],
        payer=cells.get("payer", "")[:200],
    )


def _amount(text: str, number: int) -> int:
    """Whole đồng of a cell: "1.234.500", "1,234,500.00", "1234500", "+1.234.500 VND"."""
    bare = re.sub(r"(?i)vnd|vnđ|đ|₫|\s|\+", "", text)
    bare = re.sub(r"[.,]0{1,2}$", "", bare)
    try:
        value = Decimal(re.sub(r"[.,](?=\d{3}(\D|$))", "", bare))
    except InvalidOperation:
        raise _bad(number, f"số tiền “{text}”") from None
    if value != value.to_integral_value() or abs(value) >= Decimal(10) ** 15:
        raise _bad(number, f"số tiền “{text}”")
    return int(value)


def _time(text: str, number: int) -> datetime:
    for form in _TIMES:
        try:
            return datetime.strptime(text, form).replace(tzinfo=ZONE)
        except ValueError:
            continue
    raise _bad(number, f"ngày “{text}”")


def _bad(number: int, what: str) -> Refusal:
    return Refusal(
        "bad_line",
        f"Dòng {number} của sao kê: không đọc được {what}. Chưa ghi nhận dòng nào.",
        422,
        field="file",
    )


def receipt_series(unit_code: str, kind: str, year: int) -> str:
    """The series a receipt is numbered in: one per unit, kind and year."""
    return f"receipt:{unit_code}:{kind}:{year}"


def receipt_number(kind: str, year: int, serial: int) -> str:
    """A receipt's number as printed: "P26-0000123" for phí, "L26-0000123" for lệ phí."""
    return f"{LETTERS[kind]}{year % 100:02d}-{serial:07d}"
