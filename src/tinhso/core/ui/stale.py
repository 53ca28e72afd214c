"""A form sent from a page that grew old: shown again with everything typed, and one button to send it.

The token protects against forms sent by other sites. So the resend is offered only when the browser
says that the form came from a page of this site; otherwise nothing of it is repeated.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from tinhso.core.access.route import public
from tinhso.core.ui.refusals import Trouble, back, tell, wants_json

#: Never written back into a page.
SECRET_WORDS = ("password", "mat_khau", "otp", "pin")
SHOWN_CHARACTERS = 200


def same_site(request: HttpRequest) -> bool:
    """Whether the browser says that this site's own page sent the form (Origin, else Referer)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.get_host()


def kept_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted (name, value) pairs in order, without the token."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]


@public
@requires_csrf_token
def stale_page(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF failure view: offers to send the same form again with a fresh token (status 403)."""
    trouble = Trouble(
        403,
        "stale_form",
        _("Trang đã mở quá lâu hoặc bạn vừa đăng nhập lại ở cửa sổ khác. Hãy tải lại trang rồi gửi lại."),
    )
    if wants_json(request) or request.headers.get("HX-Request") == "true":
        return tell(request, trouble)
    fields = kept_fields(request)
    secret = any(word in name.lower() for name, _value in fields for word in SECRET_WORDS)
    context = {
        "fields": fields if same_site(request) and not secret else [],
        "shown": [(name, value[:SHOWN_CHARACTERS]) for name, value in fields if value and len(name) > 1],
        "files": bool(request.FILES),
        "action": request.get_full_path(),
        "back": back(request) or request.get_full_path(),
    }
    return render(request, "ui/stale.html", context, status=403)
