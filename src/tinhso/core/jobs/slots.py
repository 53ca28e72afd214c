"""What rooms offer to the worker: kinds of long work. What runs by the clock stands in the rooms' `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinhso.kit.slots import Slot

if TYPE_CHECKING:
    from tinhso.core.jobs.runs import Steps


@dataclass(frozen=True, slots=True)
class WorkKind:
    """A kind of long work: `function(steps)` does it step by step and returns the result, plain JSON."""

    key: str
    function: Callable[[Steps], dict[str, Any]]


WORK_KINDS: Slot[WorkKind] = Slot("kinds of long work", WorkKind, lambda k: k.key)
