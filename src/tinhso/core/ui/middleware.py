"""What happens around every request: a log line and a measure, the language, refusals made readable."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from prometheus_client import Histogram

from tinhso.core.access.actor import VISITOR
from tinhso.core.ui.refusals import answer
from tinhso.kit import trace

GetResponse = Callable[[HttpRequest], HttpResponse]

LANGUAGE_COOKIE = "ngon_ngu"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
SECONDS = Histogram(
    "tinhso_request_seconds",
    "Time to answer, by route",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_QUIET = {"/healthz", "/readyz", "/metrics"}
log = logging.getLogger("tinhso.access")


class RequestLog:
    """Outermost: names the request, writes its JSON log line, measures it, adds the security headers."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if _SAFE_ID.fullmatch(given) else secrets.token_hex(8)
        request.request_id = request_id  # type: ignore[attr-defined]
        named, about = trace.request_id.set(request_id), trace.case_code.set("")
        start = time.perf_counter()
        try:
            response = self.get_response(request)
            self._headers(request, response, request_id)
            self._report(request, response, time.perf_counter() - start)
            return response
        finally:
            trace.case_code.reset(about)
            trace.request_id.reset(named)

    def _headers(self, request: HttpRequest, response: HttpResponse, request_id: str) -> None:
        response.headers["X-Request-ID"] = request_id
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if getattr(request, "actor", VISITOR).is_known:
            # Shared machines at the counter: the next person's "back" must ask the server.
            response.headers.setdefault("Cache-Control", "private, no-cache")

    def _report(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = (match.view_name or match.route) if match else "none"
        SECONDS.labels(request.method, route, response.status_code).observe(seconds)
        if request.path in _QUIET:
            return
        case = getattr(request, "case_code", "")
        if case:
            trace.case_code.set(case)
        actor = getattr(request, "actor", VISITOR)
        log.info(
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "post": str(actor.post_id or ""),
                "account": str(actor.account_id or ""),
            },
        )


class Compress(GZipMiddleware):
    """Text goes over the line compressed; papers and pictures are compressed already and keep their length.

    Compression tells the length of a page, and so might tell what it holds (BREACH): Django masks the
    form token anew in every answer and pads the answer with random bytes.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.get("Content-Type", "").startswith(
            ("text/", "application/json", "application/problem")
        ):
            return response
        return super().process_response(request, response)


class Language:
    """Vietnamese unless the reader chose otherwise here (cookie) or in the account; browsers do not decide."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        self._use(request, chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        try:
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            patch_vary_headers(response, ["Cookie"])
            return response
        finally:
            translation.deactivate()

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Once it is known who reads: a new device follows the account's language."""
        if LANGUAGE_COOKIE in request.COOKIES or SESSION_KEY not in request.session:
            return
        language = getattr(getattr(request, "user", None), "language", "")
        if language in dict(settings.LANGUAGES):
            self._use(request, language)

    def _use(self, request: HttpRequest, language: str) -> None:
        translation.activate(language)
        request.LANGUAGE_CODE = language


class Refusals:
    """Innermost: typed errors become a page, a fragment or problem+json."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer(request, error)
