"""What a system offers to the desk: a kind of task, where it is done, and who may oversee others' tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.kit.slots import Slot

if TYPE_CHECKING:
    from tinhso.core.desk.queries import Row


@dataclass(frozen=True, slots=True)
class HandOn:
    """How work of a kind changes hands. `permission` at the task's unit lets somebody do it for others.

    `people(row)` are (person id, name) of those who could do it, `give(row, person_id, reason, actor)` gives it to one
    of them, `release(row, reason, actor)` puts it back for all. Both raise a `Refusal` that says why not.
    """

    permission: str
    people: Callable[[Row], list[tuple[str, str]]]
    give: Callable[[Row, str, str, Actor], None]
    release: Callable[[Row, str, Actor], None]


@dataclass(frozen=True, slots=True)
class Activity:
    """Tells which units did something: `last_acts({unit: since})` are those that acted since their moment."""

    key: str
    last_acts: Callable[[dict[UUID, datetime]], set[UUID]]


@dataclass(frozen=True, slots=True)
class TaskKind:
    """A kind of task. `title` is its Vietnamese name; `url(row)` the page where it is done; `next` what to do there.

    Holders of `oversee` at a unit (heads who assign) also see the unit's tasks of other roles.
    """

    kind: str
    title: str
    url: Callable[[Row], str]
    next: str = ""
    oversee: str | None = None
    hand_on: HandOn | None = None


TASK_KINDS: Slot[TaskKind] = Slot("task kinds", TaskKind, lambda k: k.kind)
ACTIVITIES: Slot[Activity] = Slot("signs of activity", Activity, lambda a: a.key)
