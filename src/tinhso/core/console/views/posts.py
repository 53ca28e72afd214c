"""Posts: what roles they carry and who holds them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tinhso.core.access import actions as access
from tinhso.core.access.route import needs
from tinhso.core.console.forms import ActPage, Do, Fields, Sheet, Typed, run
from tinhso.core.console.queries import units as queries
from tinhso.core.console.views.frame import actor_of
from tinhso.core.forms.view import FieldView
from tinhso.core.orgs import actions
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_UNITS, abilities
from tinhso.core.people import queries as people
from tinhso.core.people.queries import MaskedPerson
from tinhso.kit.errors import Refusal

PURPOSE = "Phân công người giữ vị trí công tác"


@needs(EDIT_UNITS)
def post(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """One post."""
    page = queries.post_page(post_id)
    return render(
        request, "console/post.html", {"page": page, "may": abilities(actor_of(request), page.unit.path)}
    )


@needs(EDIT_UNITS)
def create(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """A new post in a unit."""
    unit, actor = orgs.unit(unit_id), actor_of(request)

    def do(typed: Typed) -> str:
        made = actions.create_post(
            actor=actor, unit_id=unit_id, code=typed.text("code"), title=typed.text("title")
        )
        return reverse("console:post", args=[made.id])

    page = ActPage(
        title=_("Lập vị trí công tác"),
        fields=lambda s: [
            s.text("title", _("Chức danh"), hint=_("Ví dụ: Công chức tư pháp - hộ tịch"), max_length=200),
            s.text(
                "code",
                _("Mã vị trí"),
                hint=_("Chữ không dấu, mỗi đơn vị không trùng"),
                width="medium",
                max_length=60,
            ),
        ],
        do=do,
        button=_("Lập vị trí"),
        done=_("Đã lập vị trí. Giao vai trò và phân công người ở trang này."),
        back=reverse("console:unit", args=[unit_id]),
        section=_section(),
        thing=unit.name,
    )
    return run(request, page)


@needs(EDIT_UNITS)
def rename(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Another title."""
    found, actor = queries.post_page(post_id).post, actor_of(request)
    return run(
        request,
        _page(
            found, _("Đổi chức danh"), _("Đổi chức danh"), _("Đã đổi chức danh."),
            lambda s: [s.text("title", _("Chức danh mới"), value=found.title, max_length=200)],
            lambda t: actions.rename_post(actor=actor, post_id=post_id, title=t.text("title")),
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
@require_POST
def set_active(request: HttpRequest, post_id: UUID, active: bool) -> HttpResponse:
    """Close or open a post."""
    (actions.reopen_post if active else actions.close_post)(actor=actor_of(request), post_id=post_id)
    messages.success(
        request,
        _("Đã mở lại vị trí.") if active else _("Đã đóng vị trí; người giữ không còn quyền của vị trí này."),
    )
    return redirect("console:post", post_id)


@needs(EDIT_UNITS)
def give_role(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A role for a post, or whether it reaches below."""
    page, actor = queries.post_page(post_id), actor_of(request)
    given = request.GET.get("vai-tro", "")
    below = any(r.below for r in page.roles if r.role_id == given)
    return run(
        request,
        _page(
            page.post, _("Giao vai trò"), _("Giao vai trò"), _("Đã giao vai trò."),
            lambda s: [
                s.select("role", _("Vai trò"), queries.role_choices(), value=given),
                s.tick("below", _("Phạm vi"), _("Cả các đơn vị trực thuộc"), value=below,
                       hint=_("Không chọn: chỉ tại đơn vị của vị trí này.")),
            ],
            lambda t: access.assign_role(actor=actor, post_id=post_id, role=t.text("role"), below=t.flag("below")),
        ),
    )  # fmt: skip


@needs(EDIT_UNITS)
@require_POST
def take_role(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """A role no more."""
    access.remove_role(actor=actor_of(request), post_id=post_id, role=request.POST.get("role", ""))
    messages.success(request, _("Đã bỏ vai trò khỏi vị trí."))
    return redirect("console:post", post_id)


@needs(EDIT_UNITS)
def appoint(request: HttpRequest, post_id: UUID) -> HttpResponse:
    """Somebody on a post: found by name or number, then chosen. What is typed never stands in an address."""
    found, actor = queries.post_page(post_id).post, actor_of(request)
    words = request.POST.get("who", "")
    people_found = people.search_people(words, actor=actor, purpose=PURPOSE) if words else []

    def do(typed: Typed) -> None:
        if not typed.text("person"):
            message = (
                _("Tìm rồi chọn một người.")
                if people_found
                else _("Không tìm thấy ai; thử tên khác hoặc số định danh.")
            )
            raise Refusal("no_person", message, status=422, field="person" if people_found else "who")
        access.appoint(
            actor=actor, person_id=UUID(typed.text("person")), post_id=post_id, valid_from=typed.day("valid_from"),
            valid_to=typed.maybe_day("valid_to"), ground=typed.text("ground"),
        )  # fmt: skip

    return run(
        request,
        _page(
            found, _("Phân công người"), _("Phân công"), _("Đã phân công."),
            lambda s: _appoint_fields(s, people_found), do, look=_("Tìm"),
        ),
    )  # fmt: skip


def _appoint_fields(sheet: Sheet, found: list[MaskedPerson]) -> list[FieldView]:
    lines = [(str(p.id), ", ".join(filter(None, (p.full_name, p.birth_year, p.number)))) for p in found]
    chosen = [sheet.choice("person", _("Chọn một người"), lines)] if lines else []
    return [
        sheet.text(
            "who",
            _("Tìm người"),
            hint=_("Họ tên, số định danh hoặc số điện thoại; rồi bấm Tìm"),
            max_length=100,
        ),
        *chosen,
        sheet.day("valid_from", _("Từ ngày"), value=timezone.localdate()),
        sheet.day(
            "valid_to",
            _("Đến hết trước ngày"),
            required=False,
            hint=_("Bỏ trống khi chưa định ngày thôi giữ."),
        ),
        sheet.text("ground", _("Căn cứ"), required=False, hint=_("Số, ngày quyết định; ghi vào nhật ký.")),
    ]


@needs(EDIT_UNITS)
def end_holding(request: HttpRequest, holding_id: UUID) -> HttpResponse:
    """Somebody holds a post no more."""
    held, actor = queries.holding(holding_id), actor_of(request)
    return run(
        request,
        _page(
            held.post, _("Thôi phân công"), _("Thôi phân công"), _("Đã ghi ngày thôi giữ."),
            lambda s: [
                s.day("on", _("Ngày đầu tiên không còn giữ"), value=timezone.localdate()),
                s.text("ground", _("Căn cứ"), required=False),
            ],
            lambda t: access.end_holding(actor=actor, holding_id=holding_id, on=t.day("on"), ground=t.text("ground")),
            lead=f"{held.person.full_name} – {held.post.title}",
        ),
    )  # fmt: skip


def _section() -> tuple[str, str]:
    return _("Đơn vị, vị trí"), reverse("console:units")


def _page(
    post: Post,
    title: str,
    button: str,
    done: str,
    fields: Fields,
    do: Do,
    *,
    lead: str = "",
    danger: bool = False,
    look: str = "",
) -> ActPage:
    """An act on a post: its page is where one comes from and goes back to."""
    back = reverse("console:post", args=[post.id])
    return ActPage(title, fields, do, button, done, back, _section(), post.title, lead, danger, look)
