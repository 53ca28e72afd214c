"""Persons, their accounts, and why they may do what they do."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tinhso.core.access.route import needs
from tinhso.core.console import actions
from tinhso.core.console.forms import ActPage, Sheet, Typed, at_fields, placed, run
from tinhso.core.console.queries import people as queries
from tinhso.core.console.slots import person_links
from tinhso.core.console.views.frame import actor_of, told_once
from tinhso.core.forms.view import FieldView
from tinhso.core.people import actions as people
from tinhso.core.people import queries as known
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Refusal

PURPOSES = (
    "Quản trị tài khoản", "Phân công vị trí công tác", "Trả lời yêu cầu của chính người đó", "Kiểm tra sự cố truy cập",
)  # fmt: skip


@needs(MANAGE)
@never_cache
def people_page(request: HttpRequest) -> HttpResponse:
    """Search by POST, because a number must not stand in an address; who was looked up by number is logged."""
    sheet, found, status = Sheet(), None, 200
    if request.method == "POST":
        sheet, typed = Sheet(request.POST), Typed(request.POST)
        try:
            found = queries.find(typed.text("q"), actor=actor_of(request), purpose=typed.text("purpose"))
        except Refusal as refusal:
            sheet, status = Sheet(request.POST, placed(refusal)), refusal.status
    views = [
        sheet.text(
            "q",
            _("Tìm người"),
            hint=_("Họ tên (không cần dấu), số định danh, số điện thoại hoặc tên đăng nhập"),
        ),
        sheet.select("purpose", _("Mục đích tra cứu"), [(p, _(p)) for p in PURPOSES], value=PURPOSES[0]),
    ]
    context = {"views": views, "found": found, "errors": at_fields(sheet.errors, views)}
    return render(request, "console/people.html", context, status=status)


@needs(MANAGE)
@never_cache
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person, masked; sent with a purpose the page shows everything, and the reading is logged."""
    purpose, sheet, status = request.POST.get("purpose", "").strip(), Sheet(), 200
    if request.method == "POST" and not purpose:
        message = _("Ghi lý do; người này có thể xem ai đã đọc dữ liệu của họ và vì sao.")
        sheet, status = Sheet(request.POST, {"purpose": message}), 422
    page = queries.person_page(person_id, actor=actor_of(request), purpose=purpose)
    ask = sheet.text(
        "purpose", _("Lý do xem đầy đủ"), hint=_("Được ghi lại và chính người này xem được"), max_length=200
    )
    context = {
        "page": page,
        "person": page.person,
        "ask": ask,
        "number": known.number_of(page.full) if page.full else "",
        "links": person_links(person_id, acting=page.mine),
    }
    return render(request, "console/person.html", context, status=status)


@needs(MANAGE)
def create(request: HttpRequest) -> HttpResponse:
    """A person not known yet; a number known already leads to that person."""
    actor = actor_of(request)

    def do(typed: Typed) -> str:
        names = ("full_name", "number", "birth", "sex", "phone", "email")
        says = people.Particulars(**{name: typed.text(name) for name in names})
        return reverse("console:person", args=[people.find_or_create_person(actor=actor, says=says).id])

    page = ActPage(
        title=_("Ghi người mới"),
        fields=_person_fields,
        do=do,
        button=_("Ghi người này"),
        done=_("Đã ghi người này."),
        back=reverse("console:people"),
        section=_section(),
        lead=_("Số định danh đã có thì hệ thống mở đúng người đó, không lập người thứ hai."),
    )
    return run(request, page)


def _person_fields(sheet: Sheet) -> list[FieldView]:
    return [
        sheet.text("full_name", _("Họ, chữ đệm và tên"), kind="person_name", max_length=200),
        sheet.text(
            "number", _("Số định danh cá nhân"), kind="identity_number", hint=_("12 chữ số trên thẻ căn cước")
        ),
        sheet.day("birth", _("Ngày sinh"), required=False),
        sheet.choice("sex", _("Giới tính"), [("M", _("Nam")), ("F", _("Nữ"))]),
        sheet.text("phone", _("Số điện thoại"), kind="phone", required=False),
        sheet.text("email", _("Thư điện tử"), kind="email", required=False, hint=_("Để nhận thông báo")),
    ]


@needs(MANAGE)
@never_cache
def open_account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """An account, and its first password once."""
    actor, row, back = actor_of(request), known.person(person_id), reverse("console:person", args=[person_id])
    told: list[tuple[str, str]] = []

    def do(typed: Typed) -> None:
        account, secret = actions.open_account(
            actor=actor, person_id=person_id, username=typed.text("username")
        )
        told.append((account.username, secret))

    page = ActPage(
        title=_("Lập tài khoản"),
        fields=lambda s: [
            s.text("username", _("Tên đăng nhập"), width="medium", max_length=60,
                   hint=_("Chữ thường không dấu; cán bộ thường dùng tên ngắn, ví dụ thu.lt")),
        ],
        do=do,
        button=_("Lập tài khoản"),
        done=_("Đã lập tài khoản."),
        back=back,
        section=_section(),
        thing=row.full_name,
    )  # fmt: skip
    response = run(request, page)
    if not told:
        return response
    return _told(request, back, *told[0])


@needs(MANAGE)
@never_cache
@require_POST
def reset_password(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Another password, shown once."""
    account = known.account(account_id)
    secret = actions.reset_password(actor=actor_of(request), account_id=account_id)
    back = reverse("console:person", args=[account.person_id])
    return _told(request, back, queries.shown_username(account.username), secret)


def _told(request: HttpRequest, back: str, username: str, secret: str) -> HttpResponse:
    return told_once(
        request, title=_("Mật khẩu mới"), name=_("Tên đăng nhập: %(name)s") % {"name": username}, secret=secret, back=back,
        lead=_("Chỉ hiện một lần. Giao tận tay và nhắc người này đổi mật khẩu sau khi đăng nhập."),
    )  # fmt: skip


@needs(MANAGE)
@require_POST
def set_active(request: HttpRequest, account_id: UUID, active: bool) -> HttpResponse:
    """Lock or unlock an account."""
    account = known.account(account_id)
    actions.set_account_active(actor=actor_of(request), account_id=account_id, active=active)
    messages.success(
        request,
        _("Đã mở khóa tài khoản.") if active else _("Đã khóa tài khoản; các phiên đang mở cũng kết thúc."),
    )
    return redirect("console:person", account.person_id)


@needs(MANAGE)
def why(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Why somebody may do a thing at a unit, or why not: the answer of the rules themselves."""
    row, sheet, answer, status = known.person(person_id), Sheet(), None, 200
    names = dict(queries.permission_choices())
    if request.GET.get("quyen") and "look" not in request.GET:
        sheet, typed = Sheet(request.GET), Typed(request.GET)
        try:
            answer = {
                "why": queries.why(person_id, typed.text("quyen"), typed.unit("unit")),
                "unit": typed.unit("unit"),
            }
            answer["what"] = _(names.get(typed.text("quyen"), typed.text("quyen")))
        except Refusal as refusal:
            sheet, status = Sheet(request.GET, placed(refusal)), refusal.status
    elif request.GET:
        sheet = Sheet(request.GET)
    views = [
        sheet.select("quyen", _("Việc"), [(code, _(title)) for code, title in names.items()]),
        sheet.unit("unit", _("Ở đơn vị")),
    ]
    context = {"person": row, "views": views, "errors": at_fields(sheet.errors, views), "answer": answer}
    return render(request, "console/why.html", context, status=status)


def _section() -> tuple[str, str]:
    return _("Người, tài khoản"), reverse("console:people")
