"""The second step of a sign-in, signing in with a passkey, and proving again who one is."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access import actions, assurance, entrance, passkeys, queries, ways
from tinhso.core.access.resume import STEP_UP_RESUME, safe_next
from tinhso.core.access.route import public, signed_in
from tinhso.core.access.views.sign_in import doors
from tinhso.core.people.models import Account
from tinhso.core.people.queries import account_for_session
from tinhso.kit.errors import Refusal

CEREMONY = "access_passkey"


@public
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code of the program or of the sheet, or a passkey, after the password was right."""
    kept = entrance.pending(request)
    account = account_for_session(kept["account"], kept["stamp"]) if kept else None
    if kept is None or account is None:
        messages.info(request, _("Đã quá lâu từ lúc nhập mật khẩu. Hãy đăng nhập lại."))
        return HttpResponseRedirect(reverse("access:login"))
    refusal, status = None, 200
    if request.method == "POST":
        try:
            used = actions.prove_code(
                account_id=account.id,
                code=request.POST.get("code", ""),
                address=entrance.address_of(request),
                device_id=entrance.device_of(request),
            )
        except Refusal as wrong:
            refusal, status = wrong, wrong.status
        else:
            return _in(request, account, [*kept["amr"], used], kept)
    context = {
        "refusal": refusal,
        "factors": queries.factors_of(account.id),
        "passkeys": bool(passkeys.host_of(request)),
    }
    return render(request, "access/second.html", context | {"helps": ways.offered("help")}, status=status)


def _in(request: HttpRequest, account: Account, amr: list[str], kept: dict[str, Any]) -> HttpResponse:
    entrance.enter(request, account, amr)
    if assurance.RECOVERY in amr:
        left = queries.factors_of(account.id).recovery
        messages.warning(request, _("Bạn vừa dùng một mã dự phòng; còn %(n)s mã.") % {"n": left})
    return entrance.arrive(request, account, kept["next"], kept["resume"])


@public
@never_cache
@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask its keys; the question is kept in the session and good for one answer."""
    if not passkeys.host_of(request):
        raise passkeys.not_taken()
    options, state = passkeys.begin_proving(request)
    request.session[CEREMONY] = {"prove": state, "at": timezone.now().isoformat()}
    return JsonResponse(options)


@public
@never_cache
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with a key, as the whole sign-in or as its second step."""
    kept = entrance.pending(request) or {}
    target = kept.get("next") or safe_next(request, request.POST.get("next"))
    try:
        key = _proved_key(request)
        if kept and str(key.account_id) != kept["account"]:
            raise passkeys.not_taken()
    except Refusal as refusal:
        if kept:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(reverse("access:second_step"))
        context = {"next": target, "refusal": refusal} | doors(request)
        return render(request, "access/login.html", context, status=refusal.status)
    amr = [*kept.get("amr", ()), assurance.KEY, assurance.VERIFIED]
    return _in(
        request,
        key.account,
        amr,
        {"next": target, "resume": kept.get("resume") or request.POST.get("resume", "")},
    )


def _proved_key(request: HttpRequest) -> Any:
    """The key that answered the question this session was asked; counts the try against whoever guesses."""
    state = request.session.pop(CEREMONY, {})
    address = entrance.address_of(request)
    guess = actions.Guess("passkey", address=address, now=timezone.now(), field="passkey")
    answer = request.POST.get("credential", "")
    try:
        if "prove" not in state or not assurance.is_fresh(state["at"], timezone.now()):
            raise passkeys.not_taken()
        key = actions.passkey_named(passkeys.named(answer))
        count = passkeys.proved(request, state["prove"], bytes(key.data), answer)
        actions.note_passkey(key, sign_count=count)
    except Refusal:
        guess.wrong()
        raise
    guess.right()
    return key


@signed_in
@never_cache
@sensitive_post_parameters("code", "password")
@require_http_methods(["GET", "POST"])
def prove_again(request: HttpRequest) -> HttpResponse:
    """Prove once more who one is, for what is worth it: a second factor, or where there is none the password."""
    actor = request.actor  # type: ignore[attr-defined]
    target = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    factors = queries.factors_of(actor.account_id)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            amr = _proof(request, actor.account_id, factors)
        except Refusal as wrong:
            refusal, status = wrong, wrong.status
        else:
            resume = request.session.pop(STEP_UP_RESUME, "")
            entrance.prove_again(request, amr)
            return entrance.arrive(request, request.user, target, resume)  # type: ignore[arg-type]
    context = {
        "next": target, "refusal": refusal, "factors": factors, "passkeys": bool(passkeys.host_of(request)) and factors.passkeys,
        "by_password": factors.password and not factors.any, "set_up": ways.offered("set_up"), "ways": ways.offered("main"),
    }  # fmt: skip
    return render(request, "access/prove_again.html", context, status=status)


def _proof(request: HttpRequest, account_id: UUID, factors: queries.Factors) -> list[str]:
    """The words for what was proved now. A password counts only where there is no second factor to ask for."""
    if request.POST.get("credential"):
        key = _proved_key(request)
        if key.account_id != account_id:
            raise passkeys.not_taken()
        return [assurance.KEY, assurance.VERIFIED]
    address = entrance.address_of(request)
    if factors.any:
        code, device = request.POST.get("code", ""), entrance.device_of(request)
        return [actions.prove_code(account_id=account_id, code=code, address=address, device_id=device)]
    actions.sign_in(name=request.user.username, password=request.POST.get("password", ""), address=address)  # type: ignore[union-attr]
    return [assurance.PASSWORD]
