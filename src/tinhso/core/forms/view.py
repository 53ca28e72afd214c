"""What a page shows: plain values that `core.ui` draws, field by field.

Territories and units are picked without a script too: the view of such a field carries the typed name in
`value` and the places found in `options`; its search box is called `<id>-q`, the choices `<id>`, and the
button posts `look=<id>`, upon which the same page comes back with the options. With htmx the box asks
`lookup_url` while typing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import get_script_prefix

from tinhso.core.forms.answers.checking import Errors, Raw, least_rows
from tinhso.core.forms.answers.shown import Answers, as_dict, as_rows, join, resolve
from tinhso.core.forms.choices import FIND_TERRITORY, FIND_UNIT
from tinhso.core.forms.definition import Field, FormDefinition, Page
from tinhso.core.forms.env import Env, Place
from tinhso.core.forms.types import TYPES, is_rows, parts, type_of
from tinhso.core.forms.types.choices import NO, YES
from tinhso.core.forms.types.places import TerritoryType
from tinhso.core.forms.types.words import TextType


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice."""

    value: str
    label: str
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a repeating group; `remove_name` is the submit button that removes it, "" when it must stay."""

    index: int
    title: str
    fields: tuple[FieldView, ...]
    remove_name: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question. `id` is the html id and the name of the input; `value` is text as typed, a list for checks."""

    id: str
    type: str
    label: str
    hint: str = ""
    required: bool = False
    value: Any = ""
    error: str = ""
    options: tuple[OptionView, ...] = ()
    parts: tuple[FieldView, ...] = ()
    rows: tuple[RowView, ...] = ()
    add_name: str = ""
    unit: str = ""
    autocomplete: str = ""
    inputmode: str = ""
    max_length: int | None = None
    width: str = "long"
    lookup_url: str = ""


def page_views(
    form: FormDefinition,
    page: Page,
    answers: Answers,
    env: Env,
    raw: Raw | None = None,
    errors: Errors | None = None,
    lang: str = "vi",
) -> tuple[FieldView, ...]:
    """The questions of a page that are asked, with what was answered or typed and what is wrong with it."""
    drawer = _Drawer(resolve(form, answers, env).paths, env, raw or {}, errors or {}, lang)
    return tuple(drawer.field(f, answers.get(f.id), f.id) for f in page.fields if f.id in drawer.shown)


def found_view(kind: str, field_id: str, text: str, places: tuple[Place, ...]) -> FieldView:
    """A picker holding only what was found for a typed name: the answer to a look-up. The only hit is chosen."""
    options = tuple(OptionView(p.code, p.name, checked=len(places) == 1) for p in places)
    return FieldView(field_id, kind, "", value=text, options=options, lookup_url=_lookup(kind))


def _lookup(kind: str) -> str:
    return get_script_prefix() + (FIND_UNIT if kind == "unit" else FIND_TERRITORY)


class _Drawer:
    def __init__(self, shown: frozenset[str], env: Env, raw: Raw, errors: Errors, lang: str) -> None:
        self.shown, self.env, self.raw, self.errors, self.lang = shown, env, raw, errors, lang

    def field(self, field: Field, value: Any, path: str) -> FieldView:
        if is_rows(field):
            return self._rows(field, value, path)
        if parts(field):
            return FieldView(
                **self._common(field, path), value=as_dict(value), parts=self._parts(field, value, path)
            )
        return self._simple(field, value, path)

    def _common(self, field: Field, path: str) -> dict[str, Any]:
        error = self.errors.get(path)
        return {
            "id": path,
            "type": field.type,
            "label": field.label.in_(self.lang),
            "hint": field.hint.in_(self.lang),
            "required": field.required or (is_rows(field) and least_rows(field) > 0),
            "error": error.in_(self.lang) if error else "",
            "unit": field.unit.in_(self.lang),
            "autocomplete": field.autocomplete,
            "width": field.width or (TYPES[field.type].width if field.type in TYPES else "long"),
        }

    def _parts(self, field: Field, value: Any, path: str) -> tuple[FieldView, ...]:
        given: Mapping[str, Any] = as_dict(value)
        asked = [p for p in parts(field) if join(path, p.id) in self.shown]
        return tuple(self.field(p, given.get(p.id), join(path, p.id)) for p in asked)

    def _rows(self, field: Field, value: Any, path: str) -> FieldView:
        least, most = least_rows(field), field.repeat.max if field.repeat else 0
        given = as_rows(value)
        label = field.label.in_(self.lang)
        rows = []
        for i in range(max(len(given), least)):
            row = given[i] if i < len(given) else {}
            inside = self._row(field, row, join(path, i), i < len(given))
            remove = join(path, i, "remove") if len(given) > least else ""
            rows.append(RowView(i, f"{label} {i + 1}", inside, remove))
        add = join(path, "add") if len(rows) < most else ""
        return FieldView(**self._common(field, path), rows=tuple(rows), add_name=add)

    def _row(self, field: Field, row: Any, path: str, stored: bool) -> tuple[FieldView, ...]:
        """A stored row shows the questions asked in it; a fresh one those that need no other answer."""
        if stored:
            return self._parts(field, row, path)
        return tuple(self.field(p, None, join(path, p.id)) for p in field.fields if not p.when)

    def _simple(self, field: Field, value: Any, path: str) -> FieldView:
        kind = type_of(field)
        typed = self.raw.get(path)
        common = {**self._common(field, path), "inputmode": kind.inputmode}
        if isinstance(kind, TerritoryType):
            return self._picker(kind, value, typed, common)
        if isinstance(kind, TextType):
            common["max_length"] = kind.limit(field)
        if kind.several:
            chosen = [str(v) for v in (typed or value or []) if isinstance(v, str)]
            return FieldView(**common, value=chosen, options=self._options(field, chosen))
        text = str(typed) if typed else kind.typed(field, value) if kind.fits(value) else str(value or "")
        return FieldView(**common, value=text, options=self._options(field, [text]))

    def _options(self, field: Field, chosen: list[str]) -> tuple[OptionView, ...]:
        if field.type == "yes_no":
            pairs = (("yes", YES), ("no", NO))
            return tuple(OptionView(v, t.in_(self.lang), checked=v in chosen) for v, t in pairs)
        return tuple(
            OptionView(o.value, o.label.in_(self.lang), o.hint.in_(self.lang), o.value in chosen)
            for o in field.options
        )

    def _picker(self, kind: TerritoryType, value: Any, typed: Any, common: dict[str, Any]) -> FieldView:
        if typed:
            found = self.env.places.find(kind.name, str(typed))
            options = tuple(OptionView(p.code, p.name) for p in found)
            return FieldView(**common, value=str(typed), options=options, lookup_url=_lookup(kind.name))
        name = self.env.places.name(kind.name, str(value)) or str(value) if value else ""
        options = (OptionView(str(value), name, checked=True),) if value else ()
        return FieldView(**common, value=name, options=options, lookup_url=_lookup(kind.name))
