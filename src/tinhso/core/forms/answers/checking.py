"""Judging answers on the server, whatever they came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinhso.core.forms.answers.shown import Answers, Shown, as_dict, as_rows, is_blank, join, resolve
from tinhso.core.forms.definition import Check, Field, FormDefinition, Page
from tinhso.core.forms.env import Env
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types import MistakeError, is_rows, parts, type_of
from tinhso.core.forms.types.places import TerritoryType
from tinhso.kit.expressions import ExpressionError

Errors = dict[str, Text]
Raw = Mapping[str, Any]


def canonical(form: FormDefinition, answers: Answers) -> dict[str, Any]:
    """The answers in the form they are kept in: known fields only, text tidied, dates ISO, blanks left out."""
    found = {f.id: _canonical(f, as_dict(answers).get(f.id)) for f in form.fields.values()}
    return {name: value for name, value in found.items() if value is not None}


def _canonical(field: Field, value: Any) -> Any:
    if value is None:
        return None
    if is_rows(field):
        return [_inside(field, row) for row in value] if isinstance(value, list) else value
    if parts(field):
        return _inside(field, value) or None
    return type_of(field).canonical(field, value)


def _inside(field: Field, value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found = {part.id: _canonical(part, value.get(part.id)) for part in parts(field)}
    if field.type == "address" and isinstance(value.get("territory_name"), str) and found["territory"]:
        found["territory_name"] = value["territory_name"]
    return {name: inner for name, inner in found.items() if inner is not None}


def validate(form: FormDefinition, answers: Answers, env: Env, raw: Raw | None = None) -> Errors:
    """Everything that keeps the whole form from being sent: path of the field → what to do.

    Only questions that are asked count. `raw` holds typed text that could not be understood.
    """
    kept = canonical(form, answers)
    return _errors(form, kept, resolve(form, kept, env), env, raw or {})


def judge(form: FormDefinition, answers: Answers, env: Env) -> tuple[dict[str, Any], Errors]:
    """`clean` and `validate` in one walk through the form, for when a dossier is filed."""
    kept = canonical(form, answers)
    shown = resolve(form, kept, env)
    return _sent(kept, shown, env), _errors(form, kept, shown, env, {})


def _errors(form: FormDefinition, kept: Answers, shown: Shown, env: Env, raw: Raw) -> Errors:
    errors: Errors = {}
    for page in shown.pages:
        errors.update(_Judge(form, page, shown, env, raw, errors).errors(kept))
    return errors


def page_errors(
    form: FormDefinition, page: Page, answers: Answers, env: Env, raw: Raw | None = None
) -> Errors:
    """The same for one page."""
    kept = canonical(form, answers)
    return _Judge(form, page, resolve(form, kept, env), env, raw or {}).errors(kept)


class _Judge:
    """Judges one page; `before` are the errors of earlier pages, whose answers no rule is tried on."""

    def __init__(
        self, form: FormDefinition, page: Page, shown: Shown, env: Env, raw: Raw, before: Errors | None = None
    ) -> None:
        self.form, self.page, self.shown, self.env, self.raw = form, page, shown, env, raw
        self.before = {path.split("-")[0] for path in before or ()}
        self.found: Errors = {}

    def errors(self, answers: Answers) -> Errors:
        for field in self.page.fields:
            self._field(field, answers.get(field.id), field.id)
        for check in self.page.checks:
            if check.field in self.shown.paths and not self._wrong_at(check.field) and self._broken(check):
                self.found[check.field] = check.message
        return self.found

    def _wrong_at(self, path: str) -> bool:
        return any(p == path or p.startswith(f"{path}-") for p in self.found)

    def _broken(self, check: Check) -> bool:
        """A rule over wrong answers is not tried, one that lacks an answer is not broken."""
        rule = self.form.expression(check.rule)
        if any(name.partition(".")[2].split(".")[0] in self.before for name in rule.names):
            return False
        try:
            return not rule.holds({**self.shown.variables, "row": {}})
        except ExpressionError:
            return False

    def _field(self, field: Field, value: Any, path: str) -> None:
        if path not in self.shown.paths:
            return
        if is_rows(field):
            self._rows(field, value, path)
        elif parts(field):
            self._compound(field, value, path)
        else:
            self._simple(field, value, path)

    def _simple(self, field: Field, value: Any, path: str) -> None:
        kind = type_of(field)
        typed = self.raw.get(path)
        message: Text | None
        if typed:
            message = self._misread(field, typed)
        elif is_blank(value):
            message = kind.missing(field) if field.required else None
        else:
            message = kind.check(field, value, self.env)
        if message:
            self.found[path] = message

    def _misread(self, field: Field, typed: Any) -> Text | None:
        """Why typed text was not understood."""
        kind = type_of(field)
        if isinstance(kind, TerritoryType):
            return kind.unresolved(field, str(typed), len(self.env.places.find(kind.name, str(typed))))
        if kind.several:
            return kind.check(field, typed, self.env)
        try:
            kind.parse(field, kind.tidy(typed))
        except MistakeError as mistake:
            return mistake.text
        return None

    def _compound(self, field: Field, value: Any, path: str) -> None:
        if value is not None and not isinstance(value, dict):
            self.found[path] = _wrong_kind(field)
            return
        blank = is_blank(as_dict(value)) and not self._typed_under(path)
        if blank and field.type != "group":
            if field.required:
                self.found[path] = say("Hãy nhập “{label}”.", "Enter “{label}”.", field.label)
            return
        for part in parts(field):
            self._field(part, as_dict(value).get(part.id), join(path, part.id))
        if blank and field.required and not self._wrong_at(path):
            self.found[path] = say("Hãy nhập “{label}”.", "Enter “{label}”.", field.label)

    def _rows(self, field: Field, value: Any, path: str) -> None:
        if value is not None and not (isinstance(value, list) and all(isinstance(r, dict) for r in value)):
            self.found[path] = _wrong_kind(field)
            return
        rows = as_rows(value)
        filled = [i for i, row in enumerate(rows) if not is_blank(row) or self._typed_under(join(path, i))]
        least, most = least_rows(field), field.repeat.max if field.repeat else 0
        if len(filled) < least:
            self.found[path] = say(
                "“{label}”: hãy khai ít nhất {least}; hiện có {count}.",
                "“{label}”: enter at least {least}; there are {count}.",
                field.label,
                least=least,
                count=len(filled),
            )
        elif len(filled) > most:
            self.found[path] = say(
                "“{label}”: chỉ khai được nhiều nhất {most}; hiện có {count}. Hãy bỏ bớt.",
                "“{label}”: {most} at most; there are {count}. Please remove some.",
                field.label,
                most=most,
                count=len(filled),
            )
        for i in filled:
            for part in field.fields:
                self._field(part, rows[i].get(part.id), join(path, i, part.id))

    def _typed_under(self, path: str) -> bool:
        return any(name.startswith(f"{path}-") and typed for name, typed in self.raw.items())


def least_rows(field: Field) -> int:
    """How many rows a repeating group must have."""
    return max(field.repeat.min if field.repeat else 0, int(field.required))


def _wrong_kind(field: Field) -> Text:
    return say("“{label}” có kiểu dữ liệu không đúng.", "“{label}” is of the wrong kind.", field.label)


def clean(form: FormDefinition, answers: Answers, env: Env) -> dict[str, Any]:
    """What is sent: answers of the questions asked, in canonical form; hidden and blank ones are left out.

    The name of the day is put beside the territory of every address.
    """
    kept = canonical(form, answers)
    return _sent(kept, resolve(form, kept, env), env)


def _sent(kept: Answers, shown: Shown, env: Env) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for page in shown.pages:
        for field in page.fields:
            value = _asked(field, kept.get(field.id), field.id, shown, env)
            if value is not None:
                result[field.id] = value
    return result


def _asked(field: Field, value: Any, path: str, shown: Shown, env: Env) -> Any:
    if path not in shown.paths or is_blank(value):
        return None
    if is_rows(field):
        rows = [_asked_parts(field, row, join(path, i), shown, env) for i, row in enumerate(as_rows(value))]
        return [row for row in rows if row] or None
    if not parts(field):
        return value
    inside = _asked_parts(field, as_dict(value), path, shown, env)
    if field.type == "address" and "territory" in inside:
        name = env.places.name("territory", str(inside["territory"])) or as_dict(value).get("territory_name")
        if name:
            inside["territory_name"] = name
    return inside or None


def _asked_parts(field: Field, value: Answers, path: str, shown: Shown, env: Env) -> dict[str, Any]:
    found = {p.id: _asked(p, value.get(p.id), join(path, p.id), shown, env) for p in parts(field)}
    return {name: inner for name, inner in found.items() if inner is not None}
