"""A sentence in both languages, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text for people; English falls back to Vietnamese. `str()` gives Vietnamese."""

    vi: str = ""
    en: str = ""

    @staticmethod
    def of(value: Mapping[str, str] | str | None) -> Text:
        """From `{vi, en}` as files and stored definitions write it, a plain string, or nothing."""
        if not value:
            return NOTHING
        return Text(value) if isinstance(value, str) else Text(value["vi"], value.get("en", ""))

    def in_(self, lang: str) -> str:
        return self.en if lang.startswith("en") and self.en else self.vi

    def __str__(self) -> str:
        return self.vi

    def __bool__(self) -> bool:
        return bool(self.vi)


NOTHING = Text()


def say(vi: str, en: str, label: Text = NOTHING, **values: object) -> Text:
    """A message with `{label}` and other values put into both languages."""
    return Text(vi.format(label=label.vi, **values), en.format(label=label.in_("en"), **values))
