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
        if page.id in seen:
            continue
        for field in page.fields:
            if field.prefill:
                value = _worked_out(form, field, filled, env)
                if value is not None:
                    filled[field.id] = value
            elif field.type == "group" and not is_rows(field):
                inside = _parts_filled(form, field, filled, env)
                if inside:
                    filled[field.id] = {**as_dict(filled.get(field.id)), **inside}
    return filled


def _parts_filled(form: FormDefinition, field: Field, answers: Answers, env: Env) -> dict[str, Any]:
    found = {p.id: _worked_out(form, p, answers, env) for p in field.fields if p.prefill}
    return {name: value for name, value in found.items() if value is not None}


def _worked_out(form: FormDefinition, field: Field, answers: Answers, env: Env) -> Any:
    variables = {**resolve(form, answers, env).variables, "row": {}}
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
