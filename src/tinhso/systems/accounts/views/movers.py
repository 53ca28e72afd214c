"""Joiners, movers and leavers of the units somebody keeps."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tinhso.core.access import actions as access
from tinhso.core.access.route import needs
from tinhso.core.console.forms import ActPage, Sheet, Typed, run
from tinhso.core.forms.view import FieldView
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.kit.errors import Refusal
from tinhso.systems.accounts.queries import movers as queries
from tinhso.systems.accounts.views.frame import actor_of, cursor_of

LISTS = {"den": _("Mới đến, sắp đến"), "di": _("Thôi giữ"), "": _("Đang giữ")}


@needs(EDIT_UNITS)
@never_cache
@require_GET
def movers(request: HttpRequest) -> HttpResponse:
    """Three lists of the reader's units: who holds a post, who begins, who ends."""
    which, text, actor = request.GET.get("ds", ""), request.GET.get("q", ""), actor_of(request)
    cursor = cursor_of(request)
    if which == "den":
        page = queries.starting(actor, cursor=cursor)
    elif which == "di":
        page = queries.leaving(actor, cursor=cursor)
    else:
        which, page = "", queries.here(actor, text, cursor=cursor)
    tabs = [
        {"text": _(words), "url": f"?ds={code}", "current": which == code}
        for code, words in reversed(LISTS.items())
    ]
    context = {"page": page, "tabs": tabs, "which": which, "q": text, "today": timezone.localdate()}
    return render(request, "accounts/movers.html", context)


def _moment(typed: Typed) -> datetime | None:
    """When it ends: a day, with an hour or at its beginning; None means now."""
    day = typed.maybe_day("on")
    if day is None:
        return None
    hour = typed.text("hour")
    try:
        at = time.fromisoformat(hour) if hour else time(0)
    except ValueError:
        raise Refusal("bad_hour", _("Giờ ghi như 17:00."), status=422, field="hour") from None
    moment = timezone.make_aware(datetime.combine(day, at))
    if moment < timezone.now() and day < timezone.localdate():
        raise Refusal(
            "past", _("Ngày thôi giữ đã qua. Bỏ trống để thôi ngay lúc này."), status=422, field="on"
        )
    return moment


def _when(sheet: Sheet) -> list[FieldView]:
    return [
        sheet.day(
            "on",
            _("Từ ngày"),
            required=False,
            hint=_("Bỏ trống: thôi ngay lúc này, mọi quyền hết trong phút này."),
        ),
        sheet.text(
            "hour", _("Từ giờ"), required=False, width="short", hint=_("Ví dụ 17:00; bỏ trống là từ đầu ngày")
        ),
        sheet.text("ground", _("Căn cứ"), hint=_("Số, ngày quyết định; ghi vào nhật ký."), required=False),
    ]


def _page(**parts: Any) -> ActPage:
    return ActPage(
        back=reverse("accounts:movers"), section=(_("Biến động nhân sự"), reverse("accounts:movers")), **parts
    )


@needs(EDIT_UNITS)
@never_cache
def end(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """One post no more, now or from a moment on."""
    actor = actor_of(request)
    held = queries.holding(holding_id, actor=actor)
    return run(
        request,
        _page(
            title=_("Thôi giữ vị trí"), thing=f"{held.person.full_name}, {held.post.title}", fields=_when, danger=True,
            button=_("Thôi giữ vị trí này"), done=_("Đã ghi. Quyền của vị trí hết đúng lúc đó ở mọi nơi."),
            do=lambda t: access.end_holding_at(actor=actor, holding_id=holding_id, at=_moment(t), ground=t.text("ground")) and None,
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
@never_cache
def leave(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Everything the person holds no more."""
    actor = actor_of(request)
    held = queries.holding(holding_id, actor=actor)
    return run(
        request,
        _page(
            title=_("Nghỉ việc"), thing=held.person.full_name, fields=_when, danger=True, button=_("Thôi mọi vị trí"),
            lead=_("Thôi mọi vị trí người này giữ. Khóa API, ủy quyền và việc đang chạy của họ mất quyền cùng lúc; tài khoản công dân vẫn còn."),
            done=_("Đã ghi nghỉ việc."),
            do=lambda t: access.leave(actor=actor, person_id=held.person_id, at=_moment(t), ground=t.text("ground")) and None,
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
@never_cache
def move(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """To another post of the reader's units, from a day."""
    actor = actor_of(request)
    held = queries.holding(holding_id, actor=actor)
    found = queries.posts(actor, request.POST.get("where", ""))

    def do(typed: Typed) -> None:
        if not typed.text("post"):
            told = (
                _("Tìm rồi chọn một vị trí.")
                if found
                else _("Không có vị trí nào khớp trong phạm vi của bạn.")
            )
            raise Refusal("no_post", told, status=422, field="post" if found else "where")
        access.move(
            actor=actor, holding_id=holding_id, post_id=UUID(typed.text("post")), on=typed.day("on"), ground=typed.text("ground")
        )  # fmt: skip

    return run(
        request,
        _page(
            title=_("Chuyển vị trí"), thing=f"{held.person.full_name}, {held.post.title}", do=do, look=_("Tìm"),
            fields=lambda s: _move_fields(s, found), button=_("Chuyển"), done=_("Đã ghi chuyển vị trí."),
        ),
    )  # fmt: skip


def _move_fields(sheet: Sheet, found: list[Post]) -> list[FieldView]:
    lines = [(str(p.id), f"{p.title}, {p.unit.name}") for p in found]
    return [
        sheet.text(
            "where", _("Tìm vị trí mới"), hint=_("Chức danh hoặc tên đơn vị; rồi bấm Tìm"), max_length=100
        ),
        *([sheet.choice("post", _("Chọn một vị trí"), lines)] if lines else []),
        sheet.day("on", _("Từ ngày"), value=timezone.localdate()),
        sheet.text("ground", _("Căn cứ"), required=False, hint=_("Số, ngày quyết định; ghi vào nhật ký.")),
    ]
