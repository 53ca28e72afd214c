"""Sign-in, registration, password, and the choice of post."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access import actions, assurance, queries, ways
from tinhso.core.access.entrance import address_of, arrive, ask_second, enter, stay_of
from tinhso.core.access.forms import Secret, empty_messages, register_boxes
from tinhso.core.access.middleware import POST_KEY
from tinhso.core.access.passkeys import host_of
from tinhso.core.access.resume import safe_next
from tinhso.core.access.route import public, signed_in
from tinhso.core.people import actions as people
from tinhso.kit.errors import Forbidden, Refusal


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.method == "GET":
        if request.actor.is_known:  # type: ignore[attr-defined]
            return HttpResponseRedirect(target)
        return render(
            request,
            "access/login.html",
            {"next": target, "expired": "expired" in request.GET} | doors(request),
        )
    name, resume = request.POST.get("name", ""), request.POST.get("resume", "")
    try:
        account = actions.sign_in(
            name=name, password=request.POST.get("password", ""), address=address_of(request)
        )
    except Refusal as refusal:
        context = {"next": target, "name": name, "resume": resume, "refusal": refusal} | doors(request)
        return render(request, "access/login.html", context, status=refusal.status)
    if queries.factors_of(account.id).any:
        ask_second(request, account, [assurance.PASSWORD], target, resume)
        return HttpResponseRedirect(reverse("access:second_step"))
    enter(request, account, [assurance.PASSWORD])
    return arrive(request, account, target, resume)


def doors(request: HttpRequest) -> dict[str, Any]:
    """What the sign-in page offers beside name and password."""
    return {"ways": ways.offered("main"), "helps": ways.offered("help"), "passkeys": bool(host_of(request))}


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    if stay := stay_of(request):
        actions.end_session(actor=request.actor, session_id=stay, reason="signed_out")  # type: ignore[attr-defined]
    request.session.flush()
    return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    typed = {key: request.POST.get(key, "") for key in ("number", "full_name", "birth", "phone")}
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        errors = {
            key: text for key, text in empty_messages().items() if not request.POST.get(key, "").strip()
        }
        try:
            if not errors:
                password = request.POST["password"]
                account = actions.register_citizen(
                    number=typed["number"],
                    full_name=typed["full_name"],
                    birth=typed["birth"],
                    phone=typed["phone"],
                    password=password,
                    address=address_of(request),
                )
                enter(request, account, [assurance.PASSWORD])
                messages.success(
                    request, _("Đã tạo tài khoản. Lần sau đăng nhập bằng số định danh và mật khẩu vừa đặt.")
                )
                return arrive(request, account, target)
            status = 422
        except Refusal as refusal:
            errors, status = {refusal.field or "number": refusal.message}, refusal.status
    secret = Secret(
        "password",
        _("Mật khẩu"),
        "new-password",
        _("Ít nhất 10 ký tự; một câu dài dễ nhớ là tốt nhất"),
        errors.get("password", ""),
    )
    context = {"boxes": register_boxes(typed, errors), "errors": errors, "secret": secret, "next": target}
    return render(request, "access/register.html", context, status=status)


@signed_in
@never_cache
@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    errors: dict[str, str] = {}
    if request.method == "POST":
        actor = request.actor  # type: ignore[attr-defined]
        try:
            account = people.change_password(
                actor=actor,
                account_id=actor.account_id,
                old=request.POST.get("old", ""),
                new=request.POST.get("new", ""),
                keep=stay_of(request),
            )
        except Refusal as refusal:
            errors = {refusal.field or "new": refusal.message}
        else:
            request.user = account  # type: ignore[assignment]
            update_session_auth_hash(request, account)
            messages.success(request, _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."))
            return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    old = Secret("old", _("Mật khẩu hiện tại"), "current-password", error=errors.get("old", ""))
    new = Secret("new", _("Mật khẩu mới"), "new-password", _("Ít nhất 10 ký tự"), errors.get("new", ""))
    context = {"secrets": [old, new], "errors": errors}
    return render(request, "access/password.html", context, status=422 if errors else 200)


@signed_in
@require_POST
def switch_post(request: HttpRequest) -> HttpResponse:
    held = {str(post.key): post for post in request.posts}  # type: ignore[attr-defined]
    chosen = held.get(request.POST.get("post", ""))
    if chosen is None:
        raise Forbidden(
            "not_your_post", _("Bạn không giữ vị trí công tác này, hoặc ủy quyền cho bạn đã hết hiệu lực.")
        )
    request.session[POST_KEY] = str(UUID(str(chosen.key)))
    messages.success(
        request, _("Đang làm việc với vị trí: %(post)s.") % {"post": f"{chosen.label}, {chosen.unit_name}"}
    )
    return HttpResponseRedirect(safe_next(request, request.POST.get("next")))
