"""What the columns of a list of staff mean, and what each of its lines says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from tinhso.kit.dates import DateError, PartialDate, check_birth_date
from tinhso.kit.identity import IdentityError, check_citizen_id, normalise_phone
from tinhso.kit.text import fold, normalise_name
from tinhso.systems.accounts.rules.letters import lost_marks


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a list may say of somebody; `words` are headings it goes under, folded."""

    code: str
    label: str
    words: tuple[str, ...]


COLUMNS = (
    Column("full_name", "Họ và tên", ("ho va ten", "ho ten", "ho, chu dem va ten", "ten can bo", "ho ten can bo")),
    Column("family_name", "Họ và chữ đệm", ("ho va chu dem", "ho dem", "ho va ten dem", "ho")),
    Column("given_name", "Tên", ("ten",)),
    Column("number", "Số định danh cá nhân", (
        "so dinh danh ca nhan", "so dinh danh", "so cccd", "cccd", "so can cuoc", "so can cuoc cong dan", "can cuoc cong dan",
        "cmnd/cccd", "so cmnd/cccd", "cccd/cmnd", "so cmnd", "cmnd", "ma dinh danh ca nhan",
    )),
    Column("staff_code", "Mã cán bộ", (
        "ma can bo", "ma cong chuc", "ma cbcc", "ma cbccvc", "ma nhan vien", "so hieu cong chuc", "so hieu", "ma so can bo", "ma nv",
    )),
    Column("birth", "Ngày sinh", ("ngay sinh", "ngay, thang, nam sinh", "ngay thang nam sinh", "nam sinh")),
    Column("sex", "Giới tính", ("gioi tinh", "phai", "nam/nu", "nu")),
    Column("phone", "Điện thoại", ("dien thoai", "so dien thoai", "di dong", "sdt", "dien thoai di dong", "dtdd")),
    Column("email", "Thư điện tử", ("thu dien tu", "email", "e-mail", "thu cong vu", "email cong vu", "dia chi email")),
    Column("unit", "Đơn vị (mã hoặc tên)", (
        "don vi", "ma don vi", "ten don vi", "ma dinh danh don vi", "don vi cong tac", "co quan", "co quan, don vi", "don vi (ma hoac ten)",
        "noi cong tac", "phong ban",
    )),
    Column("post", "Chức danh (hoặc mã vị trí)", (
        "chuc danh", "chuc vu", "vi tri", "vi tri viec lam", "vi tri cong tac", "ma vi tri", "chuc danh (hoac ma vi tri)", "chuc vu/chuc danh",
        "chuc vu, chuc danh",
    )),
    Column("role", "Vai trò", ("vai tro", "nhom quyen", "quyen")),
    Column("valid_from", "Từ ngày", ("tu ngay", "ngay bat dau", "ngay bo nhiem", "ngay nhan viec", "giu tu ngay")),
    Column("valid_to", "Đến trước ngày", ("den truoc ngay", "den ngay", "ngay thoi giu", "ngay ket thuc", "thoi giu tu ngay")),
    Column("username", "Tên đăng nhập", ("ten dang nhap", "tai khoan", "username", "user", "ten tai khoan")),
)  # fmt: skip
BY_CODE = {c.code: c for c in COLUMNS}
_WORDS = {word: c.code for c in COLUMNS for word in c.words}
_PASSWORDS = ("mat khau", "password", "pass", "mk")
#: Lines before the headings (titles, the agency's name) are looked past, so many at most.
HEADING_WITHIN = 20
#: What a line cannot do without, and one of what tells two people apart.
NEEDED = ("unit", "post")
KEYS = ("number", "staff_code")
_FEWEST_HEADINGS = 3
_LONGEST = {"full_name": 200, "staff_code": 40, "email": 254, "post": 200, "username": 60}
_SEXES = {"nam": "M", "m": "M", "male": "M", "1": "M", "nu": "F", "f": "F", "female": "F", "x": "F", "": ""}
_PERSONAL = 12
_FEWEST_DIGITS = 10
_PHONE_WITHOUT_ZERO = 9


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the headings stand: `line` from 0, `meant` the column code of each place ("" for none)."""

    line: int
    meant: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def known(self) -> int:
        return sum(bool(code) for code in self.meant)


def meaning(heading: str) -> str:
    """The column a heading means, marks and what stands in brackets or behind a star aside; "" when none."""
    words = fold(heading.replace("*", " ").replace("_", " ").strip(" .:"))
    return _WORDS.get(words) or _WORDS.get(words.split("(")[0].strip()) or ""


def is_password(heading: str) -> bool:
    """Whether a column would hold passwords, which no file may carry."""
    return fold(heading) in _PASSWORDS


def find_heading(rows: Sequence[Sequence[str]]) -> Heading | None:
    """The line with most known headings among the first ones; None when no line has enough of them."""
    best: Heading | None = None
    for line, cells in enumerate(rows[:HEADING_WITHIN]):
        found, seen = [], set[str]()
        for cell in cells:
            code = meaning(cell)
            found.append("" if code in seen else code)
            seen.add(code)
        here = Heading(line, tuple(found), tuple(cells))
        if best is None or here.known > best.known:
            best = here
    return best if best and best.known >= _FEWEST_HEADINGS else None


def missing(meant: Sequence[str]) -> list[str]:
    """The labels of columns a list cannot do without and does not have."""
    have = set(meant)
    lacking = (
        [] if "full_name" in have or {"family_name", "given_name"} <= have else [BY_CODE["full_name"].label]
    )
    if not have & set(KEYS):
        lacking.append(f"{BY_CODE['number'].label} hoặc {BY_CODE['staff_code'].label}")
    return lacking + [BY_CODE[code].label for code in NEEDED if code not in have]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell: the column's code, what stands there, and what to do."""

    column: str
    cell: str
    text: str


@dataclass(slots=True)
class Line:
    """One line as it is meant. Dates are ISO text; `faults` hinder it, `notes` are only told."""

    line: int
    full_name: str = ""
    number: str = ""
    number_kind: str = ""
    staff_code: str = ""
    birth: str = ""
    sex: str = ""
    phone: str = ""
    email: str = ""
    unit: str = ""
    post: str = ""
    role: str = ""
    valid_from: str = ""
    valid_to: str = ""
    username: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def key(self) -> str:
        """What tells this person from others: the number, else the staff code."""
        return self.number or (f"cb:{self.staff_code}" if self.staff_code else "")


def cells_of(meant: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The cells of a line by what they mean."""
    return {code: cell.strip() for code, cell in zip(meant, cells, strict=False) if code}


def read_line(line: int, said: Mapping[str, str], today: date, numeric: frozenset[str] = frozenset()) -> Line:
    """What a line says, each cell judged by itself. `numeric` are columns whose cell was kept as a number."""
    row, told = Line(line), dict(said)
    if "full_name" not in told:
        told["full_name"] = f"{told.get('family_name', '')} {told.get('given_name', '')}"
    _read_name(row, told)
    _read_number(row, told, numeric)
    _read_rest(row, told, today)
    _read_days(row, told)
    for code, most in _LONGEST.items():
        if len(getattr(row, code)) > most:
            row.faults.append(Fault(code, told.get(code, "")[:60], f"Dài quá {most} ký tự."))
    return row


def _read_name(row: Line, told: dict[str, str]) -> None:
    name = " ".join(told["full_name"].split())
    if not name:
        row.faults.append(Fault("full_name", "", "Thiếu họ và tên."))
    elif any(c.isdigit() for c in name) or name.startswith("#"):
        row.faults.append(
            Fault(
                "full_name", name, "Họ tên không có chữ số; kiểm tra xem có lệch cột hay công thức lỗi không."
            )
        )
    for code in ("full_name", "unit", "post"):
        if lost_marks(told.get(code, "")):
            row.faults.append(
                Fault(
                    code,
                    told[code],
                    "Chữ có dấu đã bị mất (thành “?”). Hãy lưu lại tệp dạng .xlsx hoặc CSV UTF-8.",
                )
            )
    row.full_name = normalise_name(name)


def _read_number(row: Line, told: dict[str, str], numeric: frozenset[str]) -> None:
    number = "".join(told.get("number", "").split()).strip("'").replace(".", "")
    row.staff_code = told.get("staff_code", "").strip().upper()
    if number:
        short = number.isdigit() and _FEWEST_DIGITS <= len(number) < _PERSONAL
        if "number" in numeric and short:
            row.notes.append(
                f"Đã thêm lại số 0 ở đầu số định danh mà bảng tính làm mất: {number.zfill(_PERSONAL)}."
            )
            number = number.zfill(_PERSONAL)
        try:
            found = check_citizen_id(number)
            row.number, row.number_kind = found.number, found.kind
        except IdentityError as error:
            row.faults.append(Fault("number", number, str(error)))
    elif not row.staff_code:
        row.faults.append(
            Fault("number", "", "Thiếu cả số định danh và mã cán bộ; không nhận người chỉ theo tên.")
        )


def _read_rest(row: Line, told: dict[str, str], today: date) -> None:
    birth = told.get("birth", "")
    try:
        row.birth = check_birth_date(PartialDate.parse(birth), today).iso() if birth else ""
    except (DateError, ValueError) as error:
        row.faults.append(Fault("birth", birth, str(error)))
    sex = fold(told.get("sex", ""))
    if sex not in _SEXES:
        row.faults.append(Fault("sex", told["sex"], "Ghi “Nam” hoặc “Nữ”, hoặc để trống."))
    row.sex = _SEXES.get(sex, "")
    phone = told.get("phone", "")
    try:
        short = phone.isdigit() and len(phone) == _PHONE_WITHOUT_ZERO
        row.phone = normalise_phone(f"0{phone}" if short else phone) if phone else ""
    except IdentityError as error:
        row.faults.append(Fault("phone", phone, str(error)))
    row.email = told.get("email", "")
    before, _at, after = row.email.rpartition("@")
    if row.email and (not before or "." not in after or " " in row.email):
        row.faults.append(Fault("email", row.email, "Địa chỉ thư không đúng, ví dụ lan.nt@haugiang.gov.vn."))
    row.role, row.username = told.get("role", ""), told.get("username", "").lower()
    for code in NEEDED:
        setattr(row, code, told.get(code, ""))
        if not told.get(code):
            row.faults.append(Fault(code, "", f"Thiếu {BY_CODE[code].label.lower()}."))


def _read_days(row: Line, told: dict[str, str]) -> None:
    for code in ("valid_from", "valid_to"):
        text = told.get(code, "")
        if not text:
            continue
        try:
            day = PartialDate.parse(text)
        except (DateError, ValueError) as error:
            row.faults.append(Fault(code, text, str(error)))
            continue
        if day.precision == "day":
            setattr(row, code, day.iso())
        else:
            row.faults.append(Fault(code, text, "Ghi đủ ngày, tháng, năm, ví dụ 01/07/2026."))
    if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
        row.faults.append(Fault("valid_to", told["valid_to"], "Ngày thôi giữ phải sau ngày bắt đầu."))


def judge_doubles(lines: Sequence[Line]) -> None:
    """Faults of lines that contradict an earlier one: one number or staff code for two people, one user name for two;
    a line given twice is only told of, it will change nothing."""
    by_number: dict[str, Line] = {}
    by_staff: dict[str, Line] = {}
    by_name: dict[str, Line] = {}
    whole: dict[tuple[str, str, str], int] = {}
    for line in lines:
        for known, value, column in (
            (by_number, line.number, "number"),
            (by_staff, line.staff_code, "staff_code"),
        ):
            first = known.setdefault(value, line) if value else line
            if first is not line and not _agree(first, line):
                line.faults.append(
                    Fault(
                        column, value, f"Trùng với dòng {first.line} ({first.full_name}) nhưng là người khác."
                    )
                )
        first = by_name.setdefault(line.username, line) if line.username else line
        if first is not line and first.key != line.key:
            line.faults.append(
                Fault("username", line.username, f"Tên đăng nhập đã dùng ở dòng {first.line}.")
            )
        held = (line.key, fold(line.unit), fold(line.post))
        if line.key and held in whole:
            line.notes.append(f"Trùng với dòng {whole[held]}; chỉ tính một lần.")
        whole.setdefault(held, line.line)


def _agree(one: Line, other: Line) -> bool:
    """Whether two lines may be of one person: the same name, and no number or code that differs."""
    same = fold(one.full_name) == fold(other.full_name)
    for a, b in ((one.number, other.number), (one.staff_code, other.staff_code)):
        same = same and (not a or not b or a == b)
    return same
