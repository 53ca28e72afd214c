"""Pickers of citizens' pages that stand outside any procedure's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tinhso.core.forms.choices import FIND_TERRITORY
from tinhso.core.forms.view import FieldView, OptionView
from tinhso.core.orgs import queries as orgs


@dataclass(frozen=True, slots=True)
class PlaceAnswer:
    """A commune as chosen (`code`) or as typed, with what the typed name could mean."""

    code: str
    text: str
    found: tuple[orgs.Place, ...] = ()


def read_place(sent: Mapping[str, Any], name: str) -> PlaceAnswer:
    """A commune from a picker: the chosen one, or the only one of the typed name."""
    code, text = str(sent.get(name, "")), str(sent.get(f"{name}-q", "")).strip()[:100]
    known = code and orgs.territory_at_level(code, "commune")
    if known and (not text or text == orgs.full_territory_name(code)):
        return PlaceAnswer(code, text)
    found = tuple(orgs.find_communes(text)) if text else ()
    if known and any(p.code == code for p in found):
        return PlaceAnswer(code, text)
    if len(found) == 1:
        return PlaceAnswer(found[0].code, text)
    return PlaceAnswer("", text, found)


def place_view(
    name: str, answer: PlaceAnswer, *, chosen: str, asked: bool, served: bool, why_none: str = ""
) -> FieldView:
    """The picker with what was typed, what was found, and what is wrong."""
    error = ""
    if asked and not chosen:
        error = (
            _("Có %(n)d nơi có tên này. Hãy chọn một nơi rồi bấm “Xem”.") % {"n": len(answer.found)}
            if answer.found
            else _("Không tìm thấy xã, phường này trong tỉnh. Hãy thử gõ ít chữ hơn.")
        )
    elif asked and not served:
        error = why_none or _(
            "Chưa có cơ quan nào ở nơi này giải quyết thủ tục này. Hãy hỏi Trung tâm Phục vụ hành chính công."
        )
    options = tuple(OptionView(p.code, p.full_name) for p in answer.found)
    value = answer.text
    if chosen:
        value = orgs.full_territory_name(chosen)
        options = (OptionView(chosen, value, checked=True),)
    return FieldView(
        name,
        "territory",
        _("Xã, phường, thị trấn nơi bạn ở"),
        required=True,
        value=value,
        options=options,
        error=error,
        lookup_url=f"/{FIND_TERRITORY}",
    )
