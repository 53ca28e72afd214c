"""Whose task a task is: computed from the grants of an actor and the units kept in memory, without a query."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from tinhso.core.access.actor import Actor, Grant
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.orgs.queries.directory import Directory

#: A role held over more units than this is looked for by role first, then by unit.
MANY_UNITS = 60
_GOVERNMENTS = {UnitKind.PROVINCE, UnitKind.DISTRICT, UnitKind.COMMUNE}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where an actor's tasks lie: (unit, role) pairs, roles held over many units, units overseen by kind of task."""

    person_id: UUID | None = None
    pairs: tuple[tuple[UUID, str], ...] = ()
    wide: dict[str, tuple[UUID, ...]] = field(default_factory=dict)
    overseen: dict[tuple[str, ...], tuple[UUID, ...]] = field(default_factory=dict)


def reach(actor: Actor) -> Reach:
    """Units and roles whose tasks the actor may see."""
    roles: dict[str, set[UUID]] = defaultdict(set)
    known = orgs.directory()
    for grant in actor.grants:
        roles[grant.role] |= _units_of(grant, known)
    pairs = sorted(
        (unit, role) for role, units in roles.items() if len(units) <= MANY_UNITS for unit in units
    )
    wide = {role: tuple(sorted(units)) for role, units in roles.items() if len(units) > MANY_UNITS}
    return Reach(actor.person_id, tuple(pairs), wide, _overseen(actor, known))


def _units_of(grant: Grant, known: Directory) -> set[UUID]:
    """The grant's unit, those below when it says so, and the government it is a part of.

    An officer of a division works for the district's committee; an officer of a commune does not.
    """
    units = {grant.unit_id}
    own = known.units.get(grant.unit_id)
    if own is not None and own.parent_id and own.kind not in _GOVERNMENTS:
        units.add(own.parent_id)
    if grant.below:
        units |= {unit.id for unit in _below(grant.path, known)}
    return units


def _below(path: str, known: Directory) -> list[Unit]:
    return [u for u in known.units.values() if u.path == path or u.path.startswith(path + ".")]


def _overseen(actor: Actor, known: Directory) -> dict[tuple[str, ...], tuple[UUID, ...]]:
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind in TASK_KINDS:
        if kind.oversee is not None:
            kinds[kind.oversee].append(kind.kind)
    found = {}
    for permission, names in kinds.items():
        paths = actor.paths(permission)
        units = {
            unit.id for path, below in paths for unit in _below(path, known) if below or unit.path == path
        }
        if units:
            found[tuple(sorted(names))] = tuple(sorted(units))
    return found
