"""Who may keep the accounts of which units."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.orgs.policy import EDIT_UNITS
from tinhso.core.people.policy import MANAGE


def may_keep(actor: Actor, path: str) -> bool:
    """Whether the actor keeps people and posts of the unit at `path`: both rights, as the unit's administrator has."""
    return actor.may(MANAGE, path) and actor.may(EDIT_UNITS, path)


def paths_kept(actor: Actor) -> list[tuple[str, bool]]:
    """The (path, also below) pairs where the actor keeps accounts."""
    posts = set(actor.paths(EDIT_UNITS))
    return [pair for pair in actor.paths(MANAGE) if pair in posts or may_keep(actor, pair[0])]
