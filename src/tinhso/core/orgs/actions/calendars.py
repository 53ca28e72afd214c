"""Acts on working calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import CalendarDay, CalendarWeek, Unit, UnitCalendar, WorkCalendar
from tinhso.core.orgs.policy import EDIT_CALENDARS, ActorLike, require
from tinhso.core.orgs.queries.directory import forget
from tinhso.core.orgs.rules import SessionPairs, closure_fault, parse_sessions, parse_weekly, working_calendar
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.worktime import ClockError
from tinhso.kit.worktime.holidays import vietnam

AROUND, YEAR = timedelta(days=30), timedelta(days=200)
HOLIDAYS_SOURCE = "Bộ luật Lao động 2019 điều 112, theo thư viện holidays (VN)"


def create_calendar(
    *, actor: ActorLike, code: str, name: str, weekly: Sequence[SessionPairs]
) -> WorkCalendar:
    """A new calendar with its week (seven lists of sessions, Monday first). Refuses a code in use."""
    require(actor, EDIT_CALENDARS)
    _checked(lambda: parse_weekly(weekly))
    if not any(weekly):
        message = _("Một tuần phải có ít nhất một ngày làm việc.")
        raise Refusal("closed_too_long", message, status=422, field="day0")
    with transaction.atomic():
        calendar, made = WorkCalendar.objects.get_or_create(
            code=code, defaults={"name": name, "weekly": weekly}
        )
        if not made:
            raise Refusal("code_in_use", _("Đã có lịch mang mã này."), field="code")
        _audit("orgs.create_calendar", calendar, actor, {"name": name, "weekly": weekly})
    forget()
    return calendar


def set_weekly(
    *,
    actor: ActorLike,
    code: str,
    weekly: Sequence[SessionPairs],
    first: date | None = None,
    source: str = "",
) -> WorkCalendar:
    """Other hours for every week from a day on; without `first`, for all days past and to come (a slip corrected)."""
    require(actor, EDIT_CALENDARS)
    _checked(lambda: parse_weekly(weekly))
    with transaction.atomic():
        calendar = _locked(code)
        if first is None:
            before, calendar.weekly = calendar.weekly, weekly
            calendar.save(update_fields=["weekly"])
        else:
            held = CalendarWeek.objects.filter(calendar=calendar, first__lte=first).order_by("-first").first()
            before = held.weekly if held else calendar.weekly
            values = {"weekly": [list(day) for day in weekly], "source": source.strip()}
            CalendarWeek.objects.update_or_create(calendar=calendar, first=first, defaults=values)
        _next_version(calendar)
        _never_closed_for_long(calendar, first or timezone.localdate(), YEAR)
        told = {"before": before, "after": weekly, "first": str(first or "")}
        _audit("orgs.set_weekly", calendar, actor, told)
    forget()
    return calendar


def set_calendar_day(
    *, actor: ActorLike, code: str, day: date, sessions: SessionPairs, reason: str, source: str = ""
) -> CalendarDay:
    """Make one day differ from the week: no sessions = closed, else the hours given; the reason is shown to people."""
    require(actor, EDIT_CALENDARS)
    _checked(lambda: parse_sessions(sessions))
    if not reason.strip():
        raise Refusal(
            "no_reason", _("Ghi lý do để người dân hiểu vì sao ngày này khác."), status=422, field="reason"
        )
    with transaction.atomic():
        calendar = _locked(code)
        before = _plain_day(CalendarDay.objects.filter(calendar=calendar, day=day).first())
        values = {"sessions": [list(s) for s in sessions], "reason": reason.strip(), "source": source.strip()}
        row, _made = CalendarDay.objects.update_or_create(calendar=calendar, day=day, defaults=values)
        _next_version(calendar)
        if not sessions:
            _never_closed_for_long(calendar, day - AROUND, AROUND)
        _audit("orgs.set_calendar_day", calendar, actor, {"day": str(day), "before": before, "after": values})
    forget()
    return row


def remove_calendar_day(*, actor: ActorLike, code: str, day: date) -> None:
    """Let a day follow the week again. `NotFound` when it did already."""
    require(actor, EDIT_CALENDARS)
    with transaction.atomic():
        calendar = _locked(code)
        row = CalendarDay.objects.filter(calendar=calendar, day=day).first()
        if row is None:
            raise NotFound("ordinary_day", _("Ngày này vốn theo lịch tuần."))
        told = {"day": str(day), "before": _plain_day(row), "after": None}
        row.delete()
        _next_version(calendar)
        _audit("orgs.remove_calendar_day", calendar, actor, told)
    forget()


def add_public_holidays(*, actor: ActorLike, code: str, year: int) -> int:
    """Add the public holidays of a year as far as they are published; days already set stay. Returns how many."""
    require(actor, EDIT_CALENDARS)
    with transaction.atomic():
        calendar = _locked(code)
        known = set(
            CalendarDay.objects.filter(calendar=calendar, day__year=year).values_list("day", flat=True)
        )
        rows = [row for row in holiday_rows(calendar, [year]) if row.day not in known]
        CalendarDay.objects.bulk_create(rows)
        _next_version(calendar)
        _audit(
            "orgs.add_public_holidays", calendar, actor, {"year": year, "days": [str(r.day) for r in rows]}
        )
    forget()
    return len(rows)


def holiday_rows(
    calendar: WorkCalendar, years: list[int], source: str = HOLIDAYS_SOURCE
) -> list[CalendarDay]:
    """Unsaved rows of the published holidays and make-up days; a make-up day has the hours of an ordinary one."""
    ordinary: SessionPairs = next((sessions for sessions in calendar.weekly if sessions), [])
    return [
        CalendarDay(
            calendar=calendar,
            day=day,
            sessions=ordinary if rule.kind == "open" else [],
            reason=rule.reason,
            source=source,
        )
        for day, rule in sorted(vietnam(years).items())
    ]


def assign_calendar(*, actor: ActorLike, unit_id: UUID, code: str | None, first: date | None = None) -> None:
    """Give a unit, and everything below without its own, a calendar from a day; None = follow the unit above.

    Without `first` it holds for all days, and what was given before is forgotten.
    """
    with transaction.atomic():
        unit = Unit.objects.filter(id=unit_id).first()
        if unit is None:
            raise NotFound("unknown_unit", _("Không có đơn vị này."))
        require(actor, EDIT_CALENDARS, unit.path)
        rows = UnitCalendar.objects.filter(unit=unit)
        before = [[str(day or ""), name or ""] for day, name in rows.values_list("first", "calendar__code")]
        if first is None:
            rows.delete()
        if code is not None or first is not None:
            calendar = _locked(code) if code else None
            UnitCalendar.objects.update_or_create(unit=unit, first=first, defaults={"calendar": calendar})
        batch = Batch()
        record(
            batch,
            act="orgs.assign_calendar",
            object_kind="unit",
            object_id=str(unit.id),
            actor=actor,
            data={"before": before, "after": code or "", "first": str(first or "")},
        )
        batch.send()
    forget()


def _never_closed_for_long(calendar: WorkCalendar, first: date, span: timedelta) -> None:
    """Refuse what was just written when the calendar is closed too long in a row from a day within the span."""
    days = CalendarDay.objects.filter(calendar=calendar).values_list("day", "sessions", "reason")
    weeks = CalendarWeek.objects.filter(calendar=calendar).order_by("first").values_list("first", "weekly")
    made = working_calendar(calendar.code, calendar.weekly, days, weeks)
    if fault := closure_fault(made, first, first + span * 2):
        raise Refusal("closed_too_long", fault, status=422, field="sessions")


def _plain_day(row: CalendarDay | None) -> dict[str, Any] | None:
    return {"sessions": row.sessions, "reason": row.reason, "source": row.source} if row else None


def _checked(parse: Any) -> None:
    try:
        parse()
    except ClockError as error:
        raise Refusal("bad_hours", str(error), status=422, field="sessions") from error


def _locked(code: str) -> WorkCalendar:
    calendar = WorkCalendar.objects.select_for_update().filter(code=code).first()
    if calendar is None:
        raise NotFound("unknown_calendar", _("Không có lịch làm việc này."))
    return calendar


def _next_version(calendar: WorkCalendar) -> None:
    calendar.version += 1
    calendar.save(update_fields=["version"])


def _audit(act: str, calendar: WorkCalendar, actor: ActorLike, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind="calendar", object_id=calendar.code, actor=actor, data=data)
    batch.send()
