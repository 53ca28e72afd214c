"""The policy of a page: every view says who may open it, and a test refuses a view that does not say.

A visitor who opens a page for signed-in people goes to the sign-in page and comes back afterwards. One
whose session ended while a form was filled in does not lose the answers: the sign-in page carries them,
sealed, and gives them back to be sent once more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.assurance import is_fresh
from tinhso.core.access.entrance import SIGNED_IN_AT
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.queries import second_factor_duty
from tinhso.core.access.resume import sign_in_first, step_up
from tinhso.kit.errors import Forbidden

View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Who may open a page: `public`, `signed_in`, `staff` or `permission` (any of `permissions`, anywhere).

    `assurance` 2 asks for a sign-in with two factors, where the installation asks for any (`SECOND_FACTOR_REQUIRED`).
    """

    kind: str
    permissions: tuple[str, ...] = ()
    assurance: int = 1


def public(view: View) -> View:
    """Anybody may open the page."""
    view.policy = RoutePolicy("public")  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Anybody who has signed in."""
    return _guarded(view, RoutePolicy("signed_in"))


def staff(view: View) -> View:
    """Somebody who holds a post today."""
    return _guarded(view, RoutePolicy("staff"))


def needs(*permissions: str, assurance: int = 1) -> Callable[[View], View]:
    """Somebody whose post carries at least one of the permissions, at whatever unit.

    Which rows the person then sees is the query's business; this only keeps others off the page. With
    `assurance=2`, as on the pages of permissions that ask for it, whoever signed in with less proves more first.
    """

    def decorate(view: View) -> View:
        return _guarded(view, RoutePolicy("permission", permissions, assurance))

    return decorate


def fresh(view: View) -> View:
    """Under one of the others: what is worth a second look asks who this is again, when the last proof is old."""

    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_fresh(request.session.get(SIGNED_IN_AT, ""), timezone.now()):
            return step_up(request)
        return view(request, *args, **kwargs)

    return guard  # type: ignore[return-value]


def _assurance_of(policy: RoutePolicy) -> int:
    """What a page asks for: what it says, or what every one of its permissions asks for (signing, administration)."""
    of_rights = [PERMISSIONS.get(code).assurance for code in policy.permissions if code in PERMISSIONS]
    return max(policy.assurance, min(of_rights, default=1))


def _guarded(view: View, policy: RoutePolicy) -> View:
    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = request.actor  # type: ignore[attr-defined]
        if not actor.is_known:
            return sign_in_first(request)
        if policy.kind == "staff" and not actor.is_staff:
            raise Forbidden("staff_only", _("Trang này dành cho cán bộ đang giữ một vị trí công tác."))
        if policy.kind == "permission" and not any(actor.may(p) for p in policy.permissions):
            raise Forbidden("no_permission", _("Vị trí công tác của bạn không có quyền mở trang này."))
        if getattr(request, "assurance", 0) < 2 and policy.kind in ("staff", "permission"):  # type: ignore[attr-defined]  # noqa: PLR2004
            in_force = second_factor_duty(g.role for g in actor.grants)[1]
            if in_force or (_assurance_of(policy) > 1 and settings.SECOND_FACTOR_REQUIRED):
                return step_up(request)
        return view(request, *args, **kwargs)

    guard.policy = policy  # type: ignore[attr-defined]
    return guard  # type: ignore[return-value]
