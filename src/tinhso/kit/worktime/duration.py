"""Legal time limits. Five units that never turn into one another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from .errors import ClockError

Unit = Literal["working_hour", "working_day", "day", "month", "same_day"]
UNITS: tuple[Unit, ...] = get_args(Unit)

_VI = {"working_hour": "giờ làm việc", "working_day": "ngày làm việc", "day": "ngày", "month": "tháng"}
_EN = {"working_hour": "working hour", "working_day": "working day", "day": "day", "month": "month"}
_SAME_DAY = {"same_day", "same day", "trong ngày"}
_WORDS: dict[str, Unit] = {
    "working hour": "working_hour",
    "hour": "working_hour",
    "giờ làm việc": "working_hour",
    "giờ": "working_hour",
    "working day": "working_day",
    "ngày làm việc": "working_day",
    "day": "day",
    "ngày": "day",
    "month": "month",
    "tháng": "month",
}
_TEXT = re.compile(r"(\d+(?:[.,]\d+)?)\s*(\D+)")
_LIMIT = {"working_hour": 8_000, "working_day": 1_000, "day": 3_660, "month": 120, "same_day": 1}


@dataclass(frozen=True, slots=True)
class Duration:
    """A time limit as the law writes it: a quantity and its unit.

    Hours are always working hours and may be fractions that make whole minutes; all other units are
    whole. Eight working hours, one working day and one day are three different limits.
    """

    qty: int | Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ClockError(f"Đơn vị thời hạn không có trong danh mục: {self.unit}.")
        qty = Decimal(self.qty)
        if not 0 < qty <= _LIMIT[self.unit]:
            raise ClockError(f"Thời hạn phải lớn hơn 0 và không quá {_LIMIT[self.unit]}: {self.qty}.")
        if qty != qty.to_integral_value():
            self._check_fraction(qty)
        else:
            object.__setattr__(self, "qty", int(qty))

    def _check_fraction(self, qty: Decimal) -> None:
        if self.unit != "working_hour":
            raise ClockError(
                f"Thời hạn tính theo {_VI.get(self.unit, 'ngày')} phải là số nguyên: {qty}. "
                "Nửa ngày làm việc hãy ghi bằng giờ làm việc."
            )
        if (qty * 60) != (qty * 60).to_integral_value():
            raise ClockError(f"Số giờ phải tròn phút: {qty}.")

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read "3 working days", "8 hours", "1.5 hours", "30 days", "2 months", "same_day" or the
        Vietnamese of `str()`. ClockError when the text is none of these.
        """
        words = " ".join(text.replace("_", " ").lower().split())
        if words in _SAME_DAY:
            return cls(1, "same_day")
        match = _TEXT.fullmatch(words)
        unit = match and (_WORDS.get(match[2]) or _WORDS.get(match[2].removesuffix("s")))
        if not match or not unit:
            raise ClockError(
                f'Không đọc được thời hạn "{text}". Ví dụ đúng: "3 working days", "8 hours", "same_day".'
            )
        return cls(Decimal(match[1].replace(",", ".")), unit)

    @property
    def minutes(self) -> int:
        """Minutes of work; only for working hours."""
        if self.unit != "working_hour":
            raise ClockError(f'Không được đổi "{self}" ra phút.')
        return int(self.qty * 60)

    def text(self, lang: str = "vi") -> str:
        """For people: "3 ngày làm việc" or "3 working days"."""
        if self.unit == "same_day":
            return "trong ngày" if lang == "vi" else "same day"
        if lang == "vi":
            return f"{str(self.qty).replace('.', ',')} {_VI[self.unit]}"
        return f"{self.qty} {_EN[self.unit]}{'' if self.qty == 1 else 's'}"

    def code(self) -> str:
        """For definition files; `parse` reads it back: "3 working days", "same_day"."""
        return "same_day" if self.unit == "same_day" else self.text("en")

    def __str__(self) -> str:
        return self.text("vi")
