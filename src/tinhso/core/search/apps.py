from __future__ import annotations

from tinhso.core.db.rooms import Room


class SearchConfig(Room):
    name = "tinhso.core.search"
    label = "search"
