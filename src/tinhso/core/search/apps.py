from __future__ import annotations

from tinhso.core.db import rooms


class SearchConfig(rooms.Room):
    name = "tinhso.core.search"
    label = "search"
