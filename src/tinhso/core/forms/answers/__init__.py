"""Answers of a form: pure functions over a definition, the answers so far and the surroundings (`Env`).

Answers are JSON by field id: an address is `{detail, territory, territory_name}`, a person `{number, name,
birth}`, a group a map, a repeating group a list of maps. Paths of fields, in errors and in names of inputs,
join ids with hyphens: `child_name`, `residence-territory`, `witnesses-0-name`.
"""

from __future__ import annotations

from tinhso.core.forms.answers.checking import (
    Errors,
    canonical,
    clean,
    judge,
    least_rows,
    page_errors,
    validate,
)
from tinhso.core.forms.answers.prefilling import fitted, prefill
from tinhso.core.forms.answers.reading import PageAct, PageResult, act_on_rows, merge, read_page, row_action
from tinhso.core.forms.answers.showing import Row, Section, address_text, display, display_values
from tinhso.core.forms.answers.shown import Shown, next_page, resolve, visible_pages

__all__ = [
    "Errors",
    "PageAct",
    "PageResult",
    "Row",
    "Section",
    "Shown",
    "act_on_rows",
    "address_text",
    "canonical",
    "clean",
    "display",
    "display_values",
    "fitted",
    "judge",
    "least_rows",
    "merge",
    "next_page",
    "page_errors",
    "prefill",
    "read_page",
    "resolve",
    "row_action",
    "validate",
    "visible_pages",
]
