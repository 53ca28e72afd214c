"""Working calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tinhso.core.access.actor import Actor
from tinhso.core.access.route import needs
from tinhso.core.cases.calendars import start_recount
from tinhso.core.console.forms import ActPage, Sheet, Typed, at_fields, placed, run
from tinhso.core.console.queries import calendars as queries
from tinhso.core.console.rules import DAY_KINDS, kind_of, read_week, sessions_of, week_text
from tinhso.core.console.views.frame import actor_of
from tinhso.core.forms.view import FieldView
from tinhso.core.orgs import actions
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import CalendarDay, Unit, WorkCalendar
from tinhso.core.orgs.policy import EDIT_CALENDARS
from tinhso.core.orgs.rules import SessionPairs
from tinhso.kit.errors import Refusal

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@needs(EDIT_CALENDARS)
def calendars(request: HttpRequest) -> HttpResponse:
    """All calendars."""
    return render(request, "console/calendars.html", {"lines": queries.list_calendars()})


@needs(EDIT_CALENDARS)
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """A calendar's year; `?nam=` the year."""
    year = _year(request.GET.get("nam", ""))
    context = {"page": queries.year_page(code, year), "today": timezone.localdate(), "weekdays": WEEKDAYS}
    context |= {
        "before": year - 1 if year > queries.FIRST_YEAR else None,
        "after": year + 1 if year < queries.LAST_YEAR else None,
    }
    return render(request, "console/calendar.html", context)


def _year(text: str) -> int:
    year = int(text) if text.isdigit() and len(text) <= len("2026") else timezone.localdate().year
    return min(max(year, queries.FIRST_YEAR), queries.LAST_YEAR)


@needs(EDIT_CALENDARS)
def create(request: HttpRequest) -> HttpResponse:
    """A new calendar; its week is that of the offices to begin with."""
    actor = actor_of(request)

    def do(typed: Typed) -> str:
        week = read_week([typed.text(f"day{n}") for n in range(7)])
        made = actions.create_calendar(
            actor=actor, code=typed.text("code"), name=typed.text("name"), weekly=week
        )
        return reverse("console:calendar", args=[made.code])

    page = ActPage(
        title=_("Lập lịch làm việc"),
        fields=lambda s: [
            s.text("name", _("Tên lịch")),
            s.text("code", _("Mã lịch"), hint=_("Chữ thường không dấu, gạch nối; ví dụ mot-cua-thu-bay"), width="medium", max_length=40),
            *_week_fields(s, week_text(None)),
        ],
        do=do, button=_("Lập lịch"), done=_("Đã lập lịch."), back=reverse("console:calendars"), section=_section(),
    )  # fmt: skip
    return run(request, page)


@needs(EDIT_CALENDARS)
def weekly(request: HttpRequest, code: str) -> HttpResponse:
    """Other hours for every week from a day on; what that moves is shown before it is saved."""
    actor, row = actor_of(request), orgs.work_calendar(code)
    held = next((w.weekly for w in reversed(orgs.weeks_of(code))), row.weekly)
    address = reverse("console:calendar", args=[code])

    def do(typed: Typed) -> str:
        first = _first(typed)
        actions.set_weekly(
            actor=actor, code=code, weekly=_typed_week(typed), first=first, source=typed.text("source")
        )
        reason = typed.text("source") or _("Giờ làm việc trong tuần thay đổi")
        return _recounted(actor, typed, orgs.units_keeping(code), first, reason, address)

    page = ActPage(
        title=_("Giờ làm việc trong tuần"),
        fields=lambda s: [
            *_week_fields(s, week_text(held)),
            s.day("first", _("Từ ngày"), value=timezone.localdate()),
            s.text("source", _("Nguồn"), required=False, hint=_("Số, ngày văn bản")),
        ],
        do=do, button=_("Lưu giờ làm việc"), done=_("Đã lưu giờ làm việc."), back=address,
        section=_section(), thing=row.name, effect=lambda t: queries.effect_of_week(code, _first(t), _typed_week(t)),
        lead=_("Các ngày trước đó giữ giờ cũ. Hồ sơ đang chạy nào đổi hạn được cho xem trước khi lưu."),
    )  # fmt: skip
    return run(request, page)


def _typed_week(typed: Typed) -> list[SessionPairs]:
    return list(read_week([typed.text(f"day{n}") for n in range(7)]))


def _first(typed: Typed) -> date:
    return typed.maybe_day("first") or timezone.localdate()


def _recounted(actor: Actor, typed: Typed, units: list[Unit], day: date, reason: str, back: str) -> str:
    """Where to go after a change: to the run that counts cases again, if that was asked for and any would move."""
    if typed.text("promised") != "later":
        return back
    started = start_recount(actor=actor, units=units, day=day, reason=reason, back=back)
    return reverse("jobs:show", args=[started.id]) if started else back


def _week_fields(sheet: Sheet, texts: list[str]) -> list[FieldView]:
    hint = _("Ví dụ 07:30-11:30, 13:00-17:00; bỏ trống nếu nghỉ")
    return [
        sheet.text(
            f"day{n}",
            _(WEEKDAYS[n]),
            value=texts[n],
            hint=hint if n == 0 else "",
            required=False,
            width="medium",
        )
        for n in range(7)
    ]


@needs(EDIT_CALENDARS)
@require_POST
def add_holidays(request: HttpRequest, code: str) -> HttpResponse:
    """The published public holidays of a year."""
    year = _year(request.POST.get("nam", ""))
    count = actions.add_public_holidays(actor=actor_of(request), code=code, year=year)
    told = _("Đã thêm %(n)s ngày; ngày đã có giữ nguyên.") if count else _("Không có ngày nào để thêm.")
    messages.success(request, told % {"n": count} if count else told)
    return redirect(f"{reverse('console:calendar', args=[code])}?nam={year}")


@needs(EDIT_CALENDARS)
def change_day(request: HttpRequest, code: str, day: str) -> HttpResponse:
    """One day: first what its change would move, then, once confirmed, the change."""
    when, row = _date(day), orgs.work_calendar(code)
    sheet, effect, status = Sheet(), None, 200
    if request.method == "POST":
        sheet, typed = Sheet(request.POST), Typed(request.POST)
        try:
            wish = DayWish.read(typed, row, when)
            if typed.flag("confirm"):
                actor = actor_of(request)
                wish.save(actor, code, when)
                messages.success(request, _("Đã lưu ngày %(day)s.") % {"day": f"{when:%d/%m/%Y}"})
                back = f"{reverse('console:calendar', args=[code])}?nam={when.year}"
                why = f"{wish.reason or _('ngày làm việc thường')} ({when:%d/%m/%Y})"
                return redirect(_recounted(actor, typed, orgs.units_keeping(code), when, why, back))
            effect = queries.effect_of(code, when, wish.sessions, wish.reason)
        except Refusal as refusal:
            sheet, status = Sheet(request.POST, placed(refusal)), refusal.status
    own = queries.own_day(code, when)
    views = _day_fields(sheet, own, row, when)
    context = {
        "calendar": row, "day": when, "weekday": _(WEEKDAYS[when.weekday()]), "own": own, "views": views, "effect": effect,
        "errors": at_fields(sheet.errors, views), "past": when < timezone.localdate(),
        "kept": {name: request.POST.get(name, "") for name in ("kind", "hours", "reason", "source")},
    }  # fmt: skip
    return render(request, "console/day.html", context, status=status)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


@dataclass(frozen=True, slots=True)
class DayWish:
    """What somebody wants of a day: `sessions` [] closed, None as every week."""

    sessions: SessionPairs | None
    reason: str
    source: str

    @staticmethod
    def read(typed: Typed, row: WorkCalendar, when: date) -> DayWish:
        """From the form; refuses hours that cannot be, and a change without its reason."""
        sessions = sessions_of(typed.text("kind"), typed.text("hours"), row.weekly, when)
        if sessions is not None and not typed.text("reason"):
            message = _("Ghi lý do để người dân hiểu vì sao ngày này khác.")
            raise Refusal("no_reason", message, status=422, field="reason")
        return DayWish(sessions, typed.text("reason"), typed.text("source"))

    def save(self, actor: Actor, code: str, when: date) -> None:
        if self.sessions is None:
            actions.remove_calendar_day(actor=actor, code=code, day=when)
        else:
            actions.set_calendar_day(
                actor=actor,
                code=code,
                day=when,
                sessions=self.sessions,
                reason=self.reason,
                source=self.source,
            )


def _day_fields(sheet: Sheet, own: CalendarDay | None, row: WorkCalendar, when: date) -> list[FieldView]:
    kind, hours = kind_of(own.sessions if own else None, row.weekly, when)
    return [
        sheet.choice("kind", _("Ngày này"), [(k, _(text)) for k, text in DAY_KINDS.items()], value=kind),
        sheet.text("hours", _("Giờ làm việc khác"), value=hours, required=False, width="medium",
                   hint=_("Chỉ khi chọn giờ khác; ví dụ 07:30-11:30, 13:00-17:00")),
        sheet.text("reason", _("Lý do"), value=own.reason if own else "", max_length=200,
                   hint=_("Người dân thấy lý do này ở cách tính hạn")),
        sheet.text("source", _("Nguồn"), value=own.source if own else "", required=False, hint=_("Số, ngày văn bản")),
    ]  # fmt: skip


def _section() -> tuple[str, str]:
    return _("Lịch làm việc"), reverse("console:calendars")
