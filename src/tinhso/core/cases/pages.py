"""Where a case is shown to officers: a room above says it, so that the engine's own lists can lead there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tinhso.core.jobs.models import Item
from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class CasePage:
    """`url(code)` is the address of the page of a case for `who`: `staff`."""

    who: str
    url: Callable[[str], str]


CASE_PAGES: Slot[CasePage] = Slot("pages of a case", CasePage, lambda p: p.who)


def staff_url(code: str) -> str:
    """The officers' page of a case; "" in an installation that has none."""
    return CASE_PAGES.get("staff").url(code) if "staff" in CASE_PAGES else ""


def item_url(item: Item) -> str:
    """The same for a case in a list of long work, which keeps its code."""
    code = item.data.get("code", "")
    return staff_url(code) if code else ""
