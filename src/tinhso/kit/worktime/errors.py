"""The one exception of the clock."""

from __future__ import annotations


class ClockError(ValueError):
    """A time rule was broken; the message is a sentence in Vietnamese that may be shown to people."""
