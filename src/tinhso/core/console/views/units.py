"""Units."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.route import needs
from tinhso.core.cases.calendars import start_recount
from tinhso.core.console.forms import ActPage, Do, Fields, Sheet, Typed, run
from tinhso.core.console.queries import units as queries
from tinhso.core.console.queries.calendars import effect_of_assigning
from tinhso.core.console.views.frame import actor_of, cursor_of
from tinhso.core.forms.view import FieldView
from tinhso.core.orgs import actions
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.orgs.policy import EDIT_CALENDARS, EDIT_UNITS, abilities
from tinhso.core.orgs.references import agencies


@needs(EDIT_UNITS)
def units(request: HttpRequest) -> HttpResponse:
    """Units in the order of the tree; `?q=` words, `?loai=` a kind, `?dong=1` the closed ones."""
    words, kind = request.GET.get("q", ""), request.GET.get("loai", "")
    closed = request.GET.get("dong") == "1"
    page = queries.list_units(words, kind=kind, closed=closed, cursor=cursor_of(request))
    context = {"page": page, "asked": {"q": words, "loai": kind, "dong": closed}, "kinds": kind_choices()}
    return render(request, "console/units.html", context)


@needs(EDIT_UNITS)
def unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """One unit."""
    page = queries.unit_page(unit_id)
    context = {"page": page, "unit": page.unit, "may": abilities(actor_of(request), page.unit.path)}
    return render(request, "console/unit.html", context)


@needs(EDIT_UNITS)
def empty_posts(request: HttpRequest) -> HttpResponse:
    """Open posts that nobody holds."""
    return render(request, "console/empty_posts.html", {"page": queries.list_empty_posts(cursor_of(request))})


@needs(EDIT_UNITS)
def create(request: HttpRequest) -> HttpResponse:
    """A new unit; `?tren=` is the code of the unit above."""
    actor, above = actor_of(request), request.GET.get("tren", "")
    parent = orgs.unit_by_code(above) if above else None

    def do(typed: Typed) -> str:
        over, place = typed.unit("parent"), typed.text("territory")
        made = actions.create_unit(
            actor=actor, code=typed.text("code"), name=typed.text("name"), kind=typed.text("kind"), parent_id=over.id,
            agency=typed.text("agency"), territory_code=place or (over.territory.code if over.territory else ""),
            valid_from=typed.day("valid_from"), ground=typed.text("ground"), short_name=typed.text("short_name"),
        )  # fmt: skip
        return reverse("console:unit", args=[made.id])

    return run(
        request,
        ActPage(
            title=_("Lập đơn vị mới"),
            fields=lambda sheet: _new_unit_fields(sheet, parent),
            do=do,
            button=_("Lập đơn vị"),
            done=_("Đã lập đơn vị."),
            back=reverse("console:units"),
            section=_section(),
        ),
    )


def _new_unit_fields(sheet: Sheet, parent: Unit | None) -> list[FieldView]:
    named = [(a.id, a.name) for a in agencies().values()]
    return [
        sheet.unit("parent", _("Đơn vị cấp trên"), value=parent),
        sheet.text("name", _("Tên đầy đủ")),
        sheet.text("short_name", _("Tên gọi tắt"), required=False, max_length=100),
        sheet.text("code", _("Mã định danh"), hint=_("Theo quyết định cấp mã, ví dụ H30.41.21"), width="medium", max_length=40),
        sheet.select("kind", _("Loại đơn vị"), kind_choices()),
        sheet.select("agency", _("Lĩnh vực phụ trách"), named, required=False,
                     hint=_("Để quy trình tìm đúng cơ quan; bỏ trống với Ủy ban nhân dân.")),
        sheet.text("territory", _("Mã địa bàn"), required=False, width="short", max_length=10,
                   hint=_("Bỏ trống để lấy địa bàn của đơn vị cấp trên.")),
        sheet.day("valid_from", _("Có hiệu lực từ ngày"), value=timezone.localdate()),
        _ground(sheet),
    ]  # fmt: skip


@needs(EDIT_UNITS)
def rename(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Another name from a day."""
    found, actor = orgs.unit(unit_id), actor_of(request)
    return run(
        request,
        _page(
            found, _("Đổi tên đơn vị"), _("Đổi tên"), _("Đã ghi tên mới."),
            lambda s: [s.text("name", _("Tên mới"), value=found.name), _from_day(s), _ground(s)],
            lambda t: actions.rename_unit(
                actor=actor, unit_id=unit_id, name=t.text("name"), on=t.day("on"), ground=t.text("ground")
            ),
            lead=_("Giấy tờ lập trước ngày này vẫn mang tên cũ."),
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
def recode(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Another official code from a day."""
    found, actor = orgs.unit(unit_id), actor_of(request)
    return run(
        request,
        _page(
            found, _("Đổi mã định danh"), _("Đổi mã"), _("Đã ghi mã mới."),
            lambda s: [s.text("code", _("Mã mới"), value=found.code, width="medium", max_length=40), _from_day(s), _ground(s)],
            lambda t: actions.recode_unit(
                actor=actor, unit_id=unit_id, code=t.text("code"), on=t.day("on"), ground=t.text("ground")
            ),
            lead=_("Mã hồ sơ đã cấp theo mã cũ vẫn dẫn về đơn vị này."),
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
def move(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Under another unit from a day."""
    found, actor = orgs.unit(unit_id), actor_of(request)
    return run(
        request,
        _page(
            found, _("Chuyển đơn vị"), _("Chuyển"), _("Đã ghi đơn vị cấp trên mới."),
            lambda s: [s.unit("parent", _("Đơn vị cấp trên mới")), _from_day(s), _ground(s)],
            lambda t: actions.move_unit(
                actor=actor, unit_id=unit_id, parent_id=t.unit("parent").id, on=t.day("on"), ground=t.text("ground")
            ),
            lead=_("Mọi đơn vị trực thuộc chuyển theo."),
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
def close(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """The end of a unit, and who continues it."""
    found, actor = orgs.unit(unit_id), actor_of(request)

    def do(typed: Typed) -> None:
        successor = typed.maybe_unit("successor")
        actions.close_unit(
            actor=actor, unit_id=unit_id, on=typed.day("on"), ground=typed.text("ground"),
            successor_id=successor.id if successor else None,
        )  # fmt: skip

    return run(
        request,
        _page(
            found, _("Đóng đơn vị"), _("Đóng đơn vị"), _("Đã ghi ngày đóng đơn vị."),
            lambda s: [
                s.unit("successor", _("Đơn vị kế thừa"), required=False,
                       hint=_("Việc của đơn vị này từ ngày đóng sẽ về đơn vị kế thừa.")),
                _from_day(s, _("Ngày đầu tiên không còn hoạt động")), _ground(s),
            ],
            do,
            lead=_("Người giữ vị trí ở đơn vị này sẽ không còn quyền từ ngày đóng."), danger=True,
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
def contact(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Address and telephone."""
    found, actor = orgs.unit(unit_id), actor_of(request)
    return run(
        request,
        _page(
            found, _("Sửa địa chỉ, điện thoại"), _("Lưu"), _("Đã lưu địa chỉ, điện thoại."),
            lambda s: [
                s.text("address", _("Địa chỉ"), value=found.address, required=False),
                s.text("phone", _("Điện thoại"), value=found.phone, required=False, width="medium", max_length=30),
            ],
            lambda t: actions.update_unit_contact(
                actor=actor, unit_id=unit_id, address=t.text("address"), phone=t.text("phone")
            ),
            lead=_("In trên giấy hẹn và hiện cho người dân."),
        ),
    )  # fmt: skip


@needs(EDIT_CALENDARS)
def assign_calendar(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Which calendar a unit keeps."""
    found, actor = orgs.unit(unit_id), actor_of(request)
    own = next((code or "" for _day, code in reversed(orgs.own_calendars(found.path))), "")
    named = [("", _("Theo đơn vị cấp trên")), *((c.code, c.name) for c in orgs.work_calendars())]
    back = reverse("console:unit", args=[unit_id])

    def do(typed: Typed) -> str:
        code, first = typed.text("code"), typed.maybe_day("first") or timezone.localdate()
        actions.assign_calendar(actor=actor, unit_id=unit_id, code=code or None, first=first)
        if typed.text("promised") != "later":
            return back
        reason = _("%(unit)s đổi lịch làm việc từ %(day)s") % {"unit": found.name, "day": f"{first:%d/%m/%Y}"}
        units = orgs.with_below(found)
        started = start_recount(actor=actor, units=units, day=first, reason=reason, back=back)
        return reverse("jobs:show", args=[started.id]) if started else back

    page = _page(
        found, _("Lịch làm việc của đơn vị"), _("Lưu"), _("Đã lưu lịch làm việc của đơn vị."),
        lambda s: [s.choice("code", _("Lịch"), named, value=own), s.day("first", _("Từ ngày"), value=timezone.localdate())],
        do, lead=_("Áp dụng cho cả đơn vị trực thuộc không có lịch riêng. Các ngày trước đó giữ lịch cũ."),
    )  # fmt: skip
    today = timezone.localdate()
    shown = replace(
        page,
        effect=lambda t: effect_of_assigning(found, t.text("code"), t.maybe_day("first") or today),
    )
    return run(request, shown)


def kind_choices() -> list[tuple[str, str]]:
    """The kinds of units in words."""
    return [(value, _(label)) for value, label in UnitKind.choices]


def _section() -> tuple[str, str]:
    return _("Đơn vị, vị trí"), reverse("console:units")


def _from_day(sheet: Sheet, label: str = "") -> FieldView:
    return sheet.day("on", label or _("Từ ngày"), value=timezone.localdate())


def _ground(sheet: Sheet) -> FieldView:
    return sheet.text("ground", _("Căn cứ"), required=False, hint=_("Số, ngày quyết định; ghi vào nhật ký."))


def _page(
    unit: Unit,
    title: str,
    button: str,
    done: str,
    fields: Fields,
    do: Do,
    *,
    lead: str = "",
    danger: bool = False,
) -> ActPage:
    """An act on a unit: its page is where one comes from and goes back to."""
    back = reverse("console:unit", args=[unit.id])
    return ActPage(title, fields, do, button, done, back, _section(), unit.name, lead, danger)
