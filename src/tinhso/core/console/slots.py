"""What other rooms add to the administrator's pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class PersonLink:
    """A page about a person, linked from theirs. `title` is the Vietnamese message id; `acting` for administrators of the person only."""

    key: str
    title: str
    url: Callable[[UUID], str]
    order: int = 50
    acting: bool = False


PERSON_LINKS: Slot[PersonLink] = Slot("pages about a person", PersonLink, lambda link: link.key)


def person_links(person_id: UUID, *, acting: bool) -> list[tuple[str, str]]:
    """(title, address) of the pages about a person, in their order."""
    shown = sorted(PERSON_LINKS, key=lambda link: (link.order, link.key))
    return [(link.title, link.url(person_id)) for link in shown if acting or not link.acting]
