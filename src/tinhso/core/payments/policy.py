"""Whose cash books a person may see."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.orgs import queries as orgs

CASHIER = "cases.cashier"
APPROVE = "cases.approve"
REPORTS = "reports.see"


def units_of(actor: Actor, *permissions: str) -> list[UUID]:
    """The units where the actor holds one of the permissions, the nearest first."""
    found: dict[UUID, None] = {}
    units = orgs.directory().units.values()
    for permission in permissions or (CASHIER,):
        for path, below in actor.paths(permission):
            found |= dict.fromkeys(u.id for u in units if u.path == path)
            if below:
                found |= dict.fromkeys(u.id for u in units if u.path.startswith(path + "."))
    return list(found)
