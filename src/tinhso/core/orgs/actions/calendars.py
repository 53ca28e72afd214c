"""Acts on working calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import CalendarDay, Unit, UnitCalendar, WorkCalendar
from tinhso.core.orgs.policy import EDIT_CALENDARS, ActorLike, require
from tinhso.core.orgs.queries.directory import forget
from tinhso.core.orgs.rules import SessionPairs, parse_sessions, parse_weekly
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.worktime import ClockError
from tinhso.kit.worktime.holidays import vietnam

HOLIDAYS_SOURCE = "Bộ luật Lao động 2019 điều 112, theo thư viện holidays (VN)"


def create_calendar(
    *, actor: ActorLike, code: str, name: str, weekly: Sequence[SessionPairs]
) -> WorkCalendar:
    """A new calendar with its week (seven lists of sessions, Monday first). Refuses a code in use."""
    require(actor, EDIT_CALENDARS)
    _checked(lambda: parse_weekly(weekly))
    with transaction.atomic():
        calendar, made = WorkCalendar.objects.get_or_create(
            code=code, defaults={"name": name, "weekly": weekly}
        )
        if not made:
            raise Refusal("code_in_use", _("Đã có lịch mang mã này."), field="code")
        _audit("orgs.create_calendar", calendar, actor, {"name": name, "weekly": weekly})
    forget()
    return calendar


def set_weekly(*, actor: ActorLike, code: str, weekly: Sequence[SessionPairs]) -> WorkCalendar:
    """Other hours for every week of a calendar."""
    require(actor, EDIT_CALENDARS)
    _checked(lambda: parse_weekly(weekly))
    with transaction.atomic():
        calendar = _locked(code)
        before, calendar.weekly = calendar.weekly, weekly
        calendar.version += 1
        calendar.save(update_fields=["weekly", "version"])
        _audit("orgs.set_weekly", calendar, actor, {"before": before, "after": weekly})
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


def assign_calendar(*, actor: ActorLike, unit_id: UUID, code: str | None) -> None:
    """Give a unit, and everything below without its own, a calendar; None = follow the unit above."""
    with transaction.atomic():
        unit = Unit.objects.filter(id=unit_id).first()
        if unit is None:
            raise NotFound("unknown_unit", _("Không có đơn vị này."))
        require(actor, EDIT_CALENDARS, unit.path)
        before = UnitCalendar.objects.filter(unit=unit).values_list("calendar__code", flat=True).first()
        if code is None:
            UnitCalendar.objects.filter(unit=unit).delete()
        else:
            UnitCalendar.objects.update_or_create(unit=unit, defaults={"calendar": _locked(code)})
        batch = Batch()
        record(
            batch,
            act="orgs.assign_calendar",
            object_kind="unit",
            object_id=str(unit.id),
            actor=actor,
            data={"before": before or "", "after": code or ""},
        )
        batch.send()
    forget()


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
