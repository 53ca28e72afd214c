"""Whose task a task is: computed from the grants of an actor and the units kept in memory, without a query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor, Grant
from tinhso.core.access.models import Delegation
from tinhso.core.access.permissions import PERMISSIONS
from tinhso.core.access.policy import is_head, units_within
from tinhso.core.access.queries import HeldPost, delegation_of_file, standing_of_person
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.files.models import StoredFile
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.orgs.queries.directory import Directory
from tinhso.kit.errors import NotFound

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
    #: People whose work counts as the actor's where their role reaches: whom they act for, whose place they take.
    others: tuple[UUID, ...] = ()


def reach(actor: Actor, others: tuple[UUID, ...] = ()) -> Reach:
    """Units and roles whose tasks the actor may see; `others` are absent people the actor stands in for."""
    roles: dict[str, set[UUID]] = defaultdict(set)
    known = orgs.directory()
    for grant in actor.grants:
        roles[grant.role] |= units_of_grant(grant, known)
    pairs = sorted(
        (unit, role) for role, units in roles.items() if len(units) <= MANY_UNITS for unit in units
    )
    wide = {role: tuple(sorted(units)) for role, units in roles.items() if len(units) > MANY_UNITS}
    if actor.stands_for:
        others = (*others, actor.stands_for.person_id)
    return Reach(actor.person_id, tuple(pairs), wide, _overseen(actor, known), others)


def units_of_grant(grant: Grant, known: Directory | None = None) -> set[UUID]:
    """The grant's unit, those below when it says so, and the government it is a part of.

    An officer of a division works for the district's committee; an officer of a commune does not.
    """
    known = known or orgs.directory()
    units = {grant.unit_id}
    own = known.units.get(grant.unit_id)
    if own is not None and own.parent_id and own.kind not in _GOVERNMENTS:
        units.add(own.parent_id)
    if grant.below:
        units |= {unit.id for unit in _below(grant.path, known)}
    return units


def _below(path: str, known: Directory) -> list[Unit]:
    return [u for u in known.units.values() if u.path == path or u.path.startswith(path + ".")]


def may_hand_on(actor: Actor, kind: str, path: str) -> bool:
    """Whether the actor may take a task of that kind at that unit from somebody and give it to another."""
    offered = TASK_KINDS.get(kind).hand_on if kind in TASK_KINDS else None
    return offered is not None and actor.may(offered.permission, path)


@dataclass(frozen=True, slots=True)
class Power:
    """A delegation as pages show it: what it hands on in words, and how it stands (`now`, `later`, `over`)."""

    row: Delegation
    scope: tuple[str, ...]
    state: str


def power_words(rows: Iterable[Delegation]) -> list[Power]:
    """Delegations in words; the title of every permission named."""
    titles = {p.code: _(p.title) for p in PERMISSIONS}
    today = timezone.localdate()
    found = []
    for row in rows:
        over = row.revoked_at is not None or row.last_day < today
        state = "over" if over else "now" if row.first_day <= today else "later"
        found.append(Power(row, tuple(titles.get(p, p) for p in row.permissions), state))
    return found


def posts_looked_after(actor: Actor, person_id: UUID) -> list[HeldPost]:
    """The posts of a person that lie where the actor is head, to arrange a delegation for."""
    return [p for p in standing_of_person(person_id).posts if is_head(actor, p.unit_path)]


def may_open_ground(actor: Actor, stored: StoredFile) -> bool:
    """The paper of a delegation is read by those who may see the delegation."""
    try:
        return delegation_of_file(stored.id, actor=actor) is not None
    except NotFound:
        return False


def units_handed(actor: Actor) -> dict[tuple[str, ...], tuple[UUID, ...]]:
    """Where the actor may take work from people and give it to others: units by the kinds of task."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind in TASK_KINDS:
        if kind.hand_on is not None:
            kinds[kind.hand_on.permission].append(kind.kind)
    found = {}
    for permission, names in kinds.items():
        units = units_within(actor.paths(permission))
        if units:
            found[tuple(sorted(names))] = tuple(sorted(unit.id for unit in units))
    return found


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
