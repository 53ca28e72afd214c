"""Every expression of a definition with its place in the file and what its value has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.procedures.checks.wrong import Path
from tinhso.core.procedures.model import Definition


@dataclass(frozen=True, slots=True)
class Placed:
    """An expression: `wants` is `bool`, `number`, `text` or `any`; `row` the group whose parts it may read."""

    path: Path
    text: str
    wants: str
    row: Field | None = None


def in_procedure(definition: Definition) -> Iterator[Placed]:
    """Conditions, places, quantities and units that `procedure.yml` names."""
    for n, rule in enumerate(definition.competence):
        yield Placed(("competence", n, "place"), rule.place, "text")
    for n, variant in enumerate(definition.variants):
        yield Placed(("variants", n, "when"), variant.when, "bool")
    for n, paper in enumerate(definition.papers):
        yield Placed(("papers", n, "when"), paper.when, "bool")
    for n, fee in enumerate(definition.fees):
        for m, exemption in enumerate(fee.exempt):
            yield Placed(("fees", n, "exempt", m, "when"), exemption.when, "bool")
        if fee.tiered:
            yield Placed(("fees", n, "tiered", "quantity"), fee.tiered.quantity, "number")
            yield Placed(("fees", n, "tiered", "times"), fee.tiered.times, "number")
    for step in definition.steps.values():
        for following in step.next:
            yield Placed(("process", step.id, "next"), following.when, "bool")
        unit = step.options.get("unit")
        if isinstance(unit, str):
            several = step.do == "consult"
            yield Placed(("process", step.id, "unit"), unit, "any" if several else "text")


def in_form(form: FormDefinition, at: Path = ("pages",)) -> Iterator[Placed]:
    """Conditions, prefilled values and rules over several answers of a form's pages."""
    for i, page in enumerate(form.pages):
        here = (*at, i)
        yield Placed((*here, "when"), page.when, "bool")
        for i_check, check in enumerate(page.checks):
            yield Placed((*here, "checks", i_check, "rule"), check.rule, "bool")
        yield from _fields(page.fields, (*here, "fields"), None)


def in_result(form: FormDefinition) -> Iterator[Placed]:
    """The same for the fields of a result, which stand in `procedure.yml`."""
    for page in form.pages:
        yield from _fields(page.fields, ("result", "fields"), None)


def _fields(fields: tuple[Field, ...], at: Path, row: Field | None) -> Iterator[Placed]:
    for n, field in enumerate(fields):
        yield Placed((*at, n, "when"), field.when, "bool", row)
        yield Placed((*at, n, "prefill"), field.prefill, "any", row)
        yield from _fields(field.fields, (*at, n, "fields"), field)
