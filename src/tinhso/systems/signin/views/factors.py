"""Adding and removing second factors. Each asks for a proof not older than a quarter of an hour."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.core.access import actions as access
from tinhso.core.access import assurance, passkeys
from tinhso.core.access import queries as known
from tinhso.core.access.entrance import prove_again
from tinhso.core.access.route import fresh, signed_in
from tinhso.core.access.sealing import opened, seal
from tinhso.kit.errors import Refusal

SECRET, CEREMONY = "signin_totp", "signin_key"


@signed_in
@fresh
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def totp(request: HttpRequest) -> HttpResponse:
    """Show the secret as a code to scan and as text, and take it into use when the program shows the right number."""
    actor, refusal, status = request.actor, None, 200  # type: ignore[attr-defined]
    kept = request.session.get(SECRET)
    secret = opened(kept) if kept else access.new_secret()
    if request.method == "POST" and kept:
        try:
            access.add_totp(actor=actor, secret=secret, code=request.POST.get("code", ""))
        except Refusal as wrong:
            refusal, status = wrong, wrong.status
        else:
            del request.session[SECRET]
            prove_again(request, [assurance.TOTP])
            messages.success(request, _("Đã bật ứng dụng xác thực. Lần sau đăng nhập cần thêm mã 6 số."))
            if not known.factors_of(actor.account_id).recovery:
                messages.warning(request, _("Hãy lập mã dự phòng, để vẫn vào được khi mất điện thoại."))
            return redirect("signin:security")
    elif not kept:
        request.session[SECRET] = seal(secret)
    address = access.secret_address(secret, request.user.username, f"tinhso {request.get_host()}")  # type: ignore[union-attr]
    groups = " ".join(secret[n : n + 4] for n in range(0, len(secret), 4))
    return render(
        request,
        "signin/totp.html",
        {"qr": _drawn(address), "secret": groups, "refusal": refusal},
        status=status,
    )


def _drawn(text: str) -> SafeString:
    """A QR code as SVG, dark on white whatever the reader's colours."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        scale=5,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=True,
        title=_("Mã QR của ứng dụng xác thực"),
    )
    return mark_safe(out.getvalue().decode())  # noqa: S308  drawn by us from our own text


@signed_in
@require_POST
@fresh
def remove_totp(request: HttpRequest) -> HttpResponse:
    """Stop using the authenticator program."""
    access.remove_totp(actor=request.actor)  # type: ignore[attr-defined]
    messages.success(request, _("Đã gỡ ứng dụng xác thực."))
    return redirect("signin:security")


@signed_in
@fresh
@never_cache
@require_http_methods(["GET", "POST"])
def recovery(request: HttpRequest) -> HttpResponse:
    """Make a new sheet of codes, and show it this once, to be printed."""
    actor, codes = request.actor, []  # type: ignore[attr-defined]
    if request.method == "POST":
        codes = access.make_recovery_codes(actor=actor)
    context = {"codes": codes, "factors": known.factors_of(actor.account_id), "site": settings.SITE_URL}
    return render(request, "signin/recovery.html", context)


@signed_in
@require_POST
@fresh
def key_options(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a key."""
    actor = request.actor  # type: ignore[attr-defined]
    if not passkeys.host_of(request):
        raise passkeys.not_taken()
    mine = [bytes(key.data) for key in known.passkeys_of(actor.account_id)]
    options, state = passkeys.begin_registering(request, actor.account_id, request.user.username, mine)  # type: ignore[union-attr]
    request.session[CEREMONY] = state
    return JsonResponse(options)


@signed_in
@require_POST
@fresh
def add_key(request: HttpRequest) -> HttpResponse:
    """Keep the key the browser made."""
    state = request.session.pop(CEREMONY, None)
    try:
        if state is None:
            raise passkeys.not_taken()
        credential_id, data, count = passkeys.registered(request, state, request.POST.get("credential", ""))
        name = request.POST.get("name", "") or assurance.device_words(request.headers.get("User-Agent", ""))
        actor = request.actor  # type: ignore[attr-defined]
        access.add_passkey(actor=actor, credential_id=credential_id, data=data, sign_count=count, name=name)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        prove_again(request, [assurance.KEY, assurance.VERIFIED])
        messages.success(request, _("Đã thêm khóa truy cập."))
    return redirect("signin:security")


@signed_in
@require_POST
def rename_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Another name for a key."""
    try:
        access.rename_passkey(actor=request.actor, key_id=key_id, name=request.POST.get("name", ""))  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("signin:security")


@signed_in
@require_POST
@fresh
def remove_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """One key fewer."""
    access.remove_passkey(actor=request.actor, key_id=key_id)  # type: ignore[attr-defined]
    messages.success(request, _("Đã gỡ khóa truy cập."))
    return redirect("signin:security")
