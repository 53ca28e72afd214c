"""Who may reorganise a province: whoever keeps the units of the whole of it."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.files.models import StoredFile
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.policy import EDIT_UNITS, require


def require_may(actor: Actor) -> None:
    """Go on, or `Forbidden`: the right to edit units must reach from the root."""
    roots = orgs.children_of(None)
    for root in roots:
        require(actor, EDIT_UNITS, root.path)


def may_open_report(actor: Actor, stored: StoredFile) -> bool:
    """The report of a reorganisation is for those who may do one."""
    return all(actor.may(EDIT_UNITS, root.path) for root in orgs.children_of(None))
