"""What is looked at before publishing beyond the structure: kinds of values, branches, loops, templates, posts.

`deep` needs no database and names places in `procedure.yml`; `in_form` names places in `form.yml`.
`staffing.verify_staffing` asks the database and gives warnings, never a wall.
"""

from __future__ import annotations

from tinhso.core.procedures.checks.branches import branch_faults
from tinhso.core.procedures.checks.kinds import expression_faults, form_faults
from tinhso.core.procedures.checks.templates import template_faults
from tinhso.core.procedures.checks.wrong import Wrong
from tinhso.core.procedures.model import Definition

__all__ = ["Wrong", "deep", "in_form"]


def deep(definition: Definition) -> list[Wrong]:
    """Everything wrong with a definition whose structure is right; empty when it may be published."""
    found = list(expression_faults(definition))
    if not found:  # branches are only tried when every condition makes sense
        found += branch_faults(definition)
    return [*found, *template_faults(definition)]


def in_form(definition: Definition) -> list[Wrong]:
    """What is wrong with the expressions of the form itself, at places of `form.yml`."""
    return list(form_faults(definition))
