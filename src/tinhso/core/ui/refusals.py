"""Errors as something a person can act on: what happened, what to do, whom to ask, which request."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.kit import trace
from tinhso.kit.errors import Refusal

log = logging.getLogger("tinhso.refusals")

RETRY_SECONDS = 10
SERVER_AT_FAULT = 500
AWAY = 503
TITLES = {
    400: gettext_noop("Yêu cầu gửi lên không đọc được"),
    401: gettext_noop("Bạn cần đăng nhập"),
    403: gettext_noop("Bạn không có quyền mở trang này"),
    404: gettext_noop("Không tìm thấy trang"),
    409: gettext_noop("Chưa thể thực hiện việc này"),
    413: gettext_noop("Nội dung gửi lên quá lớn"),
    422: gettext_noop("Thông tin chưa hợp lệ"),
    429: gettext_noop("Bạn thao tác quá nhanh"),
    500: gettext_noop("Hệ thống gặp lỗi"),
    503: gettext_noop("Hệ thống đang khởi động lại"),
}
#: Pages drawn without the database or the request's host: nothing that made the error is asked again.
BARE = {400, 500, AWAY}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the reader is told."""

    status: int
    code: str
    message: str
    ground: str = ""
    field: str = ""

    @property
    def title(self) -> str:
        return _(TITLES.get(self.status, TITLES[500 if self.status >= SERVER_AT_FAULT else 409]))


def trouble_of(error: BaseException) -> Trouble | None:
    """What an error means for the reader; None for an error nobody foresaw."""
    if isinstance(error, Refusal):
        message = _(error.message) if error.message else ""  # gettext of nothing is the catalog's header
        return Trouble(error.status, error.code, message, error.ground, error.field or "")
    if isinstance(error, PermissionDenied):
        return Trouble(403, "forbidden", _("Tài khoản của bạn không có quyền làm việc này."))
    if isinstance(error, Http404):
        return not_found()
    if isinstance(error, (OperationalError, InterfaceError)):
        return Trouble(
            503,
            "database_away",
            _("Hệ thống đang khởi động lại, thường trong chưa đầy một phút. Dữ liệu đã lưu không mất."),
        )
    return None


def not_found() -> Trouble:
    return Trouble(
        404, "not_found", _("Địa chỉ này không có trên hệ thống, hoặc nội dung đã được chuyển đi nơi khác.")
    )


def unforeseen() -> Trouble:
    return Trouble(
        500,
        "unforeseen",
        _("Đã xảy ra lỗi ngoài dự kiến và lỗi đã được ghi lại. Việc bạn vừa làm có thể chưa được lưu."),
    )


def answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The response to a foreseen error, None to let others handle it."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    if trouble.status >= SERVER_AT_FAULT:
        log.error("refused", extra={"code": trouble.code, "reason": str(error)})
    else:
        log.info("refused", extra={"code": trouble.code, "status": trouble.status})
    return tell(request, trouble)


def tell(request: HttpRequest, trouble: Trouble) -> HttpResponse:
    """The trouble as problem+json, htmx fragment or page, whichever the request wants."""
    if wants_json(request):
        response: HttpResponse = JsonResponse(problem(trouble), status=trouble.status)
        response.headers["Content-Type"] = "application/problem+json"
    elif request.headers.get("HX-Request") == "true":
        html = render_to_string("ui/refusal.html", {"trouble": trouble, "request_id": trace.request_id.get()})
        response = HttpResponse(html, status=trouble.status)
    else:
        template = "ui/error_bare.html" if trouble.status in BARE else "ui/error.html"
        context = {"trouble": trouble, "request_id": trace.request_id.get()}
        if trouble.status in BARE:
            response = HttpResponse(render_to_string(template, context), status=trouble.status)
        else:
            response = render(request, template, context | {"back": back(request)}, status=trouble.status)
    if trouble.status == AWAY:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def problem(trouble: Trouble) -> dict[str, object]:
    """RFC 9457 problem details."""
    return {
        "type": f"urn:tinhso:problem:{trouble.code}",
        "title": trouble.title,
        "status": trouble.status,
        "detail": trouble.message,
        "code": trouble.code,
        "ground": trouble.ground or None,
        "field": trouble.field or None,
        "request_id": trace.request_id.get(),
    }


def wants_json(request: HttpRequest) -> bool:
    """Programs: API addresses, JSON bodies, or an Accept that prefers JSON to a page."""
    if request.path.startswith("/api/") or request.content_type == "application/json":
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def back(request: HttpRequest) -> str:
    """The page the reader came from, when it is of this site: there the typed text still is."""
    referer = request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}/"
    return referer if referer.startswith(here) and referer != request.build_absolute_uri() else ""
