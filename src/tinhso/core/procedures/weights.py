"""How much each difference of a definition weighs for running cases. Pure; see `diff`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tinhso.core.forms.definition import Field, Option, Repeat

TEXT, ADDITIVE, BREAKING = "text", "additive", "breaking"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight and, when it breaks, why."""

    weight: str
    reason: str = ""


def added_field(field: Field) -> Weighed:
    """A question that was not there: what was filed has no answer to it."""
    if field.required or (field.repeat is not None and field.repeat.min > 0):
        return Weighed(BREAKING, _("câu hỏi bắt buộc mà hồ sơ đã nộp chưa trả lời"))
    return Weighed(ADDITIVE)


def field_weight(part: str, before: Any, after: Any) -> Weighed:
    """A changed attribute of a question."""
    if part in ("label", "hint", "unit", "autocomplete", "width", "code_list"):
        return Weighed(TEXT)  # the options of a list are compared for themselves
    if part == "prefill":
        return Weighed(ADDITIVE)
    if part in _BY_PART:
        return _BY_PART[part](part, before, after)
    reasons = {"type": _("kiểu câu trả lời khác"), "when": _("câu hỏi được hỏi trong trường hợp khác")}
    return Weighed(BREAKING, reasons.get(part, _("quy định về câu trả lời khác")))


def _flag(_part: str, _before: bool, after: bool) -> Weighed:
    return Weighed(BREAKING, _("quy định chặt hơn với câu trả lời đã có")) if after else Weighed(ADDITIVE)


def _bound(part: str, before: Any, after: Any) -> Weighed:
    if after is None:
        return Weighed(ADDITIVE)
    if before is not None and type(before) is type(after):
        looser = after < before if part == "minimum" else after > before
        if looser:
            return Weighed(ADDITIVE)
    return Weighed(BREAKING, _("quy định chặt hơn với câu trả lời đã có"))


def _options(_part: str, before: tuple[Option, ...], after: tuple[Option, ...]) -> Weighed:
    old, new = {o.value for o in before}, {o.value for o in after}
    if old - new:
        return Weighed(BREAKING, _("một lựa chọn đã có người chọn có thể không còn"))
    return Weighed(ADDITIVE if new - old else TEXT)


def _repeat(_part: str, before: Repeat | None, after: Repeat | None) -> Weighed:
    if before and after and after.max >= before.max and after.min <= before.min:
        return Weighed(ADDITIVE)
    return Weighed(BREAKING, _("số dòng được phép thay đổi"))


_BY_PART: dict[str, Callable[[str, Any, Any], Weighed]] = {
    **dict.fromkeys(("required", "past", "future"), _flag),
    **dict.fromkeys(("minimum", "maximum", "max_length"), _bound),
    "options": _options,
    "repeat": _repeat,
}


def paper_weight(part: str, before: Any, after: Any) -> Weighed:
    """A changed attribute of a paper."""
    if part in ("name", "hint", "instead_of", "code"):
        return Weighed(TEXT)
    if part == "required":
        return Weighed(BREAKING, _("giấy tờ nay là bắt buộc")) if after else Weighed(ADDITIVE)
    if part in ("original", "copy"):
        return Weighed(BREAKING, _("phải nộp thêm bản")) if after > before else Weighed(ADDITIVE)
    if part == "from_registry" and after and not before:
        return Weighed(ADDITIVE)
    reasons = {"when": _("giấy tờ cần trong trường hợp khác"), "kind": _("cách nộp giấy tờ khác")}
    return Weighed(BREAKING, reasons.get(part, _("quy định về giấy tờ khác")))


def step_options(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any, Weighed]]:
    """The options of a step that differ: texts for people weigh nothing, everything else breaks."""
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if before != after:
            texts = all(v is None or (isinstance(v, Mapping) and "vi" in v) for v in (before, after))
            yield (
                key,
                before,
                after,
                Weighed(TEXT) if texts else Weighed(BREAKING, _("cách thực hiện bước khác")),
            )
