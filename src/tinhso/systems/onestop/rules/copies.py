"""One form filed for many people: the columns of the table, and what a row of it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.types import MistakeError, is_rows, parts, type_of
from tinhso.kit.text import fold

#: Who each row is about, in the order of the table; the name is the only one that must be filled in.
PERSON = (
    ("full_name", "Họ và tên người nộp"),
    ("number", "Số định danh cá nhân"),
    ("birth", "Ngày sinh"),
    ("sex", "Giới tính"),
    ("phone", "Số điện thoại"),
    ("address", "Nơi ở"),
)
ROW = ("row", "Mã dòng (không bắt buộc)")
NAME, ROW_KEY = "full_name", "row"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a question of the form by its path, or a word about the person (`field` None)."""

    path: str
    label: str
    field: Field | None = None

    @property
    def heading(self) -> str:
        return f"{self.label} [{self.path}]"


@dataclass(frozen=True, slots=True)
class RowRead:
    """A row: the words about the person, the answers, and what is wrong with it as (column, sentence)."""

    person: dict[str, str]
    answers: dict[str, Any]
    faults: tuple[tuple[str, str], ...]


def columns_of(form: FormDefinition) -> list[Column]:
    """Every column a table for this form may have; questions with rows of their own cannot be in one."""
    found = [Column(path, label) for path, label in (ROW, *PERSON)]
    for field in form.fields.values():
        if is_rows(field):
            continue
        inner = parts(field)
        found += [Column(f"{field.id}-{p.id}", f"{field.label.vi}: {p.label.vi}", p) for p in inner]
        if not inner:
            found.append(Column(field.id, field.label.vi, field))
    return found


def read_heading(cells: Sequence[str], known: Sequence[Column]) -> tuple[list[Column | None], list[str]]:
    """The column of each cell of the first line (None for an empty one), and the headings nobody knows."""
    by_path = {c.path: c for c in known}
    by_label: dict[str, list[Column]] = {}
    for column in known:
        by_label.setdefault(fold(column.label), []).append(column)
    found: list[Column | None] = []
    unknown: list[str] = []
    for cell in cells:
        path = cell.rpartition("[")[2].rstrip("]") if "[" in cell else ""
        same = by_label.get(fold(cell), [])
        meant = by_path.get(path) or (same[0] if len(same) == 1 else None)
        if meant is None and cell:
            unknown.append(cell)
        found.append(meant)
    return found, unknown


def read_row(columns: Sequence[Column | None], cells: Sequence[str], base: Mapping[str, Any]) -> RowRead:
    """A row laid over the answers of the case it copies; an empty cell leaves the answer as it is there."""
    person: dict[str, str] = {}
    answers: dict[str, Any] = dict(base)
    faults: list[tuple[str, str]] = []
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        if column.field is None:
            person[column.path] = cell
            continue
        try:
            value = _value(column.field, cell)
        except MistakeError as mistake:
            faults.append((column.label, mistake.text.vi))
            continue
        whole, _, part = column.path.partition("-")
        answers[whole] = {**(answers.get(whole) or {}), part: value} if part else value
    if not person.get(NAME):
        faults.insert(0, (PERSON[0][1], "Hãy ghi họ tên người nộp hồ sơ."))
    return RowRead(person, answers, tuple(faults))


def _value(field: Field, cell: str) -> Any:
    """The answer a cell gives; an option may be named by its label."""
    kind = type_of(field)
    named = {fold(o.label.vi): str(o.value) for o in field.options}
    if kind.several:
        return [named.get(fold(part), part.strip()) for part in cell.split(";") if part.strip()]
    if field.type == "yes_no":
        cell = {"co": "yes", "khong": "no"}.get(fold(cell), cell)
    return kind.parse(field, named.get(fold(cell), cell))
