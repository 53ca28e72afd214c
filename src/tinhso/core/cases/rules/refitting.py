"""Whether answers given to one form do for another. Pure; two forms are compared once, their answers many times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from tinhso.core.forms.answers import validate
from tinhso.core.forms.answers.shown import is_blank
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.env import Env
from tinhso.core.forms.types import TYPES
from tinhso.core.procedures.weights import BREAKING, added_field, field_weight

#: Attributes of a question that only concern its own answer.
_OWN = frozenset(
    {"required", "past", "future", "minimum", "maximum", "max_length", "options", "type", "label", "hint"}
    | {"unit", "autocomplete", "width", "prefill", "code_list"}
)


def unfit(
    old: FormDefinition, new: FormDefinition, answers: Mapping[str, Any], env: Env
) -> Iterator[tuple[str, bool]]:
    """The questions of `new` that answers, right in `old`, do not do for; with whether they are unanswered."""
    if old.hash == new.hash:
        return
    touched = _touched(_Key(old), _Key(new))
    if touched is not None and all(_fits(field, answers, env) for field in touched):
        return
    for path in validate(new, answers, env):
        name = path.split("-")[0]
        yield name, is_blank(answers.get(name))


def _fits(field: Field, answers: Mapping[str, Any], env: Env) -> bool:
    """Surely right: answered, and the answer passes. Whether a blank one is asked at all only the whole form tells."""
    value = answers.get(field.id)
    return not is_blank(value) and TYPES[field.type].check(field, value, env) is None


class _Key:
    """A form as a key of the comparison."""

    def __init__(self, form: FormDefinition) -> None:
        self.form = form

    def __hash__(self) -> int:
        return hash(self.form.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.form.hash == self.form.hash


@lru_cache(maxsize=128)
def _touched(old: _Key, new: _Key) -> tuple[Field, ...] | None:
    """The questions whose own rules became stricter; None when anything else did, so that all have to be looked at."""
    one, other = old.form, new.form
    if not _same_ways(one, other) or set(one.fields) - set(other.fields):
        return None
    found = []
    for name, field in other.fields.items():
        if name not in one.fields:
            if added_field(field).weight == BREAKING:
                return None
        elif (stricter := _stricter(one.fields[name], field)) is None:
            return None
        elif stricter:
            found.append(field)
    return tuple(found)


def _same_ways(one: FormDefinition, other: FormDefinition) -> bool:
    """Whether pages are asked as before and no check over several answers is new."""
    before, after = {p.id: p for p in one.pages}, {p.id: p for p in other.pages}
    for page in other.pages:
        former = before.get(page.id)
        if former is None:
            if page.when or page.checks:
                return False
        elif former.when != page.when or set(_rules(page)) - set(_rules(former)):
            return False
    return not any(p.when or p.checks for name, p in before.items() if name not in after)


def _rules(page: Any) -> list[tuple[str, str]]:
    return [(check.field, check.rule) for check in page.checks]


def _stricter(one: Field, other: Field) -> bool | None:
    """Whether a question became stricter for its own answer; None when more than that changed, or it has parts."""
    stricter = False
    for part in fields(one):
        before, after = getattr(one, part.name), getattr(other, part.name)
        if before == after:
            continue
        if part.name not in _OWN or other.type not in TYPES or TYPES[other.type].several:
            return None
        stricter |= field_weight(part.name, before, after).weight == BREAKING
    return stricter
