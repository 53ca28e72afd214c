"""Pages for citizens."""

from __future__ import annotations

from django.utils.translation import get_language


def reader_language() -> str:
    """ "vi" or "en": the language the page is read in."""
    return "en" if (get_language() or "").startswith("en") else "vi"
