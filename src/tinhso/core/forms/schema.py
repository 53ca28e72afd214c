"""JSON Schema (2020-12) of the answers of a form, for the API and its documentation.

The schema says what shape answers have; conditions over several answers are judged by `answers.validate`.
Whatever `clean` gives for answers without errors fits the schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import jsonschema

from tinhso.core.forms.answers.checking import Errors, least_rows
from tinhso.core.forms.answers.shown import join
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.texts import NOTHING, Text, say
from tinhso.core.forms.types import is_rows, parts, type_of


def answers_schema(form: FormDefinition, lang: str = "vi") -> dict[str, Any]:
    """The schema of the whole form. Required is only what is asked of everybody."""
    always = [f.id for page in form.pages if not page.when for f in page.fields if f.required and not f.when]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": form.title.in_(lang),
        "type": "object",
        "additionalProperties": False,
        "required": always,
        "properties": {f.id: _schema(f, lang) for f in form.fields.values()},
    }


def _schema(field: Field, lang: str) -> dict[str, Any]:
    about = {"title": field.label.in_(lang)}
    if field.hint:
        about["description"] = field.hint.in_(lang)
    if is_rows(field) and field.repeat:
        row = _object(field, lang)
        return {
            **about,
            "type": "array",
            "minItems": least_rows(field),
            "maxItems": field.repeat.max,
            "items": row,
        }
    if parts(field):
        return {**about, **_object(field, lang)}
    return {**about, **type_of(field).schema(field)}


def _object(field: Field, lang: str) -> dict[str, Any]:
    properties = {p.id: _schema(p, lang) for p in parts(field)}
    if field.type == "address":
        properties["territory_name"] = {"type": "string", "readOnly": True}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [p.id for p in parts(field) if p.required and not p.when],
        "properties": properties,
    }


def from_json_errors(form: FormDefinition, errors: Iterable[jsonschema.ValidationError]) -> Errors:
    """Errors of the schema as the pages say them: path of the field → what to do."""
    found: Errors = {}
    for error in sorted(errors, key=lambda e: [str(s) for s in e.absolute_path]):
        steps = [s for s in error.absolute_path if s != "territory_name"]
        if error.validator == "required":
            for name in error.validator_value:
                if name not in error.instance:
                    found.setdefault(join(*steps, name), _missing(form, [*steps, name]))
        elif error.validator == "additionalProperties":
            known = error.schema.get("properties", {})
            for name in error.instance:
                if name not in known:
                    text = "Không có mục “{name}” trong tờ khai.", "There is no “{name}” in this form."
                    found.setdefault(join(*steps, name), say(*text, name=name))
        else:
            text = "“{label}” chưa đúng dạng. Hãy kiểm tra lại.", "“{label}” is not in the right form."
            label = _label(_at(form, steps))
            found.setdefault(join(*steps), say(*text, label))
    return found


def _at(form: FormDefinition, steps: list[Any]) -> Field | None:
    """The field that a path through the answers leads to."""
    inside = dict(form.fields)
    field = None
    for step in steps:
        if isinstance(step, int):
            continue
        field = inside.get(str(step))
        if field is None:
            return None
        inside = {p.id: p for p in parts(field)}
    return field


def _label(field: Field | None) -> Text:
    return field.label if field else NOTHING


def _missing(form: FormDefinition, steps: list[Any]) -> Text:
    field = _at(form, steps)
    if field is None or parts(field):
        return say("Hãy nhập “{label}”.", "Enter “{label}”.", _label(field))
    return type_of(field).missing(field)


def json_errors(form: FormDefinition, data: Any) -> Errors:
    """What keeps data sent to the API from being answers at all, by field."""
    validator = jsonschema.Draft202012Validator(answers_schema(form))
    return from_json_errors(form, validator.iter_errors(data))
