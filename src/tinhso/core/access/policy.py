"""Turning a person's rights into a filter on rows: one comparison of unit paths, whatever the table; and who is head of whom."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from tinhso.core.access.actor import Actor
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.orgs.policy import EDIT_UNITS


def unit_scope(actor: Actor, permission: str, *, field: str = "unit__path", unit_field: str = "unit") -> Q:
    """The rows an actor may touch by a permission: at the units where it holds, and below where it extends.

    `field` is the path column or the way to it, `unit_field` the foreign key to the unit ("" when the table
    keeps only a path). Exact units compare ids and need no join. Nobody's rows when the permission is nowhere held.
    """
    if actor.system:
        return Q()
    rule = Q(pk__in=[])
    exact = [g for g in actor.grants if permission in g.permissions and not g.below]
    if exact and unit_field:
        rule |= Q(**{f"{unit_field}__in": sorted({g.unit_id for g in exact})})
    elif exact:
        rule |= Q(**{f"{field}__in": sorted({g.path for g in exact})})
    for path, below in actor.paths(permission):
        if below:
            rule |= Q(**{field: path}) | Q(**{f"{field}__startswith": path + "."})
    return rule


#: Who may give work to others at a unit looks after the people there (see `cases.assign` in the roles).
HEADS = "cases.assign"


def is_head(actor: Actor, path: str) -> bool:
    """Whether the actor looks after the people of the unit at `path`."""
    return actor.may(HEADS, path)


def is_administrator(actor: Actor, path: str) -> bool:
    """Whether the actor keeps the posts of the unit at `path`; may arrange what heads may not."""
    return actor.may(EDIT_UNITS, path)


def looks_after(actor: Actor, paths: list[str]) -> bool:
    """Whether the actor is head or administrator at one of the units."""
    return any(is_head(actor, path) or is_administrator(actor, path) for path in paths)


def units_looked_after(actor: Actor) -> list[UUID]:
    """The units whose people the actor looks after, as head or administrator."""
    reach = {*actor.paths(HEADS), *actor.paths(EDIT_UNITS)}
    return [u.id for u in units_within(reach)]


def units_within(reach: Iterable[tuple[str, bool]]) -> list[Unit]:
    """The open units at (path, also below) pairs, in the order of their paths."""
    pairs = list(reach)
    return [
        u
        for u in orgs.directory().units.values()
        if u.active and any(u.path == p or (below and u.path.startswith(p + ".")) for p, below in pairs)
    ]


def house_of(unit: Unit) -> Unit:
    """The agency a unit is a part of: itself when it is a government or a department, else the nearest such above."""
    here: Unit = unit
    while here.kind not in _AGENCIES and here.parent is not None:
        here = here.parent
    return here


_AGENCIES = {UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.DEPARTMENT}
