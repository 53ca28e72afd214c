"""The API's frame: one OpenAPI document, one way to sign in, one shape of error (RFC 9457), safe repeats."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any, TypeVar, cast, get_type_hints, overload

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import APIKeyCookie, HttpBearer

from tinhso.core.access.queries import actor_for_account, second_factor_duty
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
        if request.assurance < 2 and second_factor_duty(g.role for g in actor.grants)[1]:  # type: ignore[attr-defined]  # noqa: PLR2004
            return None  # what the pages refuse is not open by this door either
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


@overload
def idempotent(view: View) -> View: ...
@overload
def idempotent(view: None = None, *, alone: bool = True) -> Callable[[View], View]: ...
def idempotent(view: View | None = None, *, alone: bool = True) -> Any:
    """A write that may be sent again: with the same `Idempotency-Key` header it answers the first reply.

    The write and its reply are one transaction: whoever sends the same key meanwhile waits for it, and a crash
    leaves neither. `alone=False` is for a view in several transactions that is safe to run twice by itself;
    only its reply is kept. The same key with another request is refused.
    """
    if view is None:
        return partial(idempotent, alone=alone)

    @wraps(view)
    def once(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get("Idempotency-Key", "")[:200]
        if not key:
            return view(request, *args, **kwargs)
        write = partial(view, request, *args, **kwargs)
        return _given(request, key) or (_in_one if alone else _kept_after)(request, key, write)

    # the router reads annotations in the namespace of the function it is given: hand it resolved ones
    hints = get_type_hints(view, include_extras=True)
    signature = inspect.signature(view)
    resolved = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in signature.parameters.values()]
    once.__signature__ = signature.replace(parameters=resolved)  # type: ignore[attr-defined]
    return once


def _in_one(request: HttpRequest, key: str, write: Callable[[], Any]) -> Any:
    mark = _mark(request, key)
    with transaction.atomic():
        reply, new = Reply.objects.get_or_create(
            person_id=mark["person_id"], key=key, defaults={"request": mark["request"]}
        )
        if new:
            result = write()
            Reply.objects.filter(id=reply.id).update(**_kept(result))
            return result
    return _given(request, key)


def _kept_after(request: HttpRequest, key: str, write: Callable[[], Any]) -> Any:
    result, mark = write(), _mark(request, key)
    Reply.objects.get_or_create(
        person_id=mark["person_id"], key=key, defaults={"request": mark["request"], **_kept(result)}
    )
    return result


def _mark(request: HttpRequest, key: str) -> dict[str, Any]:
    """Whose key it is and for which request."""
    actor = request.actor  # type: ignore[attr-defined]
    digest = hashlib.sha256(request.method.encode() + request.path.encode() + request.body)  # type: ignore[union-attr]
    return {"person_id": actor.person_id or actor.account_id, "key": key, "request": digest.hexdigest()}


def _kept(result: Any) -> dict[str, Any]:
    status, body = result if isinstance(result, tuple) else (200, result)
    return {"status": status, "body": json.loads(body.model_dump_json())}


def _given(request: HttpRequest, key: str) -> HttpResponse | None:
    """The reply already given to this key; None for a new one."""
    mark = _mark(request, key)
    reply = Reply.objects.filter(person_id=mark["person_id"], key=key).first()
    if reply is None:
        return None
    if reply.request != mark["request"]:
        raise Refusal("key_reused", "Idempotency-Key này đã dùng cho một yêu cầu khác.", 422)
    return JsonResponse(reply.body, status=reply.status, safe=False)
