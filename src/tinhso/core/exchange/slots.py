"""Who answers which question: filled by the systems' `exchange.py` through their `wiring.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tinhso.kit.slots import Slot

if TYPE_CHECKING:
    from tinhso.core.exchange.ask import Question


@dataclass(frozen=True, slots=True)
class Provider:
    """`answer(request, question)` for every request of one frozen dataclass of `tinhso.contracts`.

    It returns an instance of `reply`, or raises a `Refusal`: not found, not allowed for this purpose.
    `question.deadline` tells how long the asker waits; a provider that calls the outside passes it on.
    """

    request: type
    reply: type
    answer: Callable[[Any, Question], Any]


PROVIDERS: Slot[Provider] = Slot("exchange providers", Provider, lambda p: p.request.__name__)
