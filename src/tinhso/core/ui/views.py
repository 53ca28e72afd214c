"""The frame's own pages: language, health, metrics, help, and what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from tinhso.core.access.route import public
from tinhso.core.ui import actions, health, queries
from tinhso.core.ui import gallery as samples
from tinhso.core.ui.middleware import LANGUAGE_COOKIE
from tinhso.core.ui.refusals import Trouble, answer, not_found, tell, unforeseen
from tinhso.core.ui.stale import stale_page

__all__ = ["stale_page"]

ONE_YEAR_SECONDS = 365 * 86400


@public
@csrf_exempt  # Changes nothing but the reader's own language; must work from a page of any age.
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read in another language from now on, here and (signed in) everywhere."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=ONE_YEAR_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
        if account_id := request.actor.account_id:  # type: ignore[attr-defined]
            actions.choose_language(account_id=account_id, language=chosen)
    return response


@public
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@public
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether to send people here; 503 when a required part fails, with `?all` when any part fails."""
    checks = health.all_checks()
    ready = all(check.ok for check in checks if check.required or "all" in request.GET)
    body = {
        "ready": ready,
        "degraded": not all(check.ok for check in checks),
        "checks": {
            check.name: {"ok": check.ok, "required": check.required, "detail": check.detail, "ms": check.ms}
            for check in checks
        },
    }
    return JsonResponse(body, status=200 if ready else 503)


class _RowFigures:
    """Figures read from the rows at each scrape; left out while the database is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            figures = queries.monitor_figures()
        except (DatabaseError, InterfaceError):
            return
        for name, value in figures.items():
            yield GaugeMetricFamily(name, name.replace("_", " "), value=value)


@public
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; with several web processes set `PROMETHEUS_MULTIPROC_DIR` and they are added up."""
    rows = CollectorRegistry()
    rows.register(_RowFigures())  # type: ignore[arg-type]
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        process = CollectorRegistry()
        MultiProcessCollector(process)
    else:
        process = REGISTRY
    return HttpResponse(generate_latest(process) + generate_latest(rows), content_type=CONTENT_TYPE_LATEST)


@public
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do the common things, and whom to ask."""
    return render(request, "ui/help.html", {"centre": queries.province_centre()})


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return render(request, "ui/accessibility.html", {"centre": queries.province_centre()})


@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; `?khung=desk` shows them in the officers' frame."""
    desk = request.GET.get("khung") == "desk"
    context = samples.context(request, desk=desk)
    return render(request, "ui/gallery_desk.html" if desk else "ui/gallery.html", context)


@public
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`."""
    return tell(request, not_found())


@public
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler403`."""
    return (exception and answer(request, exception)) or tell(
        request, Trouble(403, "forbidden", _("Tài khoản của bạn không có quyền làm việc này."))
    )


@public
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler400`: too many fields, a body too large, a host we do not serve."""
    message = _("Yêu cầu gửi lên quá lớn hoặc không đúng dạng. Hãy quay lại trang trước và thử lại.")
    return tell(request, Trouble(400, "bad_request", message))


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: also reached by errors outside of views, such as a database that is away."""
    error = sys.exc_info()[1]
    return (error and answer(request, error)) or tell(request, unforeseen())
