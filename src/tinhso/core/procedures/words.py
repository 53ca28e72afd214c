"""Values of a definition in the words of an officer, for telling two versions apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from functools import singledispatch
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.forms.definition import Field, FormDefinition, Option, Page, Repeat
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.model import (
    Competence,
    Exemption,
    FeeRule,
    Next,
    PaperRule,
    Step,
    Tier,
    Tiered,
    Variant,
)
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


@singledispatch
def _say(value: Any) -> str:
    """A value of a kind not named below."""
    return str(value)


_TOLD: dict[type, Callable[[Any], str]] = {
    type(None): lambda _v: NOTHING,
    bool: lambda v: _("có") if v else _("không"),
    str: lambda v: v or NOTHING,
    Text: lambda v: v.vi or NOTHING,
    Duration: lambda v: v.text("vi"),
    date: lambda v: f"{v:%d/%m/%Y}" if v > date.min else NOTHING,
    time: lambda v: f"{v:%H:%M}",
    Option: lambda v: f"{v.label.vi} ({v.value})",
    Repeat: lambda v: f"{v.min}–{v.max}",
    Next: lambda v: _when(v.to, v.when),
    Exemption: lambda v: _when(v.name.vi, v.when),
    Tiered: lambda v: f"{_say(v.tiers)} × {v.quantity}" + (f" × {v.times}" if v.times else ""),
    Field: lambda v: f"{v.label.vi} ({v.type}{', ' + _('bắt buộc') if v.required else ''})",
    FeeRule: lambda v: f"{v.name.vi}: {_say(v.tiered) if v.tiered else _say(v.amount)}",
    Variant: lambda v: f"{v.name.vi}: {v.time.text('vi')}",
    Competence: lambda v: " · ".join(p for p in (v.level, v.agency, v.place, v.text.vi) if p),
    FormDefinition: lambda v: v.title.vi,
    Page: lambda v: v.title.vi,
}  # fmt: skip
for kind, tell in _TOLD.items():
    _say.register(kind, tell)


@_say.register(Decimal)
@_say.register(int)
@_say.register(float)
def _number(value: Decimal | float) -> str:
    whole = value == int(value)
    return vi_number(int(value)) if whole else str(value).replace(".", ",")


@_say.register(Mapping)
def _mapping(value: Mapping[str, Any]) -> str:
    if "vi" in value:
        return str(value["vi"])
    return "; ".join(f"{key}: {_say(item)}" for key, item in value.items()) or NOTHING


@_say.register(tuple)
@_say.register(list)
def _several(value: tuple[Any, ...] | list[Any]) -> str:
    more = _(" và %(n)s mục khác") % {"n": len(value) - MOST} if len(value) > MOST else ""
    return "; ".join(map(_say, value[:MOST])) + more or NOTHING


@_say.register(Tier)
def _tier(value: Tier) -> str:
    upto = f" ({_('đến')} {value.upto})" if value.upto is not None else ""
    return f"{_number(value.each)}{upto}"


@_say.register(PaperRule)
def _paper(value: PaperRule) -> str:
    need = _("bắt buộc") if value.required else _("không bắt buộc")
    return f"{value.name.vi} ({need})"


@_say.register(Step)
def _step(value: Step) -> str:
    who = f"{value.role} @ {value.at}" if value.role else ""
    within = value.within.text("vi") if value.within else ""
    return " · ".join(p for p in (value.name.vi or value.id, value.do, who, within) if p)


def _when(what: str, condition: str) -> str:
    return f"{what} ({_('khi')} {condition})" if condition else what
