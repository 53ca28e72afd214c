"""Counts, measures and money, typed as people in Viet Nam write them: 1.250.000 and 72,5."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from tinhso.core.forms.definition import Field
from tinhso.core.forms.env import Env, Places
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types.base import FieldType, MistakeError, kept_unit
from tinhso.kit.money import vi_number

# JSON numbers are read as doubles by many clients; beyond this whole numbers are no longer exact.
LARGEST = 2**53 - 1


class IntegerType(FieldType):
    name = "integer"
    allowed = frozenset({"minimum", "maximum", "unit"})
    inputmode = "numeric"
    width = "short"
    sample: ClassVar[float] = 1

    def fits(self, value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool)

    def parse(self, field: Field, text: str) -> Any:
        bare = self._bare(field, text)
        if re.fullmatch(r"-?[0-9]{1,3}([.,][0-9]{3})+", bare):
            bare = re.sub(r"[.,]", "", bare)
        if not re.fullmatch(r"-?[0-9]{1,16}", bare) or abs(int(bare)) > LARGEST:
            raise MistakeError(self._mistake(field))
        return int(bare)

    def _bare(self, field: Field, text: str) -> str:
        """The number without its unit and inner spaces."""
        for unit in (field.unit.vi, field.unit.en):
            if unit and text.casefold().endswith(unit.casefold()):
                text = text[: -len(unit)]
        return re.sub(r"\s", "", text)

    def _mistake(self, field: Field) -> Text:
        return say(
            "“{label}” là một số nguyên, ví dụ 2. Hãy chỉ nhập chữ số.",
            "“{label}” is a whole number, for example 2. Enter digits only.",
            field.label,
        )

    def limits(self, field: Field, value: Any, env: Env) -> Text | None:
        if field.minimum is not None and value < field.minimum:
            return say(
                "“{label}” phải từ {limit} trở lên.",
                "“{label}” must be {limit} or more.",
                field.label,
                limit=self._limit(field, field.minimum),
            )
        if field.maximum is not None and value > field.maximum:
            return say(
                "“{label}” không được quá {limit}.",
                "“{label}” must not be more than {limit}.",
                field.label,
                limit=self._limit(field, field.maximum),
            )
        return None

    def _limit(self, field: Field, number: Any) -> str:
        return self._shown(number) + kept_unit(field, "vi")

    def _shown(self, value: Any) -> str:
        return vi_number(value)

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return self._shown(value) + kept_unit(field, lang)

    def schema(self, field: Field) -> dict[str, Any]:
        limits = {"minimum": field.minimum, "maximum": field.maximum}
        return {"type": "integer", **{k: v for k, v in limits.items() if v is not None}}


class NumberType(IntegerType):
    """A decimal number. A comma is the decimal sign; dots group thousands unless they cannot."""

    name = "number"
    inputmode = "decimal"
    sample = 1.5

    def fits(self, value: Any) -> bool:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST

    def parse(self, field: Field, text: str) -> Any:
        bare = self._bare(field, text)
        if re.fullmatch(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?", bare):
            bare = bare.replace(".", "")
        bare = bare.replace(",", ".")
        if not re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", bare):
            raise MistakeError(self._mistake(field))
        number = float(bare)
        return int(number) if number.is_integer() else number

    def _mistake(self, field: Field) -> Text:
        return say(
            "“{label}” là một số, ví dụ 72,5. Hãy chỉ nhập chữ số và dấu phẩy.",
            "“{label}” is a number, for example 72,5. Enter digits and a comma only.",
            field.label,
        )

    def typed(self, field: Field, value: Any) -> str:
        if isinstance(value, int) or value.is_integer():
            return str(int(value))
        return f"{value:.6f}".rstrip("0").replace(".", ",")

    def _shown(self, value: Any) -> str:
        whole, _, rest = self.typed(Field("n", "number", Text()), value).partition(",")
        sign = "-" if whole.startswith("-") else ""
        return sign + vi_number(abs(int(whole))) + (f",{rest}" if rest else "")

    def schema(self, field: Field) -> dict[str, Any]:
        return {**super().schema(field), "type": "number"}


class MoneyType(IntegerType):
    """Whole đồng, 0 or more."""

    name = "money"
    allowed = frozenset({"minimum", "maximum"})
    width = "medium"
    sample = 1000

    def _bare(self, field: Field, text: str) -> str:
        return re.sub(r"(?i)\s|vnđ|vnd|đồng|đ$|₫", "", text)

    def _mistake(self, field: Field) -> Text:
        return say(
            "“{label}” là số tiền bằng đồng, ví dụ 1.500.000. Hãy chỉ nhập chữ số.",
            "“{label}” is an amount in đồng, for example 1.500.000. Enter digits only.",
            field.label,
        )

    def typed(self, field: Field, value: Any) -> str:
        return vi_number(value)

    def limits(self, field: Field, value: Any, env: Env) -> Text | None:
        if value < 0:
            return say("“{label}” không thể là số âm.", "“{label}” cannot be negative.", field.label)
        return super().limits(field, value, env)

    def _limit(self, field: Field, number: Any) -> str:
        return f"{vi_number(number)} đồng"

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return f"{vi_number(value)} đồng"

    def schema(self, field: Field) -> dict[str, Any]:
        return {"minimum": 0, **super().schema(field)}
