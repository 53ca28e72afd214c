"""Start-up checks of the frame."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register
from django.urls import NoReverseMatch, reverse

from tinhso.core.ui import menu


@register(Tags.urls)
def menu_leads_somewhere(**_: Any) -> list[Error]:
    """Every menu entry names a page that exists: a wrong one would break every page that shows the menu."""
    found = []
    for entry in menu.MENU:
        try:
            reverse(entry.url_name)
        except NoReverseMatch as error:
            found.append(Error(f"menu entry {entry.key!r}: {error}", id="ui.E001"))
    return found
