"""For whoever cannot get in: what to do, an officer's code given and used, an official's factors reset."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from tinhso.core.access import assurance, entrance
from tinhso.core.access import queries as known
from tinhso.core.access.forms import Box
from tinhso.core.access.route import fresh, needs, public
from tinhso.core.forms.view import OptionView
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Refusal
from tinhso.systems.signin import actions, queries
from tinhso.systems.signin.choices import PURPOSES
from tinhso.systems.signin.policy import ISSUE


@public
@require_GET
def forgot(request: HttpRequest) -> HttpResponse:
    """The two ways back in. Asks for nothing, so it tells nobody who has an account."""
    return render(request, "signin/forgot.html", {"vneid": bool(settings.VNEID_URL)})


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Sign in with an officer's code; a second factor of the account is still asked for."""
    errors: dict[str, str] = {}
    number, status = request.POST.get("number", ""), 200
    if request.method == "POST":
        try:
            account, purpose = actions.use_code(
                number=number, code=request.POST.get("code", ""), address=entrance.address_of(request)
            )
        except Refusal as refusal:
            errors, status = {refusal.field or "code": refusal.message}, refusal.status
        else:
            target = reverse("signin:new_password") if purpose == "forgot" else "/"
            if known.factors_of(account.id).any:
                entrance.ask_second(request, account, [assurance.OFFICER], target, "")
                return HttpResponseRedirect(reverse("access:second_step"))
            entrance.enter(request, account, [assurance.OFFICER])
            return entrance.arrive(request, account, target)
    boxes = [
        Box("number", "identity_number", _("Số định danh cá nhân"), number, errors.get("number", "")),
        Box("code", "text", _("Mã một lần"), "", errors.get("code", ""), _("8 chữ và số, dùng trong 15 phút"), "one-time-code", width="short", max_length=20),
    ]  # fmt: skip
    return render(request, "signin/use_code.html", {"boxes": boxes, "errors": errors}, status=status)


@needs(ISSUE)
@never_cache
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest) -> HttpResponse:
    """Give a code to somebody standing at the counter with their card; it is shown this once."""
    actor, typed = request.actor, request.POST  # type: ignore[attr-defined]
    errors: dict[str, str] = {}
    person, code, status = None, "", 200
    if request.method == "POST":
        try:
            person, code = actions.issue_code(
                actor=actor,
                number=typed.get("number", ""),
                purpose=typed.get("purpose", ""),
                reason=typed.get("reason", ""),
                card_checked=bool(typed.get("card")),
            )
        except Refusal as refusal:
            errors, status = {refusal.field or "number": refusal.message}, refusal.status
    context = {
        "boxes": _issue_boxes(QueryDict() if code else typed, errors), "errors": errors, "person": person, "code": code,
        "given": [(row, _(PURPOSES[row.purpose])) for row in queries.codes_given(actor)],
    }  # fmt: skip
    return render(request, "signin/codes.html", context, status=status)


def _issue_boxes(typed: QueryDict, errors: dict[str, str]) -> list[Box]:
    purpose, card = typed.get("purpose", ""), bool(typed.get("card"))
    purposes = tuple(OptionView(key, _(words), checked=key == purpose) for key, words in PURPOSES.items())
    checked = (OptionView("1", _("Tôi đã đối chiếu bản gốc thẻ căn cước với người đến"), checked=card),)
    return [
        Box("number", "identity_number", _("Số định danh trên thẻ"), typed.get("number", ""), errors.get("number", "")),
        Box("purpose", "choice", _("Lý do cấp mã"), purpose, errors.get("purpose", ""), options=purposes),
        Box("reason", "text", _("Sự việc"), typed.get("reason", ""), errors.get("reason", ""), _("Được lưu trong nhật ký"), max_length=300),
        Box("card", "checks", _("Đối chiếu"), "", errors.get("card", ""), options=checked),
    ]  # fmt: skip


@needs(MANAGE, assurance=2)
@fresh
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest) -> HttpResponse:
    """Take the second factors from an official who lost them, after checking who asks."""
    errors: dict[str, str] = {}
    typed, status = request.POST, 200
    if request.method == "POST":
        try:
            actions.reset_by_name(
                actor=request.actor,  # type: ignore[attr-defined]
                name=typed.get("name", ""),
                reason=typed.get("reason", ""),
            )
        except Refusal as refusal:
            errors, status = {refusal.field or "name": refusal.message}, refusal.status
        else:
            messages.success(
                request, _("Đã đặt lại. Người này đăng nhập bằng mật khẩu rồi bật lại xác thực hai bước.")
            )
            return redirect("signin:reset")
    boxes = [
        Box("name", "text", _("Tên đăng nhập"), typed.get("name", ""), errors.get("name", ""), width="medium"),
        Box("reason", "text", _("Lý do, cách đã xác minh người yêu cầu"), typed.get("reason", ""), errors.get("reason", ""), max_length=300),
    ]  # fmt: skip
    return render(request, "signin/reset.html", {"boxes": boxes, "errors": errors}, status=status)
