"""What every type of field can do; one small class per type, all without a database."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from tinhso.core.forms.definition import Field
from tinhso.core.forms.env import Env, Places
from tinhso.core.forms.texts import Text, say

_SPACES = re.compile(r"[^\S\n]+")


class MistakeError(ValueError):
    """What was typed cannot be understood; `text` says what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.vi)
        self.text = text


def tidy(text: object, lines: bool = False) -> str:
    """Typed text as it is kept: NFC, no control or invisible characters, single spaces, trimmed.

    Line breaks stay with `lines`. Control characters would be refused by PostgreSQL, invisible ones
    make two equal names different.
    """
    given = str(text)
    if given.isprintable() and "  " not in given and unicodedata.is_normalized("NFC", given):
        return given.strip()
    whole = unicodedata.normalize("NFC", given).replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        whole = whole.replace("\n", " ")
    kept = whole if whole.isprintable() else _without_invisible(whole)
    return "\n".join(line.strip() for line in _SPACES.sub(" ", kept).split("\n")).strip()


def _without_invisible(text: str) -> str:
    return "".join(
        " " if c == "\t" else c for c in text if c in "\n\t" or unicodedata.category(c) not in _DROPPED
    )


_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


class FieldType:
    """A type of answer: typed text → value, value → text, checks, names, JSON Schema.

    Values are JSON: text, int, float, bool, list of text. `allowed` are the options of a definition that
    mean something for this type, besides those that every field has.
    """

    name: ClassVar[str]
    allowed: ClassVar[frozenset[str]] = frozenset()
    inputmode: ClassVar[str] = ""
    width: ClassVar[str] = "long"
    several: ClassVar[bool] = False
    sample: ClassVar[Any] = "x"

    def parse(self, field: Field, text: str) -> Any:
        """The value of typed, tidied, non-empty text; raises `MistakeError`."""
        raise NotImplementedError

    def tidy(self, text: object) -> str:
        return tidy(text)

    def typed(self, field: Field, value: Any) -> str:
        """The text that, typed, gives this value again."""
        return str(value)

    def fits(self, value: Any) -> bool:
        return isinstance(value, str)

    def check(self, field: Field, value: Any, env: Env) -> Text | None:
        """What is wrong with a value from any source (page, API, file), or None."""
        if not self.fits(value):
            return say(
                "“{label}” có kiểu dữ liệu không đúng.", "“{label}” is of the wrong kind.", field.label
            )
        try:
            again = self.parse(field, self.tidy(self.typed(field, value)))
        except MistakeError as mistake:
            return mistake.text
        return self.limits(field, again, env)

    def canonical(self, field: Field, value: Any) -> Any:
        """The value in the one form it is kept in; one that makes no sense is given back as it is."""
        if not self.fits(value):
            return value
        text = self.tidy(self.typed(field, value))
        try:
            return self.parse(field, text) if text else None
        except MistakeError:
            return value

    def limits(self, field: Field, value: Any, env: Env) -> Text | None:
        """What is wrong with a value that was understood."""
        return None

    def coerce(self, field: Field, value: Any) -> Any:
        """A prefilled value brought to this type; None when it does not fit."""
        text = "" if value is None else self.tidy(value)
        try:
            return self.parse(field, text) if text else None
        except MistakeError:
            return None

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        """The value as people read it, with names instead of codes."""
        return self.typed(field, value)

    def schema(self, field: Field) -> dict[str, Any]:
        """JSON Schema of the value."""
        return {"type": "string", "minLength": 1}

    def missing(self, field: Field) -> Text:
        return say("Hãy nhập “{label}”.", "Enter “{label}”.", field.label)


def kept_unit(field: Field, lang: str) -> str:
    """The suffix of a number, such as ` m²`, or nothing."""
    return f" {field.unit.in_(lang)}" if field.unit else ""
