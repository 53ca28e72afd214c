"""Which questions are asked, given the answers so far: one pass through the form, in its order.

A condition sees only what stands before it, and the answer of a question that is not asked counts as
unanswered, so the result never depends on leftovers and there are no circles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tinhso.core.forms.definition import Field, FormDefinition, Page
from tinhso.core.forms.env import Env
from tinhso.core.forms.types import TYPES, is_rows, parts
from tinhso.kit.expressions import ExpressionError

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """The pages asked, the paths of all fields asked (parts and rows too), and the variables of expressions."""

    pages: tuple[Page, ...]
    paths: frozenset[str]
    variables: Mapping[str, Any]


def join(*steps: str | int) -> str:
    """The path of a field, which is also its name in the page: `witnesses-0-name`, `residence-territory`."""
    return "-".join(str(s) for s in steps)


def as_dict(value: Any) -> Mapping[str, Any]:
    """The value when it is a group of answers, else no answers."""
    return value if isinstance(value, dict) else {}


def as_rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a repeating group; what is no row counts as an empty one."""
    return [as_dict(row) for row in value] if isinstance(value, list) else []


def is_blank(value: Any) -> bool:
    """Whether nothing was answered: null, empty text, or only blanks inside."""
    if isinstance(value, dict):
        return all(is_blank(v) for v in value.values())
    if isinstance(value, list):
        return all(is_blank(v) for v in value)
    return value is None or value == ""


def unanswered(field: Field) -> Any:
    """What an expression sees of a question without an answer: null; [] for several; a single group's parts."""
    if is_rows(field) or (field.type in TYPES and TYPES[field.type].several):
        return []
    if field.type == "group":
        return {part.id: unanswered(part) for part in field.fields}
    return None


class _Pass:
    def __init__(self, form: FormDefinition, env: Env) -> None:
        self.form = form
        self.own: dict[str, Any] = {f.id: unanswered(f) for f in form.fields.values()}
        self.variables = {**env.variables(), form.root: self.own}
        self.paths: set[str] = set()

    def holds(self, condition: str, row: Mapping[str, Any] | None = None) -> bool:
        """A condition that cannot be judged (it lacks an answer) does not hold."""
        if not condition:
            return True
        try:
            return self.form.expression(condition).holds({**self.variables, "row": row or {}})
        except ExpressionError:
            return False

    def field(self, field: Field, answers: Answers, path: str, into: dict[str, Any], row: Any = None) -> None:
        if not self.holds(field.when, row):
            return
        self.paths.add(path)
        value = answers.get(field.id)
        if is_rows(field):
            rows: list[Any] = []
            into[field.id] = rows
            for index, given in enumerate(as_rows(value)):
                inner = {part.id: unanswered(part) for part in field.fields}
                self._parts(field, given, join(path, index), inner, inner)
                if not is_blank(given):
                    rows.append(inner)
        elif field.type == "group":
            inner = {part.id: unanswered(part) for part in field.fields}
            into[field.id] = inner
            self._parts(field, as_dict(value), path, inner, inner)
        elif inside := parts(field):
            self.paths.update(join(path, part.id) for part in inside)
            if not is_blank(as_dict(value)):
                names = [*(p.id for p in inside), *(["territory_name"] if field.type == "address" else [])]
                into[field.id] = {name: as_dict(value).get(name) for name in names}
        elif not is_blank(value):
            into[field.id] = value

    def _parts(self, field: Field, given: Answers, path: str, into: dict[str, Any], row: Any) -> None:
        for part in field.fields:
            self.field(part, given, join(path, part.id), into, row)


def resolve(form: FormDefinition, answers: Answers, env: Env) -> Shown:
    """Walk through the form once. `answers` may be incomplete or wrong; nothing is raised."""
    walk = _Pass(form, env)
    pages = []
    for page in form.pages:
        if walk.holds(page.when):
            pages.append(page)
            for field in page.fields:
                walk.field(field, answers, field.id, walk.own)
    return Shown(tuple(pages), frozenset(walk.paths), walk.variables)


def visible_pages(form: FormDefinition, answers: Answers, env: Env) -> tuple[Page, ...]:
    """The pages a person goes through, given the answers so far."""
    return resolve(form, answers, env).pages


def next_page(pages: tuple[Page, ...], page_id: str) -> Page | None:
    """The page after one among the pages asked, None after the last (then comes the summary)."""
    ids = [p.id for p in pages]
    place = ids.index(page_id) + 1 if page_id in ids else 0
    return pages[place] if place < len(pages) else None
