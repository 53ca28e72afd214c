"""What rooms say of the work they keep at units, so that a reorganisation can count it, move it and prove it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.orgs.models import Unit
from tinhso.core.reorganisation.picture import Piece, Undecided
from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class Tally:
    """So many things of a kind go from one unit (code) to another."""

    frm: str
    to: str
    count: int


@dataclass(frozen=True, slots=True)
class Open:
    """One thing nobody can place by rule: `key` is what a decision names it by, `label` and `link` show it."""

    key: str
    label: str
    link: str
    frm: str
    undecided: Undecided


@dataclass(frozen=True)
class Trial:
    """What a dry run asks a room: where pieces would go, by codes; the new units do not exist yet.

    `gone` are the units that end, by id; `whole` the codes of those whose work goes to one unit whatever it is.
    """

    gone: dict[UUID, str]
    whole: frozenset[str]
    to: Callable[[str, Piece], str | Undecided]
    decided: dict[str, str]
    tallies: list[Tally] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)


@dataclass(frozen=True)
class Moving:
    """What moving needs: the plan, who ordered it, when; `to` gives the new unit of a piece kept at an old one."""

    plan_id: UUID
    actor: Actor
    now: datetime
    gone: dict[UUID, str]
    to: Callable[[str, Piece, str], Unit]


@dataclass(frozen=True, slots=True)
class Movable:
    """A kind of open work. `look` fills a trial, `waiting` gives the next ids still at units that are no more (in order,
    behind one of them), `move` moves a group in the caller's transaction, `back` takes moves of a plan back.

    Moving is found again by what is still waiting, so it can stop anywhere and go on.
    """

    name: str
    title: str
    look: Callable[[Trial], None]
    waiting: Callable[[Moving, UUID | None, int], Sequence[UUID]]
    move: Callable[[Moving, Sequence[UUID]], int]
    moved: Callable[[UUID, UUID | None, int], Sequence[UUID]]
    back: Callable[[Moving, Sequence[UUID]], int]


@dataclass(frozen=True, slots=True)
class Held:
    """Something units have that does not move by itself: `count(ids of the units that end)` says how much, `note` what
    becomes of it."""

    name: str
    title: str
    note: str
    count: Callable[[list[UUID]], int]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of the proof: `sql` gives (count, checksum) of what existed at `%(until)s`; it may not change."""

    name: str
    title: str
    sql: str


MOVABLES: Slot[Movable] = Slot("work kept at units", Movable, lambda m: m.name)
HELD: Slot[Held] = Slot("things units have", Held, lambda h: h.name)
EVIDENCE: Slot[Evidence] = Slot("evidence of reorganisations", Evidence, lambda e: e.name)
