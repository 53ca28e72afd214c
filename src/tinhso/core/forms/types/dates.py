"""Dates typed by hand: 1/2/2026, 01-02-2026, 01022026; whole, or only month and year, or only the year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Any

from tinhso.core.forms.definition import Field
from tinhso.core.forms.env import Env, Places
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types.base import FieldType, MistakeError

_SEP = r"\s*[/\-.\s]\s*"
_DAY = re.compile(
    rf"(?:ngày\s*)?([0-9]{{1,2}})(?:{_SEP}|\s*tháng\s*)([0-9]{{1,2}})(?:{_SEP}|,?\s*năm\s*)([0-9]+)", re.I
)
_COMPACT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MONTH = re.compile(rf"(?:tháng\s*)?([0-9]{{1,2}})(?:{_SEP}|,?\s*năm\s*)([0-9]+)", re.I)
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"(?:năm\s*)?([0-9]{4})", re.I)
FIRST_YEAR, LAST_YEAR, MONTHS = 1800, 2200, 12


def _year(text: str) -> int:
    if len(text) != len("2026"):
        raise MistakeError(
            say(
                "Hãy ghi đủ 4 chữ số của năm, ví dụ 1990.",
                "Write all four digits of the year, for example 1990.",
            )
        )
    if not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise MistakeError(
            say("Năm {year} không đúng. Hãy kiểm tra lại.", "The year {year} is not right.", year=text)
        )
    return int(text)


def _month(text: str) -> int:
    if not 1 <= int(text) <= MONTHS:
        raise MistakeError(
            say(
                "Tháng phải từ 1 đến 12; bạn đã nhập {month}. Hãy ghi theo thứ tự ngày/tháng/năm.",
                "The month must be from 1 to 12; you entered {month}. Write day/month/year.",
                month=text,
            )
        )
    return int(text)


def whole_date(day: str, month: str, year: str) -> str:
    """ISO text of a date from its typed parts; raises `MistakeError` naming the part that is wrong."""
    y, m = _year(year), _month(month)
    last = monthrange(y, m)[1]
    if not 1 <= int(day) <= last:
        raise MistakeError(
            say(
                "Tháng {m} năm {y} chỉ có từ ngày 1 đến ngày {last}; bạn đã nhập ngày {day}.",
                "Month {m} of {y} has days 1 to {last}; you entered {day}.",
                m=m,
                y=y,
                last=last,
                day=int(day),
            )
        )
    return date(y, m, int(day)).isoformat()


def vietnamese(iso: str) -> str:
    """`2026-02-01` → `01/02/2026`, `2026-02` → `02/2026`, `2026` → `2026`."""
    return "/".join(reversed(iso.split("-")))


class DateType(FieldType):
    name = "date"
    allowed = frozenset({"past", "future", "minimum", "maximum"})
    inputmode = "numeric"
    width = "short"
    sample = "2026-01-01"

    def parse(self, field: Field, text: str) -> Any:
        if found := _DAY.fullmatch(text) or _COMPACT.fullmatch(text):
            return whole_date(*found.groups())
        if found := _ISO.fullmatch(text):
            return whole_date(found[3], found[2], found[1])
        raise MistakeError(
            say(
                "“{label}” ghi theo dạng ngày/tháng/năm, ví dụ 27/3/2026.",
                "Write “{label}” as day/month/year, for example 27/3/2026.",
                field.label,
            )
        )

    def typed(self, field: Field, value: Any) -> str:
        return vietnamese(value) if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value) else value

    def limits(self, field: Field, value: Any, env: Env) -> Text | None:
        today = env.today.isoformat()[: len(value)]
        if field.past and value > today:
            return say(
                "{label} không thể ở tương lai. Hãy kiểm tra lại năm.",
                "{label} cannot be in the future. Check the year.",
                field.label,
            )
        if field.future and value < today:
            return say(
                "{label} không thể ở quá khứ. Hãy kiểm tra lại ngày.",
                "{label} cannot be in the past. Check the date.",
                field.label,
            )
        if field.minimum is not None and value < str(field.minimum)[: len(value)]:
            return say(
                "{label} không thể trước ngày {limit}.",
                "{label} cannot be before {limit}.",
                field.label,
                limit=vietnamese(str(field.minimum)),
            )
        if field.maximum is not None and value > str(field.maximum)[: len(value)]:
            return say(
                "{label} không thể sau ngày {limit}.",
                "{label} cannot be after {limit}.",
                field.label,
                limit=vietnamese(str(field.maximum)),
            )
        return None

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return self.typed(field, value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


class PartialDateType(DateType):
    """A date of which perhaps only the year, or month and year, is known (old papers often say only that)."""

    name = "partial_date"

    def parse(self, field: Field, text: str) -> Any:
        if found := _YEAR.fullmatch(text):
            return f"{_year(found[1]):04d}"
        if found := _ISO_MONTH.fullmatch(text):
            return f"{_year(found[1]):04d}-{_month(found[2]):02d}"
        if found := _MONTH.fullmatch(text):
            return f"{_year(found[2]):04d}-{_month(found[1]):02d}"
        return super().parse(field, text)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"}
