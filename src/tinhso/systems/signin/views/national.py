"""To the national sign-in and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tinhso.core.access import assurance, entrance
from tinhso.core.access.resume import safe_next
from tinhso.core.access.route import public
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.signin import actions, vneid

KEPT = "signin_vneid"
#: As many tabs may be on the way at once.
TABS = 5


@public
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the national sign-in; what must come back is kept in the session."""
    if not settings.VNEID_URL:
        raise NotFound("not_offered", _("Đăng nhập bằng VNeID chưa được mở ở đây."))
    target = safe_next(request, request.GET.get("next"))
    try:
        address, kept = vneid.begin(request.build_absolute_uri(reverse("signin:vneid_back")))
    except Refusal as refusal:
        return _not_in(request, refusal, target)
    waiting = dict(list(request.session.get(KEPT, {}).items())[1 - TABS :])
    waiting[kept["state"]] = kept | {"next": target, "at": timezone.now().isoformat()}
    request.session[KEPT] = waiting
    return HttpResponseRedirect(address)


@public
@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back with an answer. The question it answers is used up, whatever comes of it."""
    waiting: dict[str, Any] = request.session.get(KEPT, {}) if request.COOKIES else {}
    kept = waiting.pop(request.GET.get("state", ""), None)
    if kept is None:
        return _not_in(request, vneid.not_believed(), "/")
    request.session[KEPT] = waiting
    try:
        said = vneid.finish(_code(request, kept), kept)
        account = actions.enter_by_vneid(said=said, wanted_acr=settings.VNEID_ACR)
    except Refusal as refusal:
        return _not_in(request, refusal, kept["next"])
    entrance.enter(request, account, [assurance.VNEID])
    return entrance.arrive(request, account, kept["next"])


def _code(request: HttpRequest, kept: dict[str, Any]) -> str:
    age = (timezone.now() - datetime.fromisoformat(kept["at"])).total_seconds()
    if request.GET.get("error") == "access_denied":
        raise Refusal("denied", _("Bạn đã không đồng ý chia sẻ thông tin, nên chưa đăng nhập."), status=403)
    if "error" in request.GET or "code" not in request.GET or not 0 <= age <= vneid.LONGEST_SECONDS:
        raise vneid.not_believed()
    return request.GET["code"]


def _not_in(request: HttpRequest, refusal: Refusal, target: str) -> HttpResponse:
    context = {"refusal": refusal, "next": target, "down": refusal.code == "vneid_down"}
    return render(request, "signin/vneid.html", context, status=refusal.status)
