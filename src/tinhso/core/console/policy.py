"""Who may open which part of the administrator's pages, and over whom an administrator may act."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.core.access.queries import Giving, standing_of_person
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.policy import EDIT_CALENDARS, EDIT_UNITS
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Forbidden

AUDIT = "console.audit"
OPERATE = "console.operate"
#: Any of these opens the overview; it shows each reader their own parts.
ANY = (OPERATE, EDIT_UNITS, MANAGE, PUBLISH, EDIT_CALENDARS, AUDIT)


def may_manage(actor: Actor, person_id: UUID) -> bool:
    """Whether an administrator may act on a person's account: every post the person holds lies in their units and
    carries no role they could not give; whoever holds none is for administrators of the whole province.

    Otherwise the administrator of a district could take over the account of one of the province, of the system's
    administrator who sits in the district, or of any citizen.
    """
    if not actor.may(MANAGE):
        return False
    posts, giving = standing_of_person(person_id).posts, Giving(actor)
    if not posts:
        return covers_everything(actor, MANAGE) or _held_here(actor, person_id)
    return all(
        actor.may(MANAGE, post.unit_path)
        and all(giving.may(g.role, post.unit_path, below=g.below) for g in post.grants)
        for post in posts
    )


def covers_everything(actor: Actor, permission: str) -> bool:
    """Whether a permission holds at the root and below."""
    roots = {u.path for u in orgs.directory().units.values() if u.parent_id is None}
    return bool(actor.system) or any(below and path in roots for path, below in actor.paths(permission))


def _held_here(actor: Actor, person_id: UUID) -> bool:
    """Whether the person's posts of before and of later are all in the actor's units, and there is one."""
    paths = set(Holding.objects.filter(person_id=person_id).values_list("post__unit__path", flat=True))
    return bool(paths) and all(actor.may(MANAGE, path) for path in paths)


def require_over(actor: Actor, person_id: UUID) -> None:
    """Go on, or `Forbidden`."""
    if not may_manage(actor, person_id):
        raise Forbidden("outside", _("Người này giữ vị trí ở đơn vị ngoài phạm vi quản trị của bạn."))


def audited_units(actor: Actor) -> frozenset[str] | None:
    """The ids of the units whose people's acts an auditor may see; None for one who watches the whole province."""
    if actor.system:
        return None
    units = orgs.directory().units.values()
    paths = actor.paths(AUDIT)
    roots = {u.path for u in units if u.parent_id is None}
    if any(below and path in roots for path, below in paths):
        return None
    return frozenset(str(u.id) for u in units if actor.may(AUDIT, u.path))
