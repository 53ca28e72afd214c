"""The frame's addresses with views that fail in every way a view can."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tinhso.core.access.route import public
from tinhso.kit.errors import Forbidden, NotFound, Refusal, Stale

FAILURES = {
    "refusal": Refusal(
        "case.closed", "Hồ sơ đã kết thúc. Hãy mở hồ sơ mới.", ground="Điều 8 <Luật>", field="note"
    ),
    "not-found": NotFound("case.none", "Không có hồ sơ này."),
    "forbidden": Forbidden("case.other_unit", "Hồ sơ thuộc đơn vị khác."),
    "stale": Stale("case.changed", "Hồ sơ đã được người khác tiếp nhận."),
    "denied": PermissionDenied(),
    "database": OperationalError("server closed the connection"),
    "bug": ZeroDivisionError("unforeseen"),
}


@public
def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise FAILURES[how]


@public
def echo(request: HttpRequest) -> HttpResponse:
    request.case_code = "H30.24-261123-0012"  # type: ignore[attr-defined]
    return HttpResponse(f"{request.POST.get('name', '')} {request.LANGUAGE_CODE}")


urlpatterns = [
    path("fail/<slug:how>/", fail),
    path("api/fail/<slug:how>/", fail),
    path("echo/", echo, name="echo"),
    path("", include("tinhso.core.ui.urls")),
    path("", include("tinhso.core.access.urls")),
]
handler400 = "tinhso.core.ui.views.bad_request"
handler403 = "tinhso.core.ui.views.forbidden"
handler404 = "tinhso.core.ui.views.page_not_found"
handler500 = "tinhso.core.ui.views.server_error"
