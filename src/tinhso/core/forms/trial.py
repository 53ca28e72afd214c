"""Trying the expressions of a form before anybody fills it in: do the names exist, does it run with gaps?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tinhso.core.forms.answers.shown import unanswered
from tinhso.core.forms.definition import Field, FormDefinition
from tinhso.core.forms.env import APPLICANT, Env
from tinhso.core.forms.types import TYPES, is_rows, parts
from tinhso.kit.expressions import Expression, ExpressionError
from tinhso.kit.yamlfile import nearest

_APPLICANT = dict.fromkeys(APPLICANT, "x") | {"kind": "person", "birth": "1990-01-01"}


def sample(field: Field) -> Any:
    """Some answer of the right kind."""
    if is_rows(field):
        return [{p.id: sample(p) for p in field.fields}]
    if inside := parts(field):
        named = {p.id: sample(p) for p in inside}
        return {**named, "territory_name": "x"} if field.type == "address" else named
    if field.options:
        return [field.options[0].value] if TYPES[field.type].several else field.options[0].value
    return TYPES[field.type].sample


def unknown_part(fields: Mapping[str, Field], steps: list[str], name: str) -> str | None:
    """What is wrong with a dotted path through the answers, or None."""
    field = fields.get(steps[0])
    if field is None:
        return f"Không có câu hỏi “{steps[0]}” (trong “{name}”).{nearest(steps[0], fields)}"
    if len(steps) == 1:
        return None
    inside = [p.id for p in parts(field)] + (["territory_name"] if field.type == "address" else [])
    if is_rows(field):
        return f"“{steps[0]}” là nhóm lặp lại, không đọc được từng phần “{name}”."
    if not inside:
        return f"“{steps[0]}” (kiểu {field.type}) không có phần “{steps[1]}”; hãy viết “{name.rsplit('.', 1)[0]}”."
    if steps[1] not in inside:
        return f"“{steps[0]}” không có phần “{steps[1]}”.{nearest(steps[1], inside)}"
    return None


def names_under(root: str, steps: list[str], name: str) -> str | None:
    """The same for the applicant; other variables are plain values."""
    if root == "applicant" and steps and steps[0] not in APPLICANT:
        return f"Không có “{name}”; người nộp có: {', '.join(APPLICANT)}.{nearest(steps[0], APPLICANT)}"
    if root in ("channel", "variant", "today") and steps:
        return f"“{root}” không có phần nào bên trong."
    return None


class Trial:
    """Runs conditions over made-up answers: none, all, and each question alone."""

    def __init__(self, form: FormDefinition, outer: FormDefinition | None) -> None:
        self.form, self.outer = form, outer
        self._positions = {
            field.id: (i, j) for i, page in enumerate(form.pages) for j, field in enumerate(page.fields)
        }
        self._day = date(2026, 1, 1)

    def position(self, field_id: str) -> tuple[int, int] | None:
        """Where a question stands: number of the page, number on the page."""
        return self._positions.get(field_id)

    def fails(self, expression: Expression, row: Field | None) -> str | None:
        """Why a condition cannot always be judged, or None."""
        for what, variables in self._situations(expression, row):
            try:
                expression.holds(variables)
            except ExpressionError as error:
                return f"Điều kiện không tính được khi {what}; hãy thêm “!= null &&” ở trước. ({error.reason[:120]})"
        return None

    def _situations(self, expression: Expression, row: Field | None) -> Iterator[tuple[str, dict[str, Any]]]:
        used = {n.split(".")[1] for n in expression.names if n.startswith(f"{self.form.root}.")}
        fields = [self.form.fields[u] for u in sorted(used)]
        none = {f.id: unanswered(f) for f in self.form.fields.values()}
        full = {**none, **{f.id: sample(f) for f in fields}}
        yield "chưa trả lời gì", self._variables(none, row, False)
        yield "đã trả lời hết", self._variables(full, row, True)
        if len(fields) > 1:
            for field in fields:
                yield (
                    f"mới trả lời “{field.id}”",
                    self._variables({**none, field.id: full[field.id]}, row, False),
                )

    def _variables(self, answers: Mapping[str, Any], row: Field | None, full: bool) -> dict[str, Any]:
        env = Env(self._day, _APPLICANT if full else {}, "online", "x")
        outer = (
            {f.id: sample(f) if full else unanswered(f) for f in self.outer.fields.values()}
            if self.outer
            else {}
        )
        inner = {p.id: sample(p) if full else unanswered(p) for p in row.fields} if row else {}
        return {**env.variables(), "form": outer, self.form.root: dict(answers), "row": inner}
