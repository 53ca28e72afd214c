"""Which roles an administrator may give: those their own role names, within their units, never to themselves."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import PostRole, Role
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.kit.errors import Forbidden

ANY = "*"


class Giving:
    """What one actor may give, read once: asked for every post of an import without another query."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        codes = {g.role for g in actor.grants if EDIT_UNITS in g.permissions}
        rows = Role.objects.filter(code__in=codes).values_list("code", "gives") if codes else ()
        self._gives = {code: frozenset(gives) for code, gives in rows}

    def may(self, role: str, path: str, *, below: bool = False) -> bool:
        """Whether the actor may give `role` to a post of the unit at `path`; `below` reaches further, so must they."""
        if self._actor.system:
            return True
        return any(
            g.covers(path) and (g.below or not below) and {ANY, role} & self._gives.get(g.role, frozenset())
            for g in self._actor.grants
        )

    def may_all(self, roles: Iterable[PostRole], path: str) -> bool:
        """Whether the actor may give every role of a post, and so put somebody on it."""
        return all(self.may(row.role_id, path, below=row.below) for row in roles)

    def require(self, role: str, path: str, *, below: bool = False) -> None:
        """Go on, or `Forbidden`."""
        if not self.may(role, path, below=below):
            raise Forbidden(
                "role_not_yours_to_give",
                _(
                    "Vai trò quản trị của bạn không được giao vai trò này, hoặc không được giao trong phạm vi này."
                ),
            )

    def require_all(self, roles: Iterable[PostRole], path: str) -> None:
        """Go on, or `Forbidden`: the post carries a role the actor may not give."""
        for row in roles:
            self.require(row.role_id, path, below=row.below)

    def require_not_oneself(self, person_id: UUID) -> None:
        """Nobody appoints oneself: a second administrator does it."""
        if not self._actor.system and person_id == self._actor.person_id:
            raise Forbidden(
                "own_rights",
                _("Không tự phân công cho chính mình; nhờ một người quản trị khác làm việc này."),
            )

    def require_not_own(self, post_id: UUID) -> None:
        """Nobody gives a role to the post one works in."""
        if not self._actor.system and post_id == self._actor.post_id:
            raise Forbidden(
                "own_rights",
                _("Không tự giao thêm vai trò cho vị trí của mình; nhờ một người quản trị khác."),
            )
