"""One's own security page: factors, devices, history; a new password for who proved otherwise who they are."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tinhso.core.access import actions as access
from tinhso.core.access import assurance, passkeys
from tinhso.core.access import queries as known
from tinhso.core.access.entrance import AMR, stay_of
from tinhso.core.access.forms import Secret
from tinhso.core.access.route import fresh, signed_in
from tinhso.core.people import actions as people
from tinhso.kit.errors import Forbidden, Refusal
from tinhso.systems.signin import queries
from tinhso.systems.signin.choices import END_REASONS, WAYS


@signed_in
@never_cache
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Everything about how one signs in, and from where."""
    actor = request.actor  # type: ignore[attr-defined]
    now, past, more = queries.stays(actor, stay_of(request), request.GET.get("after", ""))
    context = {
        "factors": known.factors_of(actor.account_id),
        "keys": known.passkeys_of(actor.account_id),
        "passkeys": bool(passkeys.host_of(request)),
        "open": [(stay, _ways(stay.amr)) for stay in now],
        "past": [
            (stay, _ways(stay.amr), _(END_REASONS.get(stay.end_reason, "Hết thời gian"))) for stay in past
        ],
        "more": more,
        "changes": [(change.at, _(change.what), change.by) for change in queries.changes_of(actor)],
        "duty": known.second_factor_duty(grant.role for grant in actor.grants)[0],
    }
    return render(request, "signin/security.html", context)


def _ways(amr: tuple[str, ...]) -> str:
    return " + ".join(_(WAYS[word]) for word in amr if WAYS.get(word))


@signed_in
@never_cache
@require_GET
def set_up(request: HttpRequest) -> HttpResponse:
    """Why two factors, and the ways to have one."""
    actor = request.actor  # type: ignore[attr-defined]
    duty, in_force = known.second_factor_duty(grant.role for grant in actor.grants)
    context = {
        "duty": duty, "in_force": in_force, "factors": known.factors_of(actor.account_id),
        "passkeys": bool(passkeys.host_of(request)),
    }  # fmt: skip
    return render(request, "signin/set_up.html", context)


@signed_in
@require_POST
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one device out."""
    access.end_session(actor=request.actor, session_id=session_id)  # type: ignore[attr-defined]
    messages.success(request, _("Đã đăng xuất thiết bị đó."))
    return redirect("signin:security")


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign every other device out."""
    count = access.end_other_sessions(actor=request.actor, keep=stay_of(request))  # type: ignore[attr-defined]
    messages.success(request, _("Đã đăng xuất %(n)s thiết bị khác.") % {"n": count})
    return redirect("signin:security")


@signed_in
@fresh
@never_cache
@sensitive_post_parameters("new")
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    """A password without the old one, for who has just come in by VNeID or by an officer's code."""
    actor, errors = request.actor, {}  # type: ignore[attr-defined]
    if not {assurance.VNEID, assurance.OFFICER} & set(request.session.get(AMR, ())):
        why = _(
            "Đặt mật khẩu mới không cần mật khẩu cũ chỉ khi vừa đăng nhập bằng VNeID hoặc mã do cán bộ cấp."
        )
        raise Forbidden("other_way", why)
    if request.method == "POST":
        try:
            account = people.renew_password(
                actor=actor,
                account_id=actor.account_id,
                new=request.POST.get("new", ""),
                keep=stay_of(request),
            )
        except Refusal as refusal:
            errors = {refusal.field or "new": refusal.message}
        else:
            update_session_auth_hash(request, account)
            messages.success(request, _("Đã đặt mật khẩu mới. Các thiết bị khác đã được đăng xuất."))
            return redirect("signin:security")
    secret = Secret(
        "new",
        _("Mật khẩu mới"),
        "new-password",
        _("Ít nhất 10 ký tự; một câu dài dễ nhớ là tốt nhất"),
        errors.get("new", ""),
    )
    return render(
        request,
        "signin/new_password.html",
        {"secret": secret, "errors": errors},
        status=422 if errors else 200,
    )
