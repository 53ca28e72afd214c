"""What every page's frame shows, computed only when a template asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from tinhso.core.access.actor import VISITOR, Actor
from tinhso.core.ui import queries
from tinhso.core.ui.menu import MenuLink, links
from tinhso.kit import trace


class Frame:
    """The reader's view of the installation: identity, menus, unread messages."""

    def __init__(self, request: HttpRequest) -> None:
        self._path = request.path
        self._posts: tuple[Any, ...] = getattr(request, "posts", ())
        self.actor: Actor = getattr(request, "actor", VISITOR)
        self.demo: bool = getattr(settings, "DEMO", False)
        self.site_url: str = settings.SITE_URL

    @cached_property
    def province_name(self) -> str:
        return queries.province_name()

    @cached_property
    def site_name(self) -> str:
        """What browsers show after the page's title."""
        return f"{gettext('Dịch vụ công')} {self.province_name}".strip()

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def request_id(self) -> str:
        return trace.request_id.get()

    @cached_property
    def menu(self) -> list[MenuLink]:
        return links("citizen", self.actor, self._path)

    @cached_property
    def desk_menu(self) -> list[MenuLink]:
        return links("desk", self.actor, self._path) if self.actor.is_staff else []

    @cached_property
    def console_menu(self) -> list[MenuLink]:
        return links("console", self.actor, self._path) if self.actor.is_staff else []

    @cached_property
    def account_menu(self) -> list[MenuLink]:
        return links("account", self.actor, self._path) if self.actor.is_known else []

    @cached_property
    def other_posts(self) -> list[Any]:
        """The posts (`HeldPost`) the reader also holds or stands in for, and may change to."""
        return [post for post in self._posts if post.key != self.actor.standing_key]

    @cached_property
    def unread(self) -> int:
        return queries.unread_count(self.actor.person_id) if self.actor.person_id else 0


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` in every template."""
    return {"frame": Frame(request)}
