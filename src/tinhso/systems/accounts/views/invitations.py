"""Invitations: the list for the unit's administrator, letters to print, and the page where a person sets the password."""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access.forms import Secret
from tinhso.core.access.route import needs, public
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Refusal
from tinhso.systems.accounts.actions import invitations as actions
from tinhso.systems.accounts.queries import invitations as queries
from tinhso.systems.accounts.rules.codes import read_code
from tinhso.systems.accounts.views.frame import actor_of, cursor_of, network_of


@needs(MANAGE)
@never_cache
@require_http_methods(["GET"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Who was invited and has not come yet."""
    letters = request.GET.get("giay") == "1"
    page = queries.waiting(actor_of(request), letters=letters, cursor=cursor_of(request))
    tabs = [
        {"text": _("Tất cả"), "url": "?", "current": not letters},
        {"text": _("Không có thư điện tử"), "url": "?giay=1", "current": letters},
    ]
    return render(request, "accounts/invitations.html", {"page": page, "tabs": tabs, "letters": letters})


@needs(MANAGE)
@never_cache
@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """The letters of the chosen ones, to print and hand over; who printed them is kept."""
    actor = actor_of(request)
    ids = [UUID(i) for i in request.POST.getlist("id") if _is_id(i)]
    found = queries.letters(actor, ids)
    if not found:
        messages.error(request, _("Chọn ít nhất một lời mời còn hạn."))
        return redirect(f"{reverse('accounts:invitations')}?giay=1")
    actions.note_printed(actor=actor, invitations=[letter.invitation for letter in found])
    sheets = [(letter, _qr(letter.address)) for letter in found]
    return render(request, "accounts/letters.html", {"sheets": sheets})


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _qr(address: str) -> str:
    """The address as a picture a telephone reads; our own text only."""
    return mark_safe(segno.make(address, micro=False).svg_inline(scale=3))  # noqa: S308


@needs(MANAGE)
@require_POST
def invite(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Invite one person from their page."""
    try:
        made = actions.invite(actor=actor_of(request), person_id=person_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        told = (
            _("Đã gửi lời mời tới %(mail)s.") % {"mail": made.email}
            if made.email
            else _("Đã lập lời mời; in thư ở trang Lời mời.")
        )
        messages.success(request, told)
    return redirect("console:person", person_id)


@needs(MANAGE)
@never_cache
def of_person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The invitation of one person: its state, and what can be done with it."""
    if request.method == "POST":
        return invite(request, person_id)
    return render(
        request, "accounts/person_invitation.html", queries.of_person(person_id, actor=actor_of(request))
    )


@needs(MANAGE)
@require_POST
def again(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new code."""
    made = actions.again(actor=actor_of(request), invitation_id=invitation_id)
    messages.success(
        request,
        _("Đã gửi lại; mã cũ không dùng được nữa.") if made.email else _("Đã lập mã mới; hãy in lại thư."),
    )
    return redirect(_back(request))


@needs(MANAGE)
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """No invitation any more."""
    actions.withdraw(actor=actor_of(request), invitation_id=invitation_id)
    messages.success(request, _("Đã thu hồi lời mời."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    person = request.POST.get("person", "")
    return (
        reverse("accounts:person_invitation", args=[person])
        if _is_id(person)
        else reverse("accounts:invitations")
    )


@public
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Type the code of a letter."""
    error, typed = None, request.POST.get("code", "")
    if request.method == "POST":
        try:
            actions.opened(typed, network=network_of(request))
            return redirect("accounts:accept", code=read_code(typed))
        except Refusal as refusal:
            error = refusal
    return render(
        request,
        "accounts/enter_code.html",
        {"error": error, "typed": typed},
        status=error.status if error else 200,
    )


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, code: str) -> HttpResponse:
    """Set the first password."""
    error = None
    try:
        invitation = actions.opened(code, network=network_of(request))
    except Refusal as refusal:
        return render(
            request, "accounts/enter_code.html", {"error": refusal, "typed": ""}, status=refusal.status
        )
    if request.method == "POST":
        try:
            actions.accept(typed=code, password=request.POST.get("password", ""), network=network_of(request))
        except Refusal as refusal:
            error = refusal
        else:
            messages.success(
                request, _("Đã đặt mật khẩu. Hãy đăng nhập bằng tên đăng nhập và mật khẩu vừa đặt.")
            )
            return redirect("access:login")
    secret = Secret(
        "password", _("Mật khẩu mới"), "new-password", _("Ít nhất 10 ký tự; một câu dài dễ nhớ là tốt nhất"), error.message if error else "",
    )  # fmt: skip
    context = {"invitation": invitation, "secret": secret, "error": error}
    response = render(request, "accounts/accept.html", context, status=error.status if error else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response
