"""Dates as Vietnamese papers know them: with the precision they have, in figures and in words."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering
from zoneinfo import ZoneInfo

from .money import in_words

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_ISO = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_VI = re.compile(r"(?:(?:(\d{1,2})[/.\-])?(\d{1,2})[/.\-])?(\d{4})")
_OLDEST_YEAR = 1800
_MONTHS = 12
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_FOURTH_MONTH = 4


class DateError(ValueError):
    """A date that cannot be; the message is a sentence for the person who typed it."""


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day (old papers often give only the year).

    Order: by the first day a value may mean; on a tie the less precise comes first.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if not _OLDEST_YEAR <= self.year <= 9999:  # noqa: PLR2004 - four digits
            raise DateError(f"Năm {self.year} không hợp lệ. Hãy ghi năm bằng bốn chữ số.")
        if self.month is None:
            if self.day is not None:
                raise DateError("Có ngày thì phải có tháng.")
            return
        if not 1 <= self.month <= _MONTHS:
            raise DateError(f"Không có tháng {self.month}. Tháng từ 1 đến 12.")
        if self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise DateError(f"Tháng {self.month}/{self.year} không có ngày {self.day}.")

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read "21/11/2026", "11/2026", "2026" (also with - or .) or the ISO form. DateError otherwise."""
        words = "".join(text.split())
        iso = _ISO.fullmatch(words)
        if iso:
            return cls(*(int(part) if part else None for part in iso.groups()))  # type: ignore[arg-type]
        found = _VI.fullmatch(words)
        if not found:
            raise DateError(f'Không đọc được ngày "{text}". Hãy ghi như 21/11/2026, 11/2026 hoặc 2026.')
        day, month, year = (int(part) if part else None for part in found.groups())
        return cls(year or 0, month, day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> str:
        """ "year", "month" or "day"."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def first(self) -> date:
        """The earliest day this may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day this may mean."""
        month = self.month or _MONTHS
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def iso(self) -> str:
        """ "2026-11-21", "2026-11" or "2026": the form for JSON and sorting."""
        parts = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part]
        return "-".join(parts)

    def __str__(self) -> str:
        parts = [f"{part:02d}" for part in (self.day, self.month) if part] + [f"{self.year:04d}"]
        return "/".join(parts)

    def __lt__(self, other: PartialDate) -> bool:
        return (self.first, self.month or 0, self.day or 0) < (other.first, other.month or 0, other.day or 0)


def check_birth_date(value: PartialDate, today: date, *, oldest: int = 130) -> PartialDate:
    """Give the value back when it can be a birth date on `today`; DateError when it lies in the future
    or more than `oldest` years back."""
    if value.first > today:
        raise DateError("Ngày sinh không thể ở tương lai. Hãy kiểm tra lại năm.")
    if value.year < today.year - oldest:
        raise DateError(f"Ngày sinh cách nay hơn {oldest} năm. Hãy kiểm tra lại năm.")
    return value


def age(birth: PartialDate, on: date) -> int:
    """Full years of age on a day, at least (an imprecise birth date counts from its last day)."""
    last = birth.last
    return on.year - last.year - ((on.month, on.day) < (last.month, last.day))


def vi_date(day: date | PartialDate) -> str:
    """ "21/11/2026"; shorter when less is known."""
    return str(day) if isinstance(day, PartialDate) else f"{day:%d/%m/%Y}"


def vi_datetime(moment: datetime, *, weekday: bool = False) -> str:
    """ "17:00 ngày 21/11/2026" or "17:00 thứ Bảy 21/11/2026", in Vietnamese time; `moment` is aware."""
    if moment.tzinfo is None:
        raise DateError("Thời điểm phải có múi giờ.")
    local = moment.astimezone(VIETNAM)
    return f"{local:%H:%M} {_WEEKDAYS[local.weekday()] if weekday else 'ngày'} {local:%d/%m/%Y}"


def vi_date_long(day: date) -> str:
    """ "ngày 21 tháng 11 năm 2026"; days below 10 and months 1, 2 with a zero (Decree 30/2020, appendix I)."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - the months named by the rule
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def date_in_words(value: date | PartialDate) -> str:
    """As civil-status papers write it: "ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai
    mươi sáu"; only what is known of an imprecise date. The fourth month is "tháng tư"."""
    known = value if isinstance(value, PartialDate) else PartialDate.of(value)
    parts = [f"năm {in_words(known.year)}"]
    if known.month:
        month = "tư" if known.month == _FOURTH_MONTH else in_words(known.month)
        parts.insert(0, f"tháng {month}")
    if known.day:
        parts.insert(0, f"ngày {in_words(known.day)}")
    return " ".join(parts)
