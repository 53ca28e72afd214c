"""Answers chosen from a list, kept as codes."""

from __future__ import annotations

from typing import Any

from tinhso.core.forms.definition import Field
from tinhso.core.forms.env import Places
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types.base import FieldType, MistakeError

YES, NO = Text("Có", "Yes"), Text("Không", "No")


def _not_offered(field: Field) -> MistakeError:
    return MistakeError(
        say(
            "“{label}”: lựa chọn này không có trong danh sách. Hãy chọn lại.",
            "“{label}”: this choice is not in the list. Please choose again.",
            field.label,
        )
    )


class ChoiceType(FieldType):
    name = "choice"
    allowed = frozenset({"options", "code_list"})

    def parse(self, field: Field, text: str) -> Any:
        if field.option(text) is None:
            raise _not_offered(field)
        return text

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        option = field.option(value)
        return option.label.in_(lang) if option else str(value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "enum": [o.value for o in field.options]}

    def missing(self, field: Field) -> Text:
        return say("Hãy chọn một câu trả lời cho “{label}”.", "Choose an answer for “{label}”.", field.label)


class SelectType(ChoiceType):
    name = "select"


class ChecksType(ChoiceType):
    """Several choices, kept in the order of the form."""

    name = "checks"
    several = True

    def fits(self, value: Any) -> bool:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)

    def check(self, field: Field, value: Any, env: Any) -> Text | None:
        if not self.fits(value):
            return super().check(field, value, env)
        return _not_offered(field).text if any(field.option(v) is None for v in value) else None

    def canonical(self, field: Field, value: Any) -> Any:
        unknown = not self.fits(value) or any(field.option(v) is None for v in value)
        return value if unknown else self.ordered(field, value)

    def ordered(self, field: Field, values: list[str]) -> list[str]:
        """The chosen values that the form offers, once each, in its order."""
        return [o.value for o in field.options if o.value in values]

    def coerce(self, field: Field, value: Any) -> Any:
        return self.ordered(field, value if isinstance(value, list) else [value]) or None

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return "; ".join(ChoiceType.display(self, field, v, lang, places) for v in value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "array", "uniqueItems": True, "items": {"enum": [o.value for o in field.options]}}

    def missing(self, field: Field) -> Text:
        if len(field.options) == 1:
            return say("Hãy đánh dấu “{label}” để tiếp tục.", "Tick “{label}” to continue.", field.label)
        return say(
            "Hãy chọn ít nhất một mục ở “{label}”.", "Choose at least one item of “{label}”.", field.label
        )


class YesNoType(FieldType):
    """Yes or no, kept as true or false, typed as `yes` or `no`."""

    name = "yes_no"
    sample = True

    def fits(self, value: Any) -> bool:
        return isinstance(value, bool)

    def parse(self, field: Field, text: str) -> Any:
        if text not in ("yes", "no"):
            raise MistakeError(self.missing(field))
        return text == "yes"

    def typed(self, field: Field, value: Any) -> str:
        return "yes" if value else "no"

    def coerce(self, field: Field, value: Any) -> Any:
        return value if isinstance(value, bool) else None

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return (YES if value else NO).in_(lang)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "boolean"}

    def missing(self, field: Field) -> Text:
        return say("Hãy chọn Có hoặc Không cho “{label}”.", "Choose yes or no for “{label}”.", field.label)
