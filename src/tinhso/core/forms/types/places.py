"""Places and units, picked by name and kept by code."""

from __future__ import annotations

import re
from typing import Any

from tinhso.core.forms.definition import Field
from tinhso.core.forms.env import Env, Places
from tinhso.core.forms.texts import Text, say
from tinhso.core.forms.types.base import FieldType, MistakeError


class TerritoryType(FieldType):
    """A commune, kept as its official code."""

    name = "territory"
    sample = "31318"
    what = Text("xã, phường, thị trấn", "commune")

    def parse(self, field: Field, text: str) -> Any:
        if not re.fullmatch(r"[0-9A-Za-z._-]{1,40}", text):
            raise MistakeError(self.missing(field))
        return text

    def limits(self, field: Field, value: Any, env: Env) -> Text | None:
        if env.places.name(self.name, value) == "":
            return say(
                "“{label}”: không có {what} nào mang mã {code}. Hãy tìm và chọn lại.",
                "“{label}”: there is no {what_en} with code {code}. Please search and choose again.",
                field.label,
                what=self.what.vi,
                what_en=self.what.en,
                code=value,
            )
        return None

    def display(self, field: Field, value: Any, lang: str, places: Places) -> str:
        return places.name(self.name, value) or str(value)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[0-9A-Za-z._-]{1,40}$"}

    def missing(self, field: Field) -> Text:
        return say(
            "Hãy tìm và chọn “{label}”: gõ một phần tên rồi chọn trong danh sách.",
            "Search for “{label}”: type part of the name, then choose from the list.",
            field.label,
        )

    def unresolved(self, field: Field, text: str, found: int) -> Text:
        """What to say when a name was typed and it does not stand for exactly one place."""
        if not found:
            return say(
                "Không tìm thấy {what} nào có tên “{text}”. Hãy thử gõ ít chữ hơn.",
                "No {what_en} is called “{text}”. Try fewer words.",
                what=self.what.vi,
                what_en=self.what.en,
                text=text,
            )
        return say(
            "Có {found} nơi khớp với “{text}”. Hãy chọn một nơi trong danh sách.",
            "{found} places match “{text}”. Choose one from the list.",
            found=found,
            text=text,
        )


class UnitType(TerritoryType):
    """An agency, kept as its official code."""

    name = "unit"
    sample = "H30"
    what = Text("cơ quan", "agency")
