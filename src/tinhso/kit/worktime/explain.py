"""A due date told in sentences, for receipts and case pages. Vietnamese first, English too."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from .clock import Clock
from .duration import Duration
from .ledger import Due, Entry

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
        "original": "Ngày hẹn ban đầu: {end}",
        "stopped": "Đã kết thúc lúc {end}",
    },
    "en": {
        "from": "Counted from {moment}",
        "first": "First counted from {moment}",
        "again": "The full time limit counted again from {moment}: {reason}",
        "cutoff": "Received at {start}, at or after the daily cutoff: counted from {end}",
        "shift": "Received at {start}, {reason}: counted from {end}",
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
        "original": "First appointment: {end}",
        "stopped": "Ended at {end}",
    },
}
_SHIFTS = {
    "before_hours": "before office hours",
    "lunch": "during the break",
    "after_hours": "after office hours",
    "closed_day": "a day off",
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
        start = _moment(pause.frm.astimezone(zone), lang)
        lines.append(text["open_pause"].format(start=start, reason=_lower(pause.reason)))
    if clock.due_original and clock.due_original != clock.due_current:
        lines.append(text["original"].format(end=_moment(clock.due_original, lang)))
    key = "due_paused" if clock.state == "paused" else "due"
    lines.append(_due_line(key, clock.due_current, clock.duration, lang))
    if clock.stopped_at:
        lines.append(text["stopped"].format(end=_moment(clock.stopped_at.astimezone(zone), lang)))
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
            lines.append(text["first" if lost else "from"].format(moment=_moment(entry.start, lang)))
        if entry.start == again:
            reason = _lower(ledger[lost[-1]].reason)
            lines.append(text["again"].format(moment=_moment(entry.start, lang), reason=reason))
        line = _entry_line(entry, lang)
        if line and line not in lines:
            lines.append(line)
    return lines


def _entry_line(entry: Entry, lang: str) -> str:
    text = _TEXT[lang]
    words = {"start": _moment(entry.start, lang), "end": _moment(entry.end, lang), "reason": entry.reason}
    if entry.kind == "suspended":
        return text["suspended"].format(
            **words | {"amount": _amount(entry, lang), "reason": _lower(entry.reason)}
        )
    if entry.code in ("weekly_rest", "holiday"):
        days = _closed_dates(entry)
        names = ", ".join(dict.fromkeys(_WEEKDAYS[lang][day.weekday()] for day in days))
        if not days:
            return ""
        return text[entry.code].format(**words | {"names": names, "dates": _dates(days)})
    if entry.kind == "shifted" and entry.code != "last_day_closed":
        reason = _lower(entry.reason) if lang == "vi" else _SHIFTS.get(entry.code, "")
        return text["cutoff" if entry.code == "cutoff" else "shift"].format(**words | {"reason": reason})
    if entry.code == "extension":
        return text["extension"].format(**words | {"reason": _lower(entry.reason)})
    return text[entry.code].format(**words) if entry.code in text else ""


def _due_line(key: str, at: datetime, duration: Duration, lang: str) -> str:
    return _TEXT[lang][key].format(end=_moment(at, lang), duration=duration.text(lang))


def _moment(value: datetime, lang: str) -> str:
    joint = " " if lang == "vi" else ", "
    return f"{value:%H:%M}{joint}{_WEEKDAYS[lang][value.weekday()]} {value:%d/%m/%Y}"


def _closed_dates(entry: Entry) -> list[date]:
    last = (entry.end - timedelta(minutes=1)).date()
    return [last - timedelta(back) for back in range(entry.amount - 1, -1, -1)]


def _dates(days: list[date]) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return f"{first:%d/%m}"
    if (first.month, first.year) == (last.month, last.year):
        return f"{first:%d}–{last:%d/%m}"
    return f"{first:%d/%m}–{last:%d/%m}"


def _amount(entry: Entry, lang: str) -> str:
    if entry.unit != "minute":
        return f"{entry.amount} {_UNITS[lang][entry.unit]}"
    hours, minutes = divmod(entry.amount, 60)
    if lang == "vi":
        parts = [f"{hours} giờ"] * bool(hours) + [f"{minutes} phút"] * bool(minutes or not hours)
        return f"{' '.join(parts)} làm việc"
    parts = [f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes or not hours)
    return f"{' '.join(parts)} of work"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
