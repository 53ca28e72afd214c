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


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A page about a case that another room offers to officers, linked from the case's own; `title` is a Vietnamese message id."""

    key: str
    title: str
    url: Callable[[str], str]


CASE_LINKS: Slot[CaseLink] = Slot("pages about a case", CaseLink, lambda link: link.key)


def case_links(code: str) -> list[tuple[str, str]]:
    """(title, address) of the pages other rooms offer about a case."""
    return [(link.title, link.url(code)) for link in CASE_LINKS]


def item_url(item: Item) -> str:
    """The same for a case in a list of long work, which keeps its code."""
    code = item.data.get("code", "")
    return staff_url(code) if code else ""
