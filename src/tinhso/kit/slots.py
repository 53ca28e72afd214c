"""Registries that fail at start: a slot takes typed objects under a unique key and is frozen before the first request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class SlotError(RuntimeError):
    """A registration that cannot stand: twice the same key, a wrong type, or too late."""


class Slot(Generic[T]):
    """A named registry of objects of one kind, filled by the rooms' `wiring` modules.

    `key` gives the unique name of an object. `SlotError` on a duplicate or after `freeze()`:
    a registry that forgives loses features silently.
    """

    _all: list[Slot] = []

    def __init__(self, name: str, kind: type[T], key: Callable[[T], str]) -> None:
        self.name, self.kind, self._key = name, kind, key
        self._items: dict[str, T] = {}
        self._frozen = False
        Slot._all.append(self)

    def add(self, item: T) -> T:
        if self._frozen:
            raise SlotError(f"slot {self.name!r} is frozen; register in wiring.py")
        if not isinstance(item, self.kind):
            raise SlotError(f"slot {self.name!r} takes {self.kind.__name__}, got {type(item).__name__}")
        key = self._key(item)
        if key in self._items:
            raise SlotError(f"slot {self.name!r} already holds {key!r}")
        self._items[key] = item
        return item

    def get(self, key: str) -> T:
        try:
            return self._items[key]
        except KeyError:
            raise SlotError(
                f"slot {self.name!r} has no {key!r}; known: {', '.join(sorted(self._items))}"
            ) from None

    def __contains__(self, key: str) -> bool:
        return key in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    @classmethod
    def freeze_all(cls) -> None:
        """Close every slot; called once when all rooms are wired."""
        for slot in cls._all:
            slot._frozen = True
