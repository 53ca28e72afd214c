"""A form as everything else reads it: small frozen values, compiled from `form.yml` or rebuilt from the database.

Field ids are stable for ever: answers, API, prints and exports name them. The stored JSON carries the code
lists it uses, so that a form of years ago still shows the names of its day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from tinhso.core.forms.texts import NOTHING, Text
from tinhso.kit.expressions import Expression, compile

ROOTS = frozenset({"form", "applicant", "channel", "variant", "today"})


@dataclass(frozen=True, slots=True)
class Option:
    """One value a person may choose."""

    value: str
    label: Text
    hint: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Repeat:
    """How many rows a repeating group has."""

    max: int
    min: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `type` names an entry of `tinhso.core.forms.types.TYPES`.

    `when` and `prefill` are CEL; `code_list` is the id of the list its options came from; `fields` are the
    questions of a group; `minimum`/`maximum` are numbers, or ISO dates for dates.
    """

    id: str
    type: str
    label: Text
    hint: Text = NOTHING
    required: bool = False
    when: str = ""
    past: bool = False
    future: bool = False
    minimum: float | int | str | None = None
    maximum: float | int | str | None = None
    max_length: int | None = None
    unit: Text = NOTHING
    prefill: str = ""
    autocomplete: str = ""
    width: str = ""
    code_list: str = ""
    options: tuple[Option, ...] = ()
    repeat: Repeat | None = None
    fields: tuple[Field, ...] = ()

    def option(self, value: object) -> Option | None:
        return next((o for o in self.options if o.value == value), None)


@dataclass(frozen=True, slots=True)
class Check:
    """A rule over several answers of a page; its message stands at `field`."""

    rule: str
    message: Text
    field: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of questions, shown when `when` is empty or true."""

    id: str
    title: Text
    fields: tuple[Field, ...]
    intro: Text = NOTHING
    when: str = ""
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True)
class FormDefinition:
    """A whole form. `root` is the name under which expressions read its own answers (`form`, or `result`)."""

    title: Text
    pages: tuple[Page, ...]
    root: str = "form"

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Every top-level field by id, in the order of the form."""
        return {f.id: f for page in self.pages for f in page.fields}

    @cached_property
    def roots(self) -> frozenset[str]:
        """The variables its expressions may name; `row` is the row of a group a field stands in."""
        return ROOTS | {self.root, "row"}

    def page(self, page_id: str) -> Page | None:
        return next((p for p in self.pages if p.id == page_id), None)

    def page_of(self, field_id: str) -> Page | None:
        """The page on which a top-level field stands."""
        return next((p for p in self.pages if any(f.id == field_id for f in p.fields)), None)

    def expression(self, text: str) -> Expression:
        """The compiled expression; raises `ExpressionError` (never for a definition that was compiled once)."""
        return compile(text, self.roots)

    def to_json(self) -> str:
        """Canonical JSON: the same definition always gives the same text, whatever file it came from."""
        return self._json

    @cached_property
    def _json(self) -> str:
        lists = {f.code_list: f.options for f in _walk(self.fields.values()) if f.code_list}
        data = {
            "format": 1,
            "root": self.root,
            "title": _text(self.title),
            "lists": {name: [_plain(o) for o in options] for name, options in lists.items()},
            "pages": [_plain(p) for p in self.pages],
        }
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON, in hex."""
        return hashlib.sha256(self._json.encode()).hexdigest()

    @staticmethod
    def from_json(text: str) -> FormDefinition:
        """Rebuild a stored definition, without any file. Rebuilt ones are kept, so this is cheap to repeat."""
        return _rebuild(text)


def _walk(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _walk(item.fields)


def _text(text: Text) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en} if text.en else {"vi": text.vi}


def _plain(item: Any) -> Any:
    """Plain data of a definition value: what has its default is left out, options of a list stand in the list."""
    if isinstance(item, Text):
        return _text(item)
    if isinstance(item, tuple):
        return [_plain(i) for i in item]
    if not hasattr(item, "__dataclass_fields__"):
        return item
    result = {}
    for name, spec in item.__dataclass_fields__.items():
        value = getattr(item, name)
        if value == spec.default or (name == "options" and item.code_list):
            continue
        result[name] = _plain(value)
    return result


@lru_cache(maxsize=512)
def _rebuild(text: str) -> FormDefinition:
    data = json.loads(text)
    lists = {name: tuple(_option(o) for o in options) for name, options in data["lists"].items()}
    pages = tuple(_page(p, lists) for p in data["pages"])
    return FormDefinition(Text.of(data["title"]), pages, data["root"])


def _option(data: Mapping[str, Any]) -> Option:
    return Option(data["value"], Text.of(data["label"]), Text.of(data.get("hint")))


def _page(data: Mapping[str, Any], lists: Mapping[str, tuple[Option, ...]]) -> Page:
    return Page(
        id=data["id"],
        title=Text.of(data["title"]),
        fields=tuple(_field(f, lists) for f in data["fields"]),
        intro=Text.of(data.get("intro")),
        when=data.get("when", ""),
        checks=tuple(Check(c["rule"], Text.of(c["message"]), c["field"]) for c in data.get("checks", ())),
    )


def _field(data: Mapping[str, Any], lists: Mapping[str, tuple[Option, ...]]) -> Field:
    values = dict(data)
    for name in ("label", "hint", "unit"):
        values[name] = Text.of(values.get(name))
    values["options"] = lists.get(values.get("code_list", "")) or tuple(
        _option(o) for o in values.get("options", ())
    )
    values["repeat"] = Repeat(**values["repeat"]) if "repeat" in values else None
    values["fields"] = tuple(_field(f, lists) for f in values.get("fields", ()))
    return Field(**values)
