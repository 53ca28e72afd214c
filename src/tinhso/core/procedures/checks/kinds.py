"""Whether every expression fits the kinds of the answers it reads, and runs over the values they may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from tinhso.core.forms.answers.shown import unanswered
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.env import APPLICANT
from tinhso.core.forms.trial import sample
from tinhso.core.forms.types import TYPES, is_rows, parts
from tinhso.core.procedures.checks import places
from tinhso.core.procedures.checks.places import Placed
from tinhso.core.procedures.checks.wrong import Wrong
from tinhso.core.procedures.model import Definition
from tinhso.kit.expression_types import ANY, BOOL, DOUBLE, INT, NUMBER, TEXT, Kind, infer, list_of, map_of
from tinhso.kit.expressions import ExpressionError, compile

CHANNELS = frozenset({"online", "counter", "post"})
APPLICANTS = frozenset({"person", "organisation"})
MOST_SAMPLES = 40
_BY_SAMPLE: dict[type, Kind] = {bool: BOOL, int: INT, float: DOUBLE, str: TEXT}
_ACCEPTED = {
    "bool": ("bool", "any"),
    "number": ("int", "double", "number", "any"),
    "text": ("text", "any", "null"),
}
_WANTED = {"bool": "đúng/sai", "number": "một con số", "text": "một mã (chữ)"}


@lru_cache(maxsize=4096)
def kind_of(field: Field) -> Kind:
    """The kind of a question's answer as expressions see it."""
    if is_rows(field):
        return list_of(map_of({p.id: kind_of(p) for p in field.fields}))
    if inside := parts(field):
        kinds = {p.id: kind_of(p) for p in inside}
        return map_of({**kinds, "territory_name": TEXT} if field.type == "address" else kinds)
    kind = TYPES[field.type]
    if field.type == "number":
        return NUMBER  # 2 and 2.5 are both typed there
    values = frozenset(o.value for o in field.options) if field.options else None
    if kind.several:
        return list_of(Kind("text", values))
    if values is not None:
        return Kind("text", values)
    return _BY_SAMPLE.get(type(kind.sample), ANY)


@lru_cache(maxsize=256)
def _answers(form: FormDefinition) -> Kind:
    return map_of({f.id: kind_of(f) for f in form.fields.values()})


def names_of(definition: Definition, root: FormDefinition | None = None) -> dict[str, Kind]:
    """The variables an expression of this definition may read, with their kinds."""
    applicant = dict.fromkeys(APPLICANT, TEXT) | {"kind": Kind("text", APPLICANTS)}
    names = {
        "form": _answers(definition.form),
        "applicant": map_of(applicant),
        "channel": Kind("text", CHANNELS),
        "variant": Kind("text", frozenset({"", *(v.id for v in definition.variants)})),
        "today": TEXT,
        "case": ANY,  # what happened so far: only the process itself knows
    }
    return names | ({root.root: _answers(root)} if root is not None else {})


def expression_faults(definition: Definition) -> Iterator[Wrong]:
    """What does not fit in the expressions of `procedure.yml`, the fields of its result among them."""
    yield from _faults(places.in_procedure(definition), names_of(definition), definition)
    fields = definition.result.fields
    if fields is not None:
        yield from _faults(places.in_result(fields), names_of(definition, fields), definition, run=False)


def form_faults(definition: Definition) -> Iterator[Wrong]:
    """The same for `form.yml`; that its conditions run over gaps was seen when the form was compiled."""
    yield from _faults(places.in_form(definition.form), names_of(definition), definition, run=False)


def _faults(
    placed: Iterable[Placed], names: Mapping[str, Kind], definition: Definition, *, run: bool = True
) -> Iterator[Wrong]:
    for one in placed:
        if not one.text:
            continue
        row = {"row": map_of({p.id: kind_of(p) for p in one.row.fields}) if one.row else ANY}
        found = infer(one.text, {**row, **names})
        for problem in found.problems:
            yield Wrong(one.path, f"Biểu thức {one.text!r}: {problem}.")
        if one.wants in _ACCEPTED and found.kind.name not in _ACCEPTED[one.wants]:
            message = f"Biểu thức {one.text!r} phải cho {_WANTED[one.wants]}, nhưng cho {found.kind.words}."
            yield Wrong(one.path, message)
        elif run and not found.problems and (reason := _fails(one, definition)):
            yield Wrong(one.path, f"Biểu thức {one.text!r} không tính được {reason}.")


def _fails(one: Placed, definition: Definition) -> str:
    """Why an expression cannot be worked out over values that its answers may have, or nothing.

    Every question answered in several ways; one question at a time at its least, at nought and unanswered.
    An unanswered question only counts where it may be left out.
    """
    try:
        expression = compile(one.text)
    except ExpressionError:
        return ""  # named already, with the reason
    if any(n.split(".")[0] == "case" for n in expression.names):
        return ""
    read = {n.split(".")[1] for n in expression.names if n.startswith("form.")}
    fields = [definition.form.fields[name] for name in sorted(read) if name in definition.form.fields]
    for answers in islice(_samples(fields), MOST_SAMPLES):
        try:
            value = expression.evaluate(_values(definition, answers))
            if one.wants == "bool" and not isinstance(value, bool):
                return f"khi {_told(answers)}: phải cho đúng/sai, đã cho {value!r}"
        except ExpressionError as error:
            return f"khi {_told(answers)}: {error.reason[:120]}"
    return ""


def _samples(fields: list[Field]) -> Iterator[dict[str, Any]]:
    full = {f.id: sample(f) for f in fields}
    yield full
    for field in fields:
        for value in _edges(field):
            yield {**full, field.id: value}


def _edges(field: Field) -> Iterator[Any]:
    if kind_of(field).family == "number":
        low = field.minimum if isinstance(field.minimum, int | float) else None
        high = field.maximum if isinstance(field.maximum, int | float) else None
        yield from (v for v in (0, low, high) if v is not None and (low is None or v >= low))
    yield from (o.value for o in field.options[:3] if not TYPES[field.type].several)
    if not field.required or field.when:
        yield unanswered(field)


def _values(definition: Definition, answers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "form": {**definition.blank, **answers},
        "applicant": dict.fromkeys(APPLICANT, "x") | {"kind": "person"},
        "channel": "online",
        "variant": definition.variants[0].id if definition.variants else "",
        "today": "2026-01-01",
    }


def _told(answers: Mapping[str, Any]) -> str:
    shown = [f"{name} = {'trống' if value in (None, []) else value}" for name, value in answers.items()]
    return ", ".join(shown) or "thử"
