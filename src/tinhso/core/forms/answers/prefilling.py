"""What the form can know before the person answers, so that nothing known is asked twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tinhso.core.forms.answers.shown import Answers, as_dict, resolve
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.env import Env
from tinhso.core.forms.types import is_rows, parts, type_of
from tinhso.kit.expressions import ExpressionError

# How the facts of an applicant are called in the parts of a person or an address.
_SAME = {"number": "identity", "name": "full_name", "detail": "address"}


def prefill(
    form: FormDefinition, env: Env, answers: Answers | None = None, seen: Collection[str] = ()
) -> dict[str, Any]:
    """The answers with every `prefill` of pages not yet sent (`seen` names the sent ones) worked out.

    A value that does not fit its question, or an expression that lacks something, fills nothing.
    """
    filled = dict(answers or {})
    for page in form.pages:
        wanted = [f for f in page.fields if f.prefill or any(p.prefill for p in f.fields)]
        if page.id in seen or not wanted:
            continue
        variables = {**resolve(form, filled, env).variables, "row": {}}
        for field in wanted:
            value = _known(form, field, filled.get(field.id), variables, env)
            if value is not None:
                filled[field.id] = value
    return filled


def _known(form: FormDefinition, field: Field, stored: Any, variables: Mapping[str, Any], env: Env) -> Any:
    if field.prefill:
        return _worked_out(form, field, variables, env)
    if is_rows(field):
        return None
    found = {p.id: _worked_out(form, p, variables, env) for p in field.fields if p.prefill}
    inside = {name: value for name, value in found.items() if value is not None}
    return {**as_dict(stored), **inside} if inside else None


def _worked_out(form: FormDefinition, field: Field, variables: Mapping[str, Any], env: Env) -> Any:
    try:
        value = form.expression(field.prefill).evaluate(variables)
    except ExpressionError:
        return None
    return fitted(field, value, env)


def fitted(field: Field, value: Any, env: Env) -> Any:
    """A value from elsewhere brought to a question's kind; None when it does not fit."""
    if is_rows(field):
        rows = [_fitted_parts(field, row, env) for row in value] if isinstance(value, list) else []
        return [row for row in rows if row] or None
    if parts(field):
        return _fitted_parts(field, {"detail": value} if isinstance(value, str) else value, env) or None
    kind = type_of(field)
    coerced = kind.coerce(field, value)
    if coerced is None or kind.check(field, coerced, env):
        return None
    return coerced


def _fitted_parts(field: Field, value: Any, env: Env) -> dict[str, Any]:
    given: Mapping[str, Any] = as_dict(value)
    found = {p.id: fitted(p, given.get(p.id, given.get(_SAME.get(p.id, ""))), env) for p in parts(field)}
    if field.type == "address" and found["territory"]:
        found["territory_name"] = env.places.name("territory", found["territory"]) or given.get(
            "territory_name"
        )
    return {name: inner for name, inner in found.items() if inner is not None}
