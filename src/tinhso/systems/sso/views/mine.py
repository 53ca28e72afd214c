"""The programs a person is connected to."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tinhso.core.access.route import signed_in
from tinhso.systems.sso.actions import consents
from tinhso.systems.sso.choices import SCOPES
from tinhso.systems.sso.queries import people
from tinhso.systems.sso.views.frame import actor_of


@signed_in
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Which programs know me, what each may know, since when; each can be taken back."""
    found = people.connections(actor_of(request), timezone.now())
    lines = [(one, [text for scope, text in SCOPES.items() if scope in one.scopes]) for one in found]
    return render(request, "sso/mine.html", {"lines": lines})


@signed_in
@require_POST
def withdraw(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Disconnect one."""
    consents.withdraw(actor=actor_of(request), client_id=client_id, now=timezone.now())
    messages.success(request, _("Đã ngắt kết nối. Ứng dụng này không còn đọc được dữ liệu của bạn từ đây."))
    return redirect("sso:mine")
