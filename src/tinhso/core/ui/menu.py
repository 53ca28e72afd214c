"""The menu slot: every room's pages in one menu, each shown to those who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext

from tinhso.core.access.actor import Actor
from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One page in the menu. `title` is the Vietnamese message id; `permission` None means everybody the area is for."""

    key: str
    title: str
    url_name: str
    permission: str | None
    order: int
    area: Literal["citizen", "desk", "console", "account"]


MENU: Slot[MenuEntry] = Slot("menu", MenuEntry, lambda entry: entry.key)


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A menu entry as one reader sees it."""

    title: str
    url: str
    current: bool


def links(area: str, actor: Actor, path: str) -> list[MenuLink]:
    """The entries of an area this actor may open, in order; the one that holds `path` is current."""
    shown = [
        (gettext(entry.title), reverse(entry.url_name))
        for entry in sorted(MENU, key=lambda entry: (entry.order, entry.key))
        if entry.area == area and (entry.permission is None or actor.may(entry.permission))
    ]
    holding = [url for _, url in shown if path == url or (url != "/" and path.startswith(url))]
    current = max(holding, key=len, default=None)
    return [MenuLink(title, url, url == current) for title, url in shown]
