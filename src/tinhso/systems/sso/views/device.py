"""A person lets in a device that shows a short code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.core.access import actions as access
from tinhso.core.access.entrance import address_of
from tinhso.core.access.route import signed_in
from tinhso.kit.errors import Refusal
from tinhso.systems.sso.actions import devices, grants
from tinhso.systems.sso.choices import SCOPES
from tinhso.systems.sso.models import DeviceCode
from tinhso.systems.sso.queries import people
from tinhso.systems.sso.rules.assurance import SignIn
from tinhso.systems.sso.views.frame import actor_of, by_way_of, posts_of, sign_in_of

#: Codes one network may try in about an hour; there are 25 billion of them.
MOST_TRIES = 30


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest) -> HttpResponse:
    """Type the code, look at what would be let in, say yes or no. A link with the code in it still asks."""
    typed = request.POST.get("code", "") or request.GET.get("ma", "")
    try:
        if request.method == "POST" and typed:
            return _answered(request, typed)
    except Refusal as refusal:
        context = {"typed": typed, "error": refusal.message}
        return render(request, "sso/device.html", context, status=refusal.status)
    return render(request, "sso/device.html", {"typed": typed, "error": ""})


def _answered(request: HttpRequest, typed: str) -> HttpResponse:
    tries = access.count_try("sso.device", address_of(request))
    if tries > MOST_TRIES:
        raise Refusal("too_many", _("Đã thử quá nhiều mã. Thử lại sau một giờ."), status=429, field="code")
    waiting, has = people.device(typed, timezone.now()), sign_in_of(request)
    if waiting is None or has is None:
        message = _("Không có thiết bị nào đang chờ với mã này. Xem lại mã trên thiết bị, hoặc lấy mã mới.")
        raise Refusal("device_code", message, status=422, field="code")
    answer = request.POST.get("answer", "")
    if answer == "no":
        devices.deny(actor=actor_of(request), device=waiting, now=timezone.now())
        return render(request, "sso/device_done.html", {"client": waiting.client, "let_in": False})
    if answer != "yes":
        told = [text for scope, text in SCOPES.items() if scope in waiting.scope.split()]
        return render(
            request, "sso/device_confirm.html", {"client": waiting.client, "told": told, "typed": typed}
        )
    if has.acr < waiting.client.min_level:
        back = by_way_of(f"{reverse('sso:device')}?{urlencode({'ma': typed})}")
        return redirect(f"{reverse('access:prove_again')}?{urlencode({'next': back})}")
    return _let_in(request, waiting, has)


def _let_in(request: HttpRequest, waiting: DeviceCode, has: SignIn) -> HttpResponse:
    grants.let_device_in(
        actor=actor_of(request),
        device=waiting,
        client=waiting.client,
        sign_in=has,
        posts=posts_of(request) if "posts" in waiting.scope.split() else (),
        now=timezone.now(),
    )
    return render(request, "sso/device_done.html", {"client": waiting.client, "let_in": True})
