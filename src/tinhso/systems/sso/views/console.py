"""Administrators' pages: the programs connected to the province's sign-on, and its keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.route import needs
from tinhso.core.console.forms import ActPage, Sheet, Typed, run
from tinhso.core.console.views.frame import cursor_of, told_once
from tinhso.core.forms.view import FieldView
from tinhso.systems.sso.actions import clients as actions
from tinhso.systems.sso.actions import keys as key_actions
from tinhso.systems.sso.actions.clients import Says
from tinhso.systems.sso.choices import LEVELS, SCOPES, Kind, Subject
from tinhso.systems.sso.models import Client, Key
from tinhso.systems.sso.policy import CLIENTS, KEYS, abilities
from tinhso.systems.sso.queries import clients as queries
from tinhso.systems.sso.views.frame import actor_of

TOLD = gettext_lazy(
    "Chỉ hiện một lần. Chép ngay vào nơi giữ bí mật của ứng dụng; hệ thống không giữ khóa này."
)


@needs(CLIENTS, assurance=2)
def clients(request: HttpRequest) -> HttpResponse:
    """All programs."""
    found = queries.clients(actor_of(request), cursor_of(request))
    return render(request, "sso/clients.html", {"page": found})


@needs(CLIENTS, assurance=2)
def client(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """One program: how it is connected, who is signed in to it, what it did not hear."""
    actor = actor_of(request)
    found = queries.client_page(actor, client_id, now=timezone.now(), cursor=cursor_of(request))
    context = {"page": found, "client": found.client, "may": abilities(actor, found.client)}
    return render(request, "sso/client.html", context)


@needs(CLIENTS, assurance=2)
@never_cache
def create(request: HttpRequest) -> HttpResponse:
    """Connect a program; its secret is shown once."""
    actor, back, told = actor_of(request), reverse("sso:clients"), []

    def do(typed: Typed) -> str:
        row, secret = actions.create(actor=actor, says=_says(typed))
        told.append((row, secret))
        return reverse("sso:client", args=[row.id])

    page = ActPage(
        title=_("Kết nối ứng dụng"),
        fields=lambda sheet: [_kind(sheet), *_fields(sheet)],
        do=do,
        button=_("Kết nối"),
        done=_("Đã kết nối ứng dụng."),
        back=back,
        section=(_("Ứng dụng kết nối"), back),
        lead=_(
            "Ứng dụng của tỉnh hay của nơi khác cho người dùng đăng nhập bằng tài khoản này (OpenID Connect)."
        ),
    )
    response = run(request, page)
    if told and told[0][1]:
        row, secret = told[0]
        name = f"client_id: {row.client_id}"
        here = reverse("sso:client", args=[row.id])
        return told_once(
            request, title=_("Khóa bí mật của ứng dụng"), lead=str(TOLD), secret=secret, back=here, name=name
        )
    return response


@needs(CLIENTS, assurance=2)
def edit(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Change a program."""
    actor = actor_of(request)
    row = queries.client_of(actor, client_id)
    back = reverse("sso:client", args=[client_id])
    page = ActPage(
        title=_("Sửa ứng dụng"),
        fields=lambda sheet: _fields(sheet, row),
        do=lambda typed: _edited(typed, request, client_id),
        button=_("Lưu"),
        done=_("Đã lưu."),
        back=back,
        section=(_("Ứng dụng kết nối"), reverse("sso:clients")),
        thing=row.name,
    )
    return run(request, page)


def _edited(typed: Typed, request: HttpRequest, client_id: UUID) -> None:
    actions.edit(actor=actor_of(request), client_id=client_id, says=_says(typed))


@needs(CLIENTS, assurance=2)
@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """A new secret, shown once."""
    actor, told = actor_of(request), []
    row, back = queries.client_of(actor, client_id), reverse("sso:client", args=[client_id])

    def do(typed: Typed) -> None:
        told.append(actions.rotate_secret(actor=actor, client_id=client_id, at_once=typed.flag("at_once")))

    page = ActPage(
        title=_("Đổi khóa bí mật"),
        fields=lambda s: [
            s.tick("at_once", _("Khóa cũ đã lộ"), _("Ngừng khóa cũ ngay"),
                   hint=_("Nếu không, khóa cũ còn dùng được 24 giờ để kịp thay trong ứng dụng")),
        ],
        do=do, button=_("Đổi khóa"), done=_("Đã đổi khóa."), back=back,
        section=(_("Ứng dụng kết nối"), reverse("sso:clients")), thing=row.name,
    )  # fmt: skip
    response = run(request, page)
    if not told:
        return response
    name = f"client_id: {row.client_id}"
    return told_once(
        request, title=_("Khóa bí mật mới"), lead=str(TOLD), secret=told[0], back=back, name=name
    )


@needs(CLIENTS, assurance=2)
@require_POST
def set_active(request: HttpRequest, client_id: UUID, *, active: bool) -> HttpResponse:
    """Close a program, or open it again."""
    actions.set_active(actor=actor_of(request), client_id=client_id, active=active)
    messages.success(
        request, _("Đã mở lại ứng dụng.") if active else _("Đã ngừng ứng dụng và thu hồi mọi lượt đăng nhập.")
    )
    return redirect("sso:client", client_id)


def _says(typed: Typed) -> Says:
    def lines(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(typed.text(name).split()))

    kind = typed.text("kind") or Kind.WEB
    ticked = tuple(scope for scope in SCOPES if scope == "openid" or typed.flag(f"scope_{scope}"))
    return Says(
        name=typed.text("name"),
        kind=kind,
        contact=typed.text("contact"),
        redirect_uris=lines("redirect_uris"),
        logout_uris=lines("logout_uris"),
        backchannel_uri=typed.text("backchannel_uri"),
        scopes=lines("service_scopes") if kind == Kind.SERVICE else ticked,
        subject=typed.text("subject") or Subject.PAIRWISE,
        sector=typed.text("sector"),
        min_level=typed.text("min_level") or "1",
        trusted=typed.flag("trusted"),
        may_introspect=typed.flag("may_introspect"),
    )


def _words(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    return [(code, str(text)) for code, text in pairs]


def _kind(sheet: Sheet) -> FieldView:
    return sheet.choice("kind", _("Loại ứng dụng"), _words(Kind.choices), value=Kind.WEB)


def _fields(sheet: Sheet, row: Client | None = None) -> list[FieldView]:
    """What is asked of a program; parts that do not fit its kind are simply left empty."""
    common = [
        sheet.text("name", _("Tên ứng dụng"), value=row.name if row else "", hint=_("Người dùng thấy tên này"), max_length=120),
        sheet.text("contact", _("Người phụ trách"), value=row.contact if row else "", required=False, max_length=200),
    ]  # fmt: skip
    if row is not None and row.kind == Kind.SERVICE:
        return [*common, _service_scopes(sheet, row)]
    people = [*_addresses(sheet, row), *(_scope(sheet, scope, row) for scope in SCOPES if scope != "openid"), *_trust(sheet, row)]  # fmt: skip
    if row is not None:
        return common + people
    sector = sheet.text(
        "sector", _("Nhóm ứng dụng"), required=False, max_length=200,
        hint=_("Các ứng dụng cùng nhóm nhận cùng một mã người dùng; để trống thì theo tên miền"),
    )  # fmt: skip
    return [*common, *people, sector, _service_scopes(sheet, None)]


def _addresses(sheet: Sheet, row: Client | None) -> list[FieldView]:
    def rows(name: str, label: str, hint: str) -> FieldView:
        kept = "\n".join(getattr(row, name, ()))
        return sheet.text(
            name, label, hint=hint, value=kept, required=False, kind="textarea", max_length=3000
        )

    return [
        rows("redirect_uris", _("Địa chỉ quay về (redirect URI)"), _("Mỗi dòng một địa chỉ, đúng từng ký tự")),
        rows("logout_uris", _("Địa chỉ quay về sau khi đăng xuất"), _("Mỗi dòng một địa chỉ")),
        sheet.text(
            "backchannel_uri", _("Địa chỉ nhận tin đăng xuất"), value=row.backchannel_uri if row else "", required=False,
            hint=_("Hệ thống gọi thẳng địa chỉ này khi người dùng đăng xuất (back-channel logout)"), max_length=500,
        ),
    ]  # fmt: skip


def _trust(sheet: Sheet, row: Client | None) -> list[FieldView]:
    least, subject = (row.min_level, row.subject) if row else ("1", str(Subject.PAIRWISE))
    return [
        sheet.choice("min_level", _("Mức đăng nhập tối thiểu"), _words(LEVELS.items()), value=least),
        sheet.choice("subject", _("Mã người dùng gửi cho ứng dụng"), _words(Subject.choices), value=subject),
        sheet.tick(
            "trusted", _("Ứng dụng của tỉnh"), _("Không hỏi người dùng trước khi gửi thông tin"),
            value=bool(row and row.trusted),
        ),
        sheet.tick(
            "may_introspect", _("Máy chủ dữ liệu"), _("Được hỏi về mã truy cập của ứng dụng khác"),
            value=bool(row and row.may_introspect),
        ),
    ]  # fmt: skip


def _scope(sheet: Sheet, scope: str, row: Client | None) -> FieldView:
    return sheet.tick(f"scope_{scope}", scope, str(SCOPES[scope]), value=bool(row and scope in row.scopes))


def _service_scopes(sheet: Sheet, row: Client | None) -> FieldView:
    return sheet.text(
        "service_scopes", _("Phạm vi của dịch vụ"), value=row.scope if row else "", required=False, max_length=200,
        hint=_("Chỉ cho dịch vụ không có người dùng: tên các quyền, cách nhau bằng khoảng trắng"),
    )  # fmt: skip


@needs(KEYS, assurance=2)
def keys(request: HttpRequest) -> HttpResponse:
    """The signing keys: which signs, which waits, which is still accepted."""
    now = timezone.now()
    rows = queries.keys(actor_of(request))
    return render(request, "sso/keys.html", {"lines": [(row, _state(row, rows, now)) for row in rows]})


def _state(row: Key, rows: list[Key], now: object) -> tuple[str, str]:
    live = [k for k in rows if k.withdrawn_at is None and k.signs_from <= now]  # type: ignore[operator]
    signing = max(live, key=lambda k: (k.published_until is None, k.signs_from), default=None)
    if row.withdrawn_at:
        return _("Đã thu hồi"), "over"
    if signing is not None and row.id == signing.id:
        return _("Đang ký"), "ok"
    if row.signs_from > now:  # type: ignore[operator]
        return _("Chờ đến lượt"), "info"
    if row.published_until is None or row.published_until > now:  # type: ignore[operator]
        return _("Còn được công nhận"), "soon"
    return _("Hết hạn"), "plain"


@needs(KEYS, assurance=2)
@require_POST
def rotate_keys(request: HttpRequest) -> HttpResponse:
    """A new key."""
    key_actions.rotate(actor=actor_of(request))
    messages.success(request, _("Đã tạo khóa mới. Khóa được công bố ngay và bắt đầu ký sau một ngày."))
    return redirect("sso:keys")


@needs(KEYS, assurance=2)
@require_http_methods(["GET", "POST"])
def withdraw_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A leaked key out, at once."""
    back = reverse("sso:keys")
    page = ActPage(
        title=_("Thu hồi khóa ký"),
        fields=lambda s: [s.text("reason", _("Lý do"), max_length=300)],
        do=lambda typed: key_actions.withdraw(
            actor=actor_of(request), key_id=key_id, reason=typed.text("reason")
        ),
        button=_("Thu hồi ngay"),
        done=_("Đã thu hồi khóa. Một khóa khác ký từ bây giờ."),
        back=back,
        section=(_("Khóa ký đăng nhập"), back),
        lead=_("Chỉ khi khóa đã lộ: mọi chứng nhận đăng nhập ký bằng khóa này hết giá trị ngay."),
        danger=True,
    )
    return run(request, page)
