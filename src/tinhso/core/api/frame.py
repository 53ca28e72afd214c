"""The API's frame: one OpenAPI document, one way to sign in, one shape of error (RFC 9457), safe repeats."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast, get_type_hints

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import APIKeyCookie, HttpBearer

from tinhso.core.access.queries import actor_for_account
from tinhso.core.api.models import ApiToken, Reply
from tinhso.kit.errors import Refusal
from tinhso.kit.slots import Slot

View = TypeVar("View", bound=Callable[..., Any])

PROBLEM = "application/problem+json"


@dataclass(frozen=True, slots=True)
class RoomRouter:
    """The part of the API a room offers under `/api/v1/<prefix>/`."""

    prefix: str
    router: Router
    title: str


ROUTERS: Slot[RoomRouter] = Slot("api routers", RoomRouter, lambda r: r.prefix)


class SessionAuth(APIKeyCookie):
    """The session of a signed-in browser, with the CSRF token on writes."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return super()._get_key(request) if self.param_name in request.COOKIES else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.is_known else None


class TokenAuth(HttpBearer):
    """`Authorization: Bearer <key>`: a key made for an account, for programs."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        digest = hashlib.sha256(token.encode()).hexdigest()
        found = (
            ApiToken.objects.select_related("account__person")
            .filter(hash=digest, expires_at__gt=timezone.now(), account__is_active=True)
            .first()
        )
        if found is None:
            return None
        request.actor = actor_for_account(found.account_id)  # type: ignore[attr-defined]
        return found.account


def problem(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as problem+json: stable `code`, a sentence in `detail`, the field and the law when there are any."""
    body = {
        "type": f"{settings.SITE_URL}/tro-giup/#{refusal.code}",
        "title": refusal.code.replace("_", " "),
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
        "instance": request.path,
    }
    if refusal.field:
        body["field"] = refusal.field
    if refusal.ground:
        body["ground"] = refusal.ground
    return JsonResponse(body, status=refusal.status, content_type=PROBLEM)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    response = problem(request, Refusal("bad_data", "Dữ liệu gửi lên không đúng mẫu. Xem mục errors.", 422))
    body = json.loads(response.content)
    body["errors"] = [
        {"field": ".".join(str(p) for p in e["loc"]), "message": e["msg"]} for e in error.errors
    ]
    return JsonResponse(body, status=422, content_type=PROBLEM)


def build() -> NinjaAPI:
    """The API with every room's router; called once, when the addresses are built."""
    api = NinjaAPI(
        title="tinhso",
        version="1.0.0",
        description="Cùng những việc như trên màn hình: mỗi lệnh ghi là một hành vi, mỗi lỗi là problem+json.",
        urls_namespace="api",
        docs_url="docs",
        auth=[TokenAuth(), SessionAuth()],
    )
    api.add_exception_handler(Refusal, lambda r, e: problem(r, cast(Refusal, e)))
    api.add_exception_handler(ValidationError, lambda r, e: _invalid(r, cast(ValidationError, e)))
    api.add_exception_handler(
        Http404, lambda r, e: problem(r, Refusal("not_found", "Không tìm thấy địa chỉ này.", 404))
    )
    api.add_exception_handler(
        PermissionDenied,
        lambda r, e: problem(r, Refusal("forbidden", "Bạn không có quyền làm việc này.", 403)),
    )
    api.add_exception_handler(
        AuthenticationError,
        lambda r, e: problem(r, Refusal("sign_in", "Hãy đăng nhập hoặc gửi khóa truy cập.", 401)),
    )
    for room in ROUTERS:
        api.add_router(f"/{room.prefix}/", room.router, tags=[room.title])
    return api


def idempotent(view: View) -> View:
    """A write that may be sent again: with the same `Idempotency-Key` header it answers the first reply.

    The same key with another request is refused; a request still under way answers 409, to be tried again.
    """

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return view(request, *args, **kwargs)
        reply = _claim(request, key)
        if reply.status is not None:
            return JsonResponse(reply.body, status=reply.status, safe=False)
        try:
            result = view(request, *args, **kwargs)
        except Exception:
            reply.delete()
            raise
        status, body = result if isinstance(result, tuple) else (200, result)
        Reply.objects.filter(id=reply.id).update(status=status, body=json.loads(body.model_dump_json()))
        return result

    # the router reads annotations in the namespace of the function it is given: hand it resolved ones
    hints = get_type_hints(view, include_extras=True)
    signature = inspect.signature(view)
    resolved = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in signature.parameters.values()]
    once.__signature__ = signature.replace(parameters=resolved)  # type: ignore[attr-defined]
    return once  # type: ignore[return-value]


def _claim(request: HttpRequest, key: str) -> Reply:
    digest = hashlib.sha256(request.method.encode() + request.path.encode() + request.body).hexdigest()  # type: ignore[union-attr]
    person = request.actor.person_id  # type: ignore[attr-defined]
    try:
        with transaction.atomic():
            return Reply.objects.create(person_id=person, key=key[:200], request=digest)
    except IntegrityError:
        reply = Reply.objects.get(person_id=person, key=key[:200])
    if reply.request != digest:
        raise Refusal("key_reused", "Idempotency-Key này đã dùng cho một yêu cầu khác.", 422)
    if reply.status is None:
        raise Refusal("in_progress", "Yêu cầu cùng khóa đang được xử lý. Hãy thử lại sau giây lát.", 409)
    return reply
