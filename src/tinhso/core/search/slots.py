"""What a system offers to the search: a kind of thing, and the permission that lets staff find it."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class SearchSource:
    """A kind of thing to be found. `title` is the Vietnamese heading of its group of results.

    `permission` lets staff find private rows of the units where they hold it; without one, private rows
    are found by the persons in their scope only. Groups are shown by `order`.
    """

    key: str
    title: str
    permission: str | None = None
    order: int = 50


SEARCH_SOURCES: Slot[SearchSource] = Slot("search sources", SearchSource, lambda s: s.key)
