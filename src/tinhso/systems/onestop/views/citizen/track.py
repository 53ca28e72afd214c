"""The public look-up of a case."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.core.access.route import public
from tinhso.core.access.rules import client_address
from tinhso.core.forms.view import FieldView
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.lookup import count_look_up
from tinhso.systems.onestop.queries.tracking import track as find
from tinhso.systems.onestop.views.citizen import reader_language


@public
@never_cache
@require_http_methods(["GET", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """By the code and the last four digits of the applicant's number: status, dates, office; nothing personal."""
    code, digits = request.POST.get("ma") or request.GET.get("ma", ""), request.POST.get("so", "")
    found, errors, status = None, {}, 200
    if request.method == "POST":
        errors = _missing(code, digits)
        try:
            if not errors:
                count_look_up(address=_address(request))
                found = find(code, digits, lang=reader_language())
        except Refusal as refusal:
            errors = {"ma": refusal.message}
            status = refusal.status if refusal.status == 429 else 422  # noqa: PLR2004
        status = 422 if errors and status == 200 else status  # noqa: PLR2004
    views = [
        FieldView(
            "ma", "text", _("Mã hồ sơ"), _("Trên giấy tiếp nhận, ví dụ H30.41.21.01-261123-0007"), required=True,
            value=code[:64], error=errors.get("ma", ""), max_length=64, width="medium",
        ),
        FieldView(
            "so", "integer", _("4 số cuối của số định danh"), _("Số định danh, số CMND hoặc mã số thuế của người nộp hồ sơ"),
            required=True, value=digits[:4] if errors else "", error=errors.get("so", ""), inputmode="numeric",
            max_length=4, width="short",
        ),
    ]  # fmt: skip
    context = {"views": views, "found": found, "now": timezone.now()}
    return render(request, "onestop/citizen/track.html", context, status=status)


def _missing(code: str, digits: str) -> dict[str, str]:
    errors = {}
    if not code.strip():
        errors["ma"] = _("Hãy nhập mã hồ sơ.")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 4):  # noqa: PLR2004
        errors["so"] = _("Hãy nhập đúng 4 chữ số cuối.")
    return errors


def _address(request: HttpRequest) -> str:
    trusted = frozenset(getattr(settings, "TRUSTED_PROXIES", ("127.0.0.1", "::1")))
    return client_address(
        request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", ""), trusted
    )
