"""A due date told in sentences, for receipts and case pages. Vietnamese first, English too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from .clock import Clock
from .duration import Duration
from .ledger import AmountUnit, Due, Entry

_MINUTE = timedelta(minutes=1)
#: What a sentence on one step of a plan leaves out: it goes without saying there.
_UNTOLD = ("running", "acceptance_day", "part_day")

_WEEKDAYS = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_TEXT = {
    "vi": {
        "from": "Tính từ {moment}",
        "first": "Lần đầu tính từ {moment}",
        "again": "Tính lại đủ thời hạn từ {moment}: {reason}",
        "cutoff": "Nhận lúc {start}, {reason}: tính từ {end}",
        "shift": "Nhận lúc {start}, {reason}: tính từ {end}",
        "so_from": "{reason} nên tính từ {end}",
        "acceptance_day": "Ngày tiếp nhận không tính",
        "holiday": "{reason} không tính ({dates})",
        "weekly_rest": "Không tính {names} {dates}",
        "last_day_closed": "Ngày cuối là ngày nghỉ nên chuyển sang {end}",
        "suspended": "Tạm dừng {amount} vì {reason} (từ {start} đến {end})",
        "extension": "Hẹn lại một lần vì {reason}: từ {start} sang {end}",
        "kept": "Giữ ngày đã hẹn {end}",
        "open_pause": "Đang tạm dừng từ {start} vì {reason}; ngày hẹn sẽ tính lại khi tiếp tục",
        "not_started": "Thời hạn chưa bắt đầu tính",
        "due": "Hẹn trả: {end} ({duration})",
        "due_paused": "Ngày hẹn trước khi tạm dừng: {end} ({duration})",
        "recount": "Tính lại lúc {at} theo lịch làm việc mới ({reason}): từ {start} sang {end}",
        "original": "Ngày hẹn ban đầu: {end}",
        "stopped": "Đã kết thúc lúc {end}",
    },
    "en": {
        "from": "Counted from {moment}",
        "first": "First counted from {moment}",
        "again": "The full time limit counted again from {moment}: {reason}",
        "cutoff": "Received at {start}, at or after the daily cutoff: counted from {end}",
        "shift": "Received at {start}, {reason}: counted from {end}",
        "so_from": "{reason}, so counted from {end}",
        "acceptance_day": "The day of acceptance does not count",
        "holiday": "{reason} does not count ({dates})",
        "weekly_rest": "{names} {dates} do not count",
        "last_day_closed": "The last day is a day off, so moved to {end}",
        "suspended": "Paused {amount}: {reason} (from {start} to {end})",
        "extension": "New appointment, once: {reason}; from {start} to {end}",
        "kept": "The appointment already given is kept: {end}",
        "open_pause": "Paused since {start}: {reason}; the date will be computed again on resuming",
        "not_started": "The time limit has not started",
        "due": "Due: {end} ({duration})",
        "due_paused": "Date before the pause: {end} ({duration})",
        "recount": "Counted again at {at} with the changed working calendar ({reason}): from {start} to {end}",
        "original": "First appointment: {end}",
        "stopped": "Ended at {end}",
    },
}
_SHIFTS = {
    "before_hours": "before office hours",
    "lunch": "during the break",
    "after_hours": "after office hours",
    "closed_day": "a day off",
    "cutoff": "at or after the daily cutoff",
}
_UNITS = {
    "vi": {"working_day": "ngày làm việc", "same_day": "ngày làm việc", "day": "ngày"},
    "en": {"working_day": "working day(s)", "same_day": "working day(s)", "day": "day(s)"},
}


def explain(subject: Due | Clock, lang: str = "vi") -> list[str]:
    """Sentences that lead from the start to the due date, in order, without final stops.

    `lang` is "vi" or "en"; names of holidays and reasons typed by officers stay as they were given.
    """
    if isinstance(subject, Due):
        lines = _ledger_lines(subject.ledger, lang)
        return [*lines, _due_line("due", subject.at, subject.duration, lang)]
    return _clock_lines(subject, lang)


def _clock_lines(clock: Clock, lang: str) -> list[str]:
    text = _TEXT[lang]
    if clock.started_at is None or clock.due_current is None or clock.duration is None:
        return [text["not_started"]]
    lines = _ledger_lines(clock.ledger, lang)
    zone = clock.due_current.tzinfo
    if clock.state == "paused":
        pause = clock.suspensions[-1]
        start = moment_text(pause.frm.astimezone(zone), lang)
        lines.append(text["open_pause"].format(start=start, reason=_lower(pause.reason)))
    for again in clock.recounts:
        moments = (moment_text(m.astimezone(zone), lang) for m in (again.at, again.old_due, again.new_due))
        words = dict(zip(("at", "start", "end"), moments, strict=True))
        lines.append(text["recount"].format(**words, reason=_lower(again.reason)))
    if clock.due_original and clock.due_original != clock.due_current:
        lines.append(text["original"].format(end=moment_text(clock.due_original, lang)))
    key = "due_paused" if clock.state == "paused" else "due"
    lines.append(_due_line(key, clock.due_current, clock.duration, lang))
    if clock.stopped_at:
        lines.append(text["stopped"].format(end=moment_text(clock.stopped_at.astimezone(zone), lang)))
    return lines


def _ledger_lines(ledger: tuple[Entry, ...], lang: str) -> list[str]:
    text = _TEXT[lang]
    lost = [number for number, entry in enumerate(ledger) if entry.kind == "voided"]
    again = None  # where the count that matters begins, when there was one before it
    if lost:
        again = next((e.start for e in ledger[lost[-1] :] if e.kind not in ("voided", "suspended")), None)
    lines: list[str] = []
    for number, entry in enumerate(ledger):
        if number == 0 and (lost or entry.kind != "shifted"):
            lines.append(text["first" if lost else "from"].format(moment=moment_text(entry.start, lang)))
        if entry.start == again:
            reason = _lower(ledger[lost[-1]].reason)
            lines.append(text["again"].format(moment=moment_text(entry.start, lang), reason=reason))
        line = _entry_line(entry, lang)
        if line and line not in lines:
            lines.append(line)
    return lines


def _entry_line(entry: Entry, lang: str) -> str:
    if entry.kind == "counted":
        return ""
    if entry.code in ("weekly_rest", "holiday"):
        last = (entry.end - _MINUTE).date()
        return _closed_line(entry.code, last, entry.amount, entry.reason, lang) if entry.amount else ""
    text, reason = _TEXT[lang], _lower(entry.reason)
    if entry.code == "acceptance_day":
        return text[entry.code]
    start, end = moment_text(entry.start, lang), moment_text(entry.end, lang)
    if entry.kind == "suspended":
        amount = amount_text(entry.amount, entry.unit, lang)
        return text["suspended"].format(amount=amount, reason=reason, start=start, end=end)
    if entry.kind == "shifted" and entry.code != "last_day_closed":
        why = reason if lang == "vi" else _SHIFTS.get(entry.code, "")
        return text["cutoff" if entry.code == "cutoff" else "shift"].format(start=start, end=end, reason=why)
    return text[entry.code].format(start=start, end=end, reason=reason) if entry.code in text else ""


def _due_line(key: str, at: datetime, duration: Duration, lang: str) -> str:
    return _TEXT[lang][key].format(end=moment_text(at, lang), duration=duration.text(lang))


def moment_text(value: datetime, lang: str) -> str:
    """ "17:00 thứ Tư 25/02/2026", as it stands in the value's own zone."""
    return f"{value.hour:02}:{value.minute:02}{_day_text(value.date(), lang)}"


@lru_cache(maxsize=4096)
def _day_text(day: date, lang: str) -> str:
    joint = " " if lang == "vi" else ", "
    return f"{joint}{_WEEKDAYS[lang][day.weekday()]} {day:%d/%m/%Y}"


@lru_cache(maxsize=4096)
def _closed_line(code: str, last: date, count: int, reason: str, lang: str) -> str:
    """The sentence on `count` closed dates in a row of which `last` is the last; the same dates come up in every case."""
    days = [last - timedelta(back) for back in range(count - 1, -1, -1)]
    names = ", ".join(dict.fromkeys(_WEEKDAYS[lang][day.weekday()] for day in days))
    return _TEXT[lang][code].format(reason=reason, names=names, dates=_dates(days))


def _dates(days: list[date]) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return f"{first:%d/%m}"
    if (first.month, first.year) == (last.month, last.year):
        return f"{first:%d}–{last:%d/%m}"
    return f"{first:%d/%m}–{last:%d/%m}"


def amount_text(amount: int, unit: AmountUnit, lang: str) -> str:
    """An amount of the ledger in words: "6 giờ 30 phút làm việc", "3 ngày làm việc"."""
    if unit != "minute":
        return f"{amount} {_UNITS[lang][unit]}"
    hours, minutes = divmod(amount, 60)
    if lang == "vi":
        parts = [f"{hours} giờ"] * bool(hours) + [f"{minutes} phút"] * bool(minutes or not hours)
        return f"{' '.join(parts)} làm việc"
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not hours)
    return f"{' '.join(parts)} of work"


def joined_reasons(ledger: Iterable[Entry], lang: str) -> list[str]:
    """What did not count and what moved the time, each told once, to be joined into one sentence."""
    lines = []
    for entry in ledger:
        if entry.kind == "shifted" and entry.code != "last_day_closed":
            why = _lower(entry.reason) if lang == "vi" else _SHIFTS.get(entry.code, "")
            lines.append(_TEXT[lang]["so_from"].format(reason=why, end=moment_text(entry.end, lang)))
        elif entry.code not in _UNTOLD and (line := _entry_line(entry, lang)):
            lines.append(line if entry.code == "holiday" else _lower(line))
    return list(dict.fromkeys(lines))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
