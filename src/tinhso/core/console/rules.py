"""Reading hours as people write them, and what may be made of one day."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.orgs.rules import SessionPairs, parse_sessions
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import ClockError

_OFFICE = [["07:30", "11:30"], ["13:00", "17:00"]]
_PAIR = re.compile(r"(\d{1,2})[:hg.](\d{2})?\s*[-–—]\s*(\d{1,2})[:hg.](\d{2})?")
DAY_KINDS = {
    "week": gettext_noop("Theo lịch tuần như thường lệ"),
    "closed": gettext_noop("Nghỉ cả ngày"),
    "open": gettext_noop("Làm việc cả ngày (làm bù)"),
    "morning": gettext_noop("Chỉ làm buổi sáng"),
    "afternoon": gettext_noop("Chỉ làm buổi chiều"),
    "hours": gettext_noop("Giờ khác, ghi ở dưới"),
}


def read_sessions(text: str, field: str) -> list[list[str]]:
    """Sessions from "07:30-11:30, 13:00-17:00" ("7h30 – 11h30" too), none for empty text; refuses the rest."""
    if not text.strip():
        return []
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    found = []
    for part in parts:
        match = _PAIR.fullmatch(part)
        if match is None:
            raise Refusal("bad_hours", _("Ghi giờ như 07:30-11:30, 13:00-17:00."), status=422, field=field)
        h1, m1, h2, m2 = match.groups()
        found.append([f"{int(h1):02}:{m1 or '00'}", f"{int(h2):02}:{m2 or '00'}"])
    try:
        parse_sessions(found)
    except ClockError as error:
        raise Refusal("bad_hours", str(error), status=422, field=field) from error
    return found


def read_week(texts: list[str]) -> list[list[list[str]]]:
    """Seven days of sessions, Monday first; refuses a week without any."""
    week = [read_sessions(text, f"day{n}") for n, text in enumerate(texts)]
    if not any(week):
        raise Refusal("no_hours", _("Một tuần phải có ít nhất một ngày làm việc."), status=422, field="day0")
    return week


def week_text(weekly: list[SessionPairs] | None) -> list[str]:
    """The week as typed text; office hours from Monday to Friday when there is none yet."""
    days: list[SessionPairs] = weekly if weekly is not None else [*[_OFFICE] * 5, [], []]
    return [", ".join(f"{start}-{end}" for start, end in sessions) for sessions in days]


def sessions_of(kind: str, hours: str, weekly: list[SessionPairs], day: date) -> SessionPairs | None:
    """The sessions a choice means on a day, [] when closed, None when the day follows the week.

    Half days take the first or last session of that weekday, or of an ordinary day when the weekday is free.
    """
    ordinary: SessionPairs = weekly[day.weekday()] or next((s for s in weekly if s), [])
    if kind == "hours":
        found = read_sessions(hours, "hours")
        if not found:
            raise Refusal("no_hours", _("Ghi giờ làm việc của ngày này."), status=422, field="hours")
        return found
    made = {
        "week": None,
        "closed": [],
        "open": ordinary,
        "morning": ordinary[:1],
        "afternoon": ordinary[1:][-1:],
    }
    if kind not in made:
        raise Refusal("no_kind", _("Chọn ngày này nghỉ hay làm việc."), status=422, field="kind")
    if kind == "afternoon" and not made[kind]:
        raise Refusal("one_session", _("Ngày này chỉ có một ca; hãy ghi giờ khác."), status=422, field="kind")
    return made[kind]


def kind_of(sessions: SessionPairs | None, weekly: list[SessionPairs], day: date) -> tuple[str, str]:
    """The choice that means these sessions, and the hours as text when none of the others does."""
    if sessions is None:
        return "week", ""
    plain = [list(s) for s in sessions]
    for kind in ("closed", "open", "morning"):
        if plain == [list(s) for s in sessions_of(kind, "", weekly, day) or []]:
            return kind, ""
    ordinary = weekly[day.weekday()] or next((s for s in weekly if s), [])
    if plain == [list(s) for s in ordinary[1:][-1:]]:
        return "afternoon", ""
    return "hours", ", ".join(f"{start}-{end}" for start, end in plain)
