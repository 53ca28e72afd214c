"""What rooms offer to the worker: kinds of long work. What runs by the clock stands in the rooms' `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinhso.kit.slots import Slot

if TYPE_CHECKING:
    from tinhso.core.jobs.models import Item
    from tinhso.core.jobs.runs import Steps


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of long work: `function(steps)` does it step by step and returns the result, plain JSON.

    `link(item)` is the address of the page of one thing of its list, "" when it has none.
    """

    key: str
    function: Callable[[Steps], dict[str, Any]]
    link: Callable[[Item], str] | None = None


WORK_KINDS: Slot[WorkKind] = Slot("kinds of long work", WorkKind, lambda k: k.key)
