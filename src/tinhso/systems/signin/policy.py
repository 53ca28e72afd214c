"""Who may give somebody a one-time code."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import standing_of_person
from tinhso.kit.errors import Forbidden, Refusal

ISSUE = "signin.issue"


def require_issuer(actor: Actor, person_id: UUID) -> UUID:
    """The officer's person id; `Forbidden` or `Refusal` unless the actor may let that person in.

    Never themselves, and never an official: whoever could open an official's account could act in their post.
    Those go to whoever administers accounts.
    """
    if actor.person_id is None or not actor.may(ISSUE):
        raise Forbidden("no_permission", _("Vị trí công tác của bạn không được cấp mã đăng nhập."))
    if actor.person_id == person_id:
        raise Forbidden("for_oneself", _("Không cấp mã cho chính mình."))
    if standing_of_person(person_id).posts:
        why = _("Người này đang giữ vị trí công tác. Tài khoản cán bộ do quản trị tài khoản đặt lại.")
        raise Refusal("official", why, status=422, field="number")
    return actor.person_id
