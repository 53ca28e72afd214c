"""What needs an administrator's attention now, in plain words, with the page that helps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.core.console.policy import AUDIT, OPERATE
from tinhso.core.console.queries.operations import idle_seen
from tinhso.core.events.models import Delivery
from tinhso.core.notify.models import Message
from tinhso.core.orgs.models import CalendarDay, Post, WorkCalendar
from tinhso.core.orgs.policy import EDIT_CALENDARS, EDIT_UNITS
from tinhso.core.ui.health import Check, all_checks

CAP = 1_000
STALE_MAIL = timedelta(minutes=15)
STALE_DELIVERY = timedelta(minutes=5)
#: From this day of the year on, the next year's days off should be in the calendars.
_NEXT_YEAR_FROM = (11, 1)


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing looked at: `kind` is `ok`, `soon` or `over`; `url` leads to where it is dealt with."""

    kind: str
    title: str
    text: str
    url: str = ""


def signs(actor: Actor) -> list[Sign]:
    """What this reader may look after, troubles first."""
    found: list[Sign] = []
    if actor.may(OPERATE):
        found += [*_parts(all_checks()), _dead(), _waiting(), _jobs(), _mail()]
    if actor.may(EDIT_UNITS):
        found += [_empty_posts(), _idle(actor)]
    if actor.may(EDIT_CALENDARS):
        found += _holidays(timezone.localdate())
    if actor.may(AUDIT):
        found.append(
            Sign(
                "ok",
                _("Nhật ký"),
                _("Xem ai đã làm gì, và kiểm tra chuỗi nhật ký."),
                reverse("console:audit"),
            )
        )
    return sorted(found, key=lambda sign: ("over", "soon", "ok").index(sign.kind))


def _capped(rows: QuerySet[Model]) -> int:
    return rows[: CAP + 1].count()


def _many(count: int) -> str:
    return f"{CAP}+" if count > CAP else str(count)


def _parts(checks: list[Check]) -> list[Sign]:
    words = {
        "database": (_("Cơ sở dữ liệu"), _("Đang trả lời."), _("Không trả lời.")),
        "migrations": (
            _("Phiên bản dữ liệu"), _("Khớp với phiên bản phần mềm."), _("Chưa cập nhật; người vận hành chạy make migrate."),
        ),
        "disk": (_("Ổ đĩa"), _("Còn đủ chỗ."), _("Sắp hết chỗ; người nộp có thể không tải tệp lên được.")),
        "worker": (
            _("Tiến trình nền"), _("Đang chạy."),
            _("Không thấy hoạt động; thư, tìm kiếm, thông báo đang dừng. Khởi động lại tiến trình nền."),
        ),
        "trust": (
            _("Dịch vụ ký và dấu thời gian"), _("Đang trả lời."), _("Không trả lời; việc ký phải chờ, hồ sơ vẫn nộp được."),
        ),
    }  # fmt: skip
    found = []
    for check in checks:
        title, good, bad = words[check.name]
        kind = "ok" if check.ok else "over" if check.required or check.name == "worker" else "soon"
        found.append(Sign(kind, title, good if check.ok else bad))
    return found


def _dead() -> Sign:
    count = _capped(Delivery.objects.filter(dead=True))
    title, url = _("Sự kiện không chuyển được"), reverse("console:deliveries")
    if not count:
        return Sign("ok", title, _("Không có."), url)
    text = _("%(n)s lượt đã thử hết số lần. Xem lỗi, sửa nguyên nhân rồi thử lại.") % {"n": _many(count)}
    return Sign("over", title, text, url)


def _waiting() -> Sign:
    late = timezone.now() - STALE_DELIVERY
    count = _capped(Delivery.objects.filter(done_at__isnull=True, dead=False, next_at__lt=late))
    title = _("Sự kiện đang chờ")
    if not count:
        return Sign("ok", title, _("Không có sự kiện nào chờ quá 5 phút."))
    return Sign(
        "soon",
        title,
        _("%(n)s lượt chờ quá 5 phút; xem tiến trình nền có đang chạy không.") % {"n": _many(count)},
    )


def _jobs() -> Sign:
    count = _capped(ProcrastinateJob.objects.filter(status="failed"))
    title, url = _("Công việc nền bị hỏng"), reverse("console:jobs") + "?tt=failed"
    if not count:
        return Sign("ok", title, _("Không có."), url)
    return Sign("over", title, _("%(n)s công việc cần xem lại.") % {"n": _many(count)}, url)


def _mail() -> Sign:
    unsent = Message.objects.filter(
        ~Q(email=""), emailed_at__isnull=True, created_at__lt=timezone.now() - STALE_MAIL
    )
    count = _capped(unsent)
    title = _("Thư chưa gửi được")
    if not count:
        return Sign("ok", title, _("Không có thư nào chờ quá 15 phút."))
    return Sign("soon", title, _("%(n)s thư chờ quá 15 phút; kiểm tra máy chủ thư.") % {"n": _many(count)})


def empty_posts() -> QuerySet[Post]:
    """The open posts of open units that nobody holds today."""
    today = timezone.localdate()
    held = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today)
    return Post.objects.filter(active=True, unit__active=True).exclude(id__in=held.values("post_id"))


def _empty_posts() -> Sign:
    count = _capped(empty_posts())
    title, url = _("Vị trí chưa có người"), reverse("console:empty_posts")
    if not count:
        return Sign("ok", title, _("Vị trí nào cũng có người giữ."), url)
    return Sign("soon", title, _("%(n)s vị trí đang mở mà không ai giữ.") % {"n": _many(count)}, url)


def _idle(actor: Actor) -> Sign:
    count = len(idle_seen(actor))
    title, url = _("Việc không ai làm"), reverse("console:idle")
    if not count:
        return Sign("ok", title, _("Việc nào cũng có người làm."), url)
    return Sign("over", title, _("%(n)s nơi có việc mà không ai làm.") % {"n": count}, url)


def _holidays(today: date) -> list[Sign]:
    """Late in the year: the calendars without one closed day in the next."""
    year = today.year + 1 if (today.month, today.day) >= _NEXT_YEAR_FROM else today.year
    known = CalendarDay.objects.filter(day__year=year).values("calendar")
    return [
        Sign(
            "soon",
            _("Lịch làm việc năm %(year)s") % {"year": year},
            _("Lịch “%(name)s” chưa có ngày nghỉ lễ năm %(year)s.") % {"name": calendar.name, "year": year},
            reverse("console:calendar", args=[calendar.code]) + f"?nam={year}",
        )
        for calendar in WorkCalendar.objects.exclude(id__in=known).order_by("name")
    ]
