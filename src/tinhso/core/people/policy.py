"""Who may read and write what is known of persons."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.orgs.policy import ActorLike
from tinhso.kit.errors import Forbidden

READ = "people.read"
MANAGE = "console.people"
RECEIVE = "cases.receive"


def is_trusted(actor: ActorLike) -> bool:
    """Whether the actor sees papers before writing: the counter, administrators, the system itself."""
    return bool(actor.system) or actor.may(RECEIVE) or actor.may(MANAGE)


def require_reader(actor: ActorLike) -> None:
    """`Forbidden` unless the actor's post lets it look people up."""
    if not actor.may(READ):
        raise Forbidden("no_permission", _("Vị trí công tác của bạn không được tra cứu thông tin cá nhân."))


def require_known(actor: ActorLike) -> None:
    """`Forbidden` for visitors."""
    if not (actor.system or actor.person_id):
        raise Forbidden("sign_in", _("Đăng nhập để làm việc này."))


def require_manager(actor: ActorLike) -> None:
    """`Forbidden` unless the actor manages accounts."""
    if not actor.may(MANAGE):
        raise Forbidden("no_permission", _("Vị trí công tác của bạn không có quyền quản lý tài khoản."))


def require_self_or(actor: ActorLike, person_id: UUID, *, allowed: bool) -> None:
    """`Forbidden` unless the actor is that person or `allowed`."""
    if actor.person_id != person_id and not allowed:
        raise Forbidden("not_yours", _("Chỉ chính người đó mới làm được việc này."))
