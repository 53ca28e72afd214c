"""What a system offers to the desk: a kind of task, where it is done, and who may oversee others' tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinhso.kit.slots import Slot

if TYPE_CHECKING:
    from tinhso.core.desk.queries import Row


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


TASK_KINDS: Slot[TaskKind] = Slot("task kinds", TaskKind, lambda k: k.kind)
