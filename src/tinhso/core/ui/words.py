"""Figures, dates and time left in the words people read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext

#: Working minutes in a working day, for words only; clocks count in `tinhso.kit.worktime`.
WORKING_DAY = 480
NBSP = "\u00a0"


def number(value: Decimal | float | str | None, places: int = 2) -> str:
    """`1234.5` → "1.234,5" ("1,234.5" in English); at most `places` decimals, no trailing zeros; None → ""."""
    if value is None or value == "":
        return ""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{exact:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if get_language() == "en" else text.translate({44: ".", 46: ","})


def money(amount: Decimal | int | None) -> str:
    """An amount in đồng: "8.000 đồng" ("8,000 VND" in English)."""
    if amount is None or amount == "":
        return ""
    return f"{number(amount, 0)}{NBSP}{gettext('đồng')}"


def vi_date(value: date | datetime | str | None) -> str:
    """dd/mm/yyyy in Vietnam's time; ISO text is understood, so is a month or a year alone; None → ""."""
    if isinstance(value, str):
        return "/".join(reversed(value.split("T")[0].split("-")))
    if isinstance(value, datetime):
        value = _local(value)
    return value.strftime("%d/%m/%Y") if value else ""


def vi_datetime(value: datetime | str | None) -> str:
    """dd/mm/yyyy HH:MM in Vietnam's time; ISO text is understood."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value else None
    return _local(value).strftime("%d/%m/%Y %H:%M") if value else ""


def file_size(count: int | None) -> str:
    """Bytes as "240 KB" or "1,3 MB"."""
    if count is None:
        return ""
    if count < 1024 * 1024:
        return f"{max(1, round(count / 1024)) if count else 0}{NBSP}KB"
    return f"{number(count / 1024 / 1024, 1)}{NBSP}MB"


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """`kind` is `over`, `soon`, `ok` or `plain` (paused)."""

    kind: str
    words: str


def time_left(due: datetime, now: datetime, left: int | None = None, *, paused: bool = False) -> TimeLeft:
    """How a deadline stands. `left`: working minutes left (negative when late); without it calendar time is told."""
    if paused:
        return TimeLeft("plain", gettext("Tạm dừng tính giờ"))
    if left is not None:
        late = left < 0
        kind = "over" if late else "soon" if left <= WORKING_DAY else "ok"
        return TimeLeft(kind, _late_or_left(late, _working(abs(left))))
    if due < now:
        return TimeLeft("over", _late_or_left(True, _calendar(now - due)))
    at = _local(due)
    days = (at.date() - _local(now).date()).days
    if days == 0:
        return TimeLeft("soon", gettext("Hôm nay, trước %(time)s") % {"time": at.strftime("%H:%M")})
    if days == 1:
        return TimeLeft("soon", gettext("Ngày mai, trước %(time)s") % {"time": at.strftime("%H:%M")})
    return TimeLeft("ok", _late_or_left(False, _count_days(days)))


def _late_or_left(late: bool, span: str) -> str:
    return (gettext("Quá hạn %(span)s") if late else gettext("Còn %(span)s")) % {"span": span}


def _working(minutes: int) -> str:
    if minutes >= WORKING_DAY:
        n = minutes // WORKING_DAY
        return ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", n) % {"n": n}
    if minutes >= 60:  # noqa: PLR2004
        n = minutes // 60
        return ngettext("%(n)d giờ làm việc", "%(n)d giờ làm việc", n) % {"n": n}
    return _count_minutes(minutes)


def _calendar(span: timedelta) -> str:
    if span >= timedelta(days=1):
        return _count_days(span.days)
    if span >= timedelta(hours=1):
        n = span.seconds // 3600
        return ngettext("%(n)d giờ", "%(n)d giờ", n) % {"n": n}
    return _count_minutes(span.seconds // 60)


def _count_days(n: int) -> str:
    return ngettext("%(n)d ngày", "%(n)d ngày", n) % {"n": n}


def _count_minutes(n: int) -> str:
    return ngettext("%(n)d phút", "%(n)d phút", n) % {"n": n}
