"""Values of a definition in the words of an officer, for telling two versions apart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.cases.definition.model import (
    Competence,
    Definition,
    Exemption,
    FeeRule,
    Next,
    PaperRule,
    Step,
    Tier,
    Tiered,
    Variant,
)
from tinhso.core.forms.definition import Field, FormDefinition, Option, Page, Repeat
from tinhso.core.forms.texts import Text
from tinhso.kit.money import vi_number
from tinhso.kit.worktime import Duration

NOTHING = "—"
MOST = 20
LONGEST = 400
_PARTS = {
    "name": gettext_noop("tên"), "title": gettext_noop("tiêu đề"), "intro": gettext_noop("lời dẫn"),
    "label": gettext_noop("câu hỏi"), "hint": gettext_noop("gợi ý"), "unit": gettext_noop("đơn vị"),
    "required": gettext_noop("bắt buộc"), "when": gettext_noop("điều kiện"), "type": gettext_noop("kiểu"),
    "past": gettext_noop("phải ở quá khứ"), "future": gettext_noop("phải ở tương lai"),
    "minimum": gettext_noop("nhỏ nhất"), "maximum": gettext_noop("lớn nhất"),
    "max_length": gettext_noop("số chữ nhiều nhất"), "prefill": gettext_noop("điền sẵn"),
    "options": gettext_noop("các lựa chọn"), "repeat": gettext_noop("số dòng"), "page": gettext_noop("trang"),
    "check": gettext_noop("điều kiện kiểm tra"), "kind": gettext_noop("loại"), "original": gettext_noop("số bản chính"),
    "copy": gettext_noop("số bản sao"), "from_registry": gettext_noop("tra cứu thay giấy tờ"),
    "instead_of": gettext_noop("giấy tờ thay thế"), "amount": gettext_noop("mức"), "tiered": gettext_noop("cách tính"),
    "exempt": gettext_noop("miễn, giảm"), "valid_from": gettext_noop("từ ngày"), "valid_to": gettext_noop("đến trước ngày"),
    "source": gettext_noop("nguồn"), "time": gettext_noop("thời hạn"), "cutoff": gettext_noop("giờ chốt"),
    "do": gettext_noop("loại bước"), "role": gettext_noop("vai trò"), "at": gettext_noop("nơi thực hiện"),
    "within": gettext_noop("thời gian"), "next": gettext_noop("bước tiếp theo"), "document": gettext_noop("văn bản"),
    "question": gettext_noop("nội dung hỏi"), "silence": gettext_noop("khi không trả lời"), "level": gettext_noop("cấp"),
    "agency": gettext_noop("cơ quan"), "place": gettext_noop("nơi"), "text": gettext_noop("diễn giải"),
    "code": gettext_noop("mã"), "series": gettext_noop("dãy số"), "number_format": gettext_noop("cách viết số"),
    "code_list": gettext_noop("danh mục"), "width": gettext_noop("độ rộng ô"), "autocomplete": gettext_noop("tự điền"),
}  # fmt: skip


def part(name: str) -> str:
    """An attribute's name in words; its own name when there are none."""
    return _(_PARTS[name]) if name in _PARTS else name


def title(thing: Any) -> str:
    """What people call a paper, a fee, a step."""
    name = getattr(thing, "name", None) or getattr(thing, "label", None)
    return (name.vi if isinstance(name, Text) else str(name or "")) or str(thing.id)


def pair(before: Any, after: Any) -> tuple[str, str]:
    """Two values in words. Where the Vietnamese is the same, the English is told too."""
    if isinstance(before, Text) and isinstance(after, Text) and before.vi == after.vi:
        return f"{before.vi} / {before.en or NOTHING}"[:LONGEST], f"{after.vi} / {after.en or NOTHING}"[
            :LONGEST
        ]
    if isinstance(before, tuple) and isinstance(after, tuple):
        common = [x for x in before if x in after]
        if len(before) > MOST or len(after) > MOST:  # a long list: only what differs
            before = tuple(x for x in before if x not in common)
            after = tuple(x for x in after if x not in common)
    return say(before), say(after)


def say(value: Any) -> str:
    """One value in words, at most `LONGEST` letters."""
    told = _say(value)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def _say(value: Any) -> str:
    match value:
        case None | "" | ():
            return NOTHING
        case bool():
            return _("có") if value else _("không")
        case str():
            return value
        case Text():
            return value.vi or NOTHING
        case Duration():
            return value.text("vi")
        case date():
            return f"{value:%d/%m/%Y}" if value > date.min else NOTHING
        case time():
            return f"{value:%H:%M}"
        case Decimal() | int() | float():
            return _number(value)
        case Mapping():
            return _mapping(value) or NOTHING
        case tuple() | list():
            more = _(" và %(n)s mục khác") % {"n": len(value) - MOST} if len(value) > MOST else ""
            return "; ".join(map(_say, value[:MOST])) + more
    return _thing(value)


def _number(value: Decimal | float) -> str:
    whole = value == int(value)
    return vi_number(int(value)) if whole else str(value).replace(".", ",")


def _mapping(value: Mapping[str, Any]) -> str:
    if "vi" in value:
        return str(value["vi"])
    return "; ".join(f"{key}: {_say(item)}" for key, item in value.items())


def _thing(value: Any) -> str:
    """The values a definition is made of."""
    match value:
        case Option():
            return f"{value.label.vi} ({value.value})"
        case Repeat():
            return f"{value.min}–{value.max}"
        case Next():
            return f"{value.to} ({_('khi')} {value.when})" if value.when else value.to
        case Exemption():
            return f"{value.name.vi} ({_('khi')} {value.when})"
        case Tier():
            upto = f" ({_('đến')} {value.upto})" if value.upto is not None else ""
            return f"{_number(value.each)}{upto}"
        case Tiered():
            return f"{_say(value.tiers)} × {value.quantity}" + (f" × {value.times}" if value.times else "")
        case Field():
            return f"{value.label.vi} ({value.type}{', ' + _('bắt buộc') if value.required else ''})"
        case PaperRule() | FeeRule() | Step() | Variant():
            return _summary(value)
        case Competence():
            return " · ".join(p for p in (value.level, value.agency, value.place, value.text.vi) if p)
        case FormDefinition() | Page() | Definition():
            return title(value) if hasattr(value, "name") else value.title.vi
    return str(value)


def _summary(value: PaperRule | FeeRule | Step | Variant) -> str:
    match value:
        case PaperRule():
            need = _("bắt buộc") if value.required else _("không bắt buộc")
            return f"{value.name.vi} ({need})"
        case FeeRule():
            return f"{value.name.vi}: {_say(value.tiered) if value.tiered else _say(value.amount)}"
        case Variant():
            return f"{value.name.vi}: {value.time.text('vi')}"
    who = f"{value.role} @ {value.at}" if value.role else ""
    return " · ".join(
        p for p in (value.name.vi or value.id, value.do, who, _say(value.within)) if p and p != NOTHING
    )
