"""What a list's line about a post means for what is held already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Held:
    """A holding as it is kept."""

    id: UUID
    first: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """What to do: `add` from `first` to `end`, `end` the holding `id` on `end`, or nothing; `fault` says why it cannot be."""

    do: str = ""
    first: date | None = None
    end: date | None = None
    id: UUID | None = None
    fault: str = ""


def step_of(held: Sequence[Held], first: date | None, end: date | None, today: date) -> Step:
    """The step a line asks for. A post held now stays as it began; only its end follows the list. Saying the same
    again asks for nothing; a list without an end ends nothing and takes no end back."""
    now = next((h for h in held if h.end is None or h.end > today), None)
    return _of_now(now, end) if now else _of_new(held, first or today, end)


def _of_now(now: Held, end: date | None) -> Step:
    if end is None or end == now.end:
        return Step()
    if end <= now.first:
        return Step(fault="Ngày thôi giữ phải sau ngày bắt đầu giữ vị trí này.")
    return Step("end", end=end, id=now.id)


def _of_new(held: Sequence[Held], first: date, end: date | None) -> Step:
    if any(h.first == first and h.end == end for h in held):
        return Step()
    if end is not None and end <= first:
        return Step(fault="Ngày thôi giữ phải sau ngày bắt đầu.")
    if any(h.end is not None and first < h.end and (end is None or h.first < end) for h in held):
        return Step(fault="Người này đã thôi giữ vị trí này sau ngày đó. Ghi “Từ ngày” là ngày bắt đầu lại.")
    return Step("add", first=first, end=end)
