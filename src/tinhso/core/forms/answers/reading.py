"""Reading a posted page. What was typed is never lost: text that cannot be understood is kept beside the answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.core.forms.answers.checking import Errors, Raw, page_errors
from tinhso.core.forms.answers.shown import Answers, as_rows, join, resolve
from tinhso.core.forms.definition import Field, FormDefinition, Page
from tinhso.core.forms.env import Env, Place
from tinhso.core.forms.types import FieldType, MistakeError, is_rows, parts, type_of
from tinhso.core.forms.types.places import TerritoryType
from tinhso.kit.text import fold

MOST_ROWS = 100
SEARCH = "-q"
LOOK = "look"


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page as it was sent.

    `values` are the answers understood, None for a question left empty; `raw` the typed text that was not
    understood, by path; `errors` what to do about it; `revealed` the questions that these answers brought
    up and that the person has not seen yet: show the page again, without blame.
    """

    values: Mapping[str, Any]
    raw: Mapping[str, Any]
    errors: Errors
    revealed: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.errors and not self.revealed


class Typed:
    """What a browser sent; takes a QueryDict or any mapping to text or lists of text."""

    def __init__(self, post: Mapping[str, Any]) -> None:
        self._post = post

    def all(self, name: str) -> list[str]:
        values = self._post.getlist(name) if hasattr(self._post, "getlist") else self._post.get(name)
        values = values if isinstance(values, list | tuple) else [] if values is None else [values]
        return [str(v) for v in values]

    def one(self, name: str) -> str:
        values = self.all(name)
        return values[-1] if values else ""

    def under(self, path: str) -> list[str]:
        return [k for k in self._post if k == path or k.startswith((f"{path}-", f"{path}{SEARCH}"))]

    def rows(self, path: str) -> int:
        found = (re.match(rf"{re.escape(path)}-([0-9]{{1,2}})-", k) for k in self._post)
        return max((int(m[1]) + 1 for m in found if m), default=0)


def read_page(
    form: FormDefinition,
    page: Page,
    post: Mapping[str, Any],
    answers: Answers,
    env: Env,
    raw: Raw | None = None,
) -> PageResult:
    """Read what was posted for a page and judge it together with the answers already there.

    A question that was not on the screen (hidden, and nothing sent for it) keeps its stored answer.
    Never raises, whatever was posted.
    """
    typed = Typed(post)
    before = resolve(form, answers, env).paths
    values: dict[str, Any] = {}
    reader = _Reader(typed, env)
    for field in page.fields:
        if field.id in before or typed.under(field.id):
            values[field.id] = reader.field(field, answers.get(field.id), field.id)
    unread = [f.id for f in page.fields if f.id not in values]
    kept = {k: v for k, v in (raw or {}).items() if k.split("-")[0] in unread}
    merged = merge(answers, values)
    after = resolve(form, merged, env).paths
    revealed = tuple(f for f in unread if f in after)
    errors = page_errors(form, page, merged, env, {**kept, **reader.raw})
    errors = {path: text for path, text in errors.items() if path.split("-")[0] not in revealed}
    return PageResult(values, reader.raw, errors, revealed)


def merge(answers: Answers, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with those of a page put in; questions left empty lose their answer."""
    merged = {**answers, **values}
    return {name: value for name, value in merged.items() if value is not None}


class _Reader:
    def __init__(self, typed: Typed, env: Env) -> None:
        self.typed, self.env = typed, env
        self.raw: dict[str, Any] = {}

    def field(self, field: Field, stored: Any, path: str) -> Any:
        if is_rows(field):
            count = min(max(self.typed.rows(path), len(as_rows(stored))), MOST_ROWS)
            return [self._inside(field, join(path, i)) for i in range(count)] or None
        if parts(field):
            return self._inside(field, path) or None
        kind = type_of(field)
        if isinstance(kind, TerritoryType):
            return self._place(field, kind, path)
        return self._chosen(field, kind, path) if kind.several else self._typed(field, kind, path)

    def _typed(self, field: Field, kind: FieldType, path: str) -> Any:
        text = kind.tidy(self.typed.one(path))
        try:
            return kind.parse(field, text) if text else None
        except MistakeError:
            self.raw[path] = text
            return None

    def _chosen(self, field: Field, kind: FieldType, path: str) -> Any:
        values = [kind.tidy(t) for t in self.typed.all(path)]
        if kind.check(field, values, self.env):
            self.raw[path] = values
            return None
        return kind.canonical(field, values) or None

    def _inside(self, field: Field, path: str) -> dict[str, Any]:
        found = {part.id: self.field(part, None, join(path, part.id)) for part in parts(field)}
        if field.type == "address" and found["territory"]:
            found["territory_name"] = self.env.places.name("territory", found["territory"]) or None
        return {name: value for name, value in found.items() if value is not None}

    def _place(self, field: Field, kind: TerritoryType, path: str) -> Any:
        """A place is a chosen code, or a typed name that stands for exactly one place.

        Somebody who types another name and goes on without choosing again would otherwise keep the old
        place without noticing; then nothing is chosen and the page asks.
        """
        code, text = self._code(field, kind, path), kind.tidy(self.typed.one(path + SEARCH))
        name = fold(self.env.places.name(kind.name, code) or "") if code else ""
        if not text or (code and name in ("", fold(text))):
            return code
        found = self.env.places.find(kind.name, text)
        if code and self.typed.one(LOOK) != path and any(p.code == code for p in found):
            return code
        only = the_only(found, text)
        if only is None:
            self.raw[path] = text
        return only.code if only else None

    def _code(self, field: Field, kind: TerritoryType, path: str) -> str | None:
        code = kind.tidy(self.typed.one(path))
        try:
            return str(kind.parse(field, code)) if code else None
        except MistakeError:
            return None


def the_only(found: Any, text: str) -> Place | None:
    """The place a typed name stands for: the only one found, or the only one with exactly this name."""
    exact = [p for p in found if fold(text) in (fold(p.name), fold(p.name.split(",")[0]))]
    hits = exact if len(exact) == 1 else found
    return hits[0] if len(hits) == 1 else None


@dataclass(frozen=True, slots=True)
class PageAct:
    """A button other than “continue”: `add` or `remove` a row of a group, or `look` for a place by name."""

    kind: str
    path: str
    index: int = 0


def row_action(page: Page, post: Mapping[str, Any]) -> PageAct | None:
    """Which such button was pressed, if any; names that no group of this page has are ignored."""
    look = Typed(post).one(LOOK)
    if look and any(look == f.id or look.startswith(f"{f.id}-") for f in page.fields):
        return PageAct("look", look)
    for name in post:
        if found := re.fullmatch(r"([a-z0-9_]+)-(?:add|([0-9]{1,2})-remove)", name):
            field = next((f for f in page.fields if f.id == found[1]), None)
            if field is not None and is_rows(field):
                return PageAct("remove", field.id, int(found[2])) if found[2] else PageAct("add", field.id)
    return None


def act_on_rows(
    field: Field, act: PageAct, answers: Answers, raw: Raw
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers and raw text after adding an empty row or removing one; texts of later rows move up."""
    rows = [dict(r) for r in as_rows(answers.get(field.id))]
    kept = dict(raw)
    if act.kind == "add" and field.repeat and len(rows) < field.repeat.max:
        rows.append({})
    if act.kind == "remove" and act.index < len(rows):
        del rows[act.index]
        kept = {}
        for path, text in raw.items():
            found = re.fullmatch(rf"{re.escape(field.id)}-([0-9]+)(-.+)", path)
            index = int(found[1]) if found else -1
            if index != act.index:
                later = found is not None and index > act.index
                kept[f"{field.id}-{index - 1}{found[2]}" if later and found else path] = text
    return merge(answers, {field.id: rows or None}), kept
