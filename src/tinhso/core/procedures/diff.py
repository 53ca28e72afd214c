"""What differs between two versions of a definition: each change in words, with its weight for running cases.

Pure. A change is `text` (what people read), `additive` (something more is possible, nothing more is asked) or
`breaking` (it could change what a running case owes, where it goes or when it is due), with the reason.
Whatever this module does not know of is breaking: a new part of definitions can never slip through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tinhso.core.forms.definition import Field, FormDefinition, Page
from tinhso.core.procedures import words
from tinhso.core.procedures.model import Definition, FeeRule, PaperRule, Step, Variant
from tinhso.core.procedures.weights import (
    ADDITIVE,
    BREAKING,
    TEXT,
    Weighed,
    added_field,
    field_weight,
    paper_weight,
    step_options,
)

#: What a running case never depends on.
_TEXTS = {
    "name": gettext_noop("Tên thủ tục"), "summary": gettext_noop("Tóm tắt"), "who": gettext_noop("Ai được nộp"),
    "notes": gettext_noop("Lưu ý"), "legal": gettext_noop("Căn cứ pháp lý"), "source": gettext_noop("Nguồn"),
    "keywords": gettext_noop("Từ khóa tìm kiếm"), "decision": gettext_noop("Quyết định công bố"),
    "sector": gettext_noop("Lĩnh vực"), "service_level": gettext_noop("Mức dịch vụ"),
    "valid_from": gettext_noop("Ngày có hiệu lực"), "valid_to": gettext_noop("Ngày hết hiệu lực"),
}  # fmt: skip
#: Compared part by part below, or derived from other parts.
_PARTS = frozenset(
    {"competence", "variants", "papers", "fees", "steps", "first", "result", "form", "outputs"}
)
_DERIVED = frozenset({"hash", "blank", "code"})
SECTIONS = {
    "texts": gettext_noop("Thông tin chung"), "form": gettext_noop("Tờ khai"), "papers": gettext_noop("Giấy tờ"),
    "fees": gettext_noop("Phí, lệ phí"), "variants": gettext_noop("Trường hợp và thời hạn"),
    "steps": gettext_noop("Các bước"), "competence": gettext_noop("Thẩm quyền"), "result": gettext_noop("Kết quả"),
    "outputs": gettext_noop("Mẫu kết quả"), "other": gettext_noop("Quy định khác"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section` is a key of `SECTIONS`, `id` the stable id in it, `part` the attribute ("" when the
    whole thing is new or gone); `before` and `after` in words, `reason` only when breaking."""

    section: str
    id: str
    kind: str
    label: str
    part: str
    before: str
    after: str
    weight: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """All differences of two versions, in the order people read a definition."""

    changes: tuple[Change, ...]

    @property
    def compatible(self) -> bool:
        """Whether running cases may follow without anybody deciding on each."""
        return all(c.weight != BREAKING for c in self.changes)

    @property
    def breaking(self) -> tuple[Change, ...]:
        return tuple(c for c in self.changes if c.weight == BREAKING)

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each weight."""
        found = Counter(c.weight for c in self.changes)
        return {weight: found[weight] for weight in (TEXT, ADDITIVE, BREAKING)}

    def sections(self) -> list[tuple[str, list[Change]]]:
        """The changes by section title, in order."""
        groups = [
            (_(title), [c for c in self.changes if c.section == key]) for key, title in SECTIONS.items()
        ]
        return [(title, changes) for title, changes in groups if changes]


def compare(old: Definition, new: Definition) -> Diff:
    """What `new` adds, removes or changes against `old`, two versions of one procedure."""
    found: list[Change] = [
        *_texts(old, new),
        *_form("form", old.form, new.form),
        *_named("papers", old.papers, new.papers, _paper),
        *_named("fees", old.fees, new.fees, _fee),
        *_named("variants", old.variants, new.variants, _variant),
        *_order("variants", [v.id for v in old.variants], [v.id for v in new.variants]),
        *_named("steps", tuple(old.steps.values()), tuple(new.steps.values()), _step),
        *_first(old, new),
        *_competence(old, new),
        *_result(old, new),
        *_outputs(old, new),
        *_others(old, new),
    ]
    return Diff(tuple(found))


# Parts of the whole ---------------------------------------------------------------------------------------------


def _texts(old: Definition, new: Definition) -> Iterator[Change]:
    for name, label in _TEXTS.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield _change("texts", name, "changed", _(label), "", before, after, Weighed(TEXT))
    for name, label, gone in (
        ("channels", _("Kênh nộp"), _("một kênh nộp không còn")),
        ("applicants", _("Đối tượng"), _("một loại đối tượng không còn được nộp")),
    ):
        before, after = getattr(old, name), getattr(new, name)
        if set(before) != set(after):
            lost = bool(set(before) - set(after))
            weighed = Weighed(BREAKING, gone) if lost else Weighed(ADDITIVE)
            yield _change("texts", name, "changed", label, "", before, after, weighed)


def _first(old: Definition, new: Definition) -> Iterator[Change]:
    if old.first != new.first:
        weighed = Weighed(BREAKING, _("hồ sơ bắt đầu ở bước khác"))
        yield _change("steps", "first", "changed", _("Bước đầu tiên"), "", old.first, new.first, weighed)


def _competence(old: Definition, new: Definition) -> Iterator[Change]:
    """Rules have no id: the one at the same place is the same rule."""
    for n in range(max(len(old.competence), len(new.competence))):
        before = old.competence[n] if n < len(old.competence) else None
        after = new.competence[n] if n < len(new.competence) else None
        label = _("Quy tắc thẩm quyền thứ %(n)s") % {"n": n + 1}
        if before is None or after is None:
            weighed = Weighed(BREAKING, _("cơ quan có thẩm quyền có thể khác"))
            kind = "added" if before is None else "removed"
            yield _change("competence", str(n), kind, label, "", before, after, weighed)
            continue
        for part in fields(before):
            one, other = getattr(before, part.name), getattr(after, part.name)
            if one != other:
                text = part.name == "text"
                weighed = Weighed(TEXT) if text else Weighed(BREAKING, _("cơ quan có thẩm quyền có thể khác"))
                yield _change("competence", str(n), "changed", label, part.name, one, other, weighed)


def _result(old: Definition, new: Definition) -> Iterator[Change]:
    for part in fields(old.result):
        before, after = getattr(old.result, part.name), getattr(new.result, part.name)
        if part.name == "fields":
            if before is not None and after is not None:
                yield from _form("result", before, after)
            elif before != after:
                weighed = Weighed(BREAKING, _("nội dung cán bộ điền vào kết quả thay đổi"))
                yield _change(
                    "result", "fields", "changed", _("Nội dung kết quả"), "", before, after, weighed
                )
        elif before != after:
            weighed = (
                Weighed(TEXT)
                if part.name == "name"
                else Weighed(BREAKING, _("kết quả hoặc cách cấp số khác"))
            )
            yield _change(
                "result", "result", "changed", old.result.name.vi, part.name, before, after, weighed
            )


def _outputs(old: Definition, new: Definition) -> Iterator[Change]:
    for name in sorted({*old.outputs, *new.outputs}):
        before, after = old.outputs.get(name), new.outputs.get(name)
        if before == after:
            continue
        kind = "added" if before is None else "removed" if after is None else "changed"
        weighed = Weighed(ADDITIVE if before is None else TEXT)
        if after is None:
            weighed = Weighed(BREAKING, _("mẫu kết quả không còn"))
        yield _change("outputs", name, kind, f"{name}.typ", "", _lines(before), _lines(after), weighed)


def _others(old: Definition, new: Definition) -> Iterator[Change]:
    """The time for supplements, and whatever else definitions come to have."""
    known = {*_TEXTS, *_PARTS, *_DERIVED, "channels", "applicants"}
    labels = {"supplement_within": _("Thời hạn bổ sung")}
    for part in fields(old):
        before, after = getattr(old, part.name), getattr(new, part.name)
        if part.name not in known and before != after:
            weighed = Weighed(BREAKING, _("quy định áp dụng cho hồ sơ đang chạy thay đổi"))
            label = labels.get(part.name, part.name)
            yield _change("other", part.name, "changed", label, "", before, after, weighed)


# Things with an id ----------------------------------------------------------------------------------------------


def _named(
    section: str, old: Sequence[Any], new: Sequence[Any], differ: Callable[[Any, Any], Iterable[Change]]
) -> Iterator[Change]:
    before, after = {x.id: x for x in old}, {x.id: x for x in new}
    for name in dict.fromkeys([*before, *after]):
        if name not in after:
            yield _change(section, name, "removed", words.title(before[name]), "", before[name], None,
                          Weighed(BREAKING, _gone(section)))  # fmt: skip
        elif name not in before:
            weighed = Weighed(BREAKING, _new(section))
            if isinstance(after[name], PaperRule) and not after[name].required:
                weighed = Weighed(ADDITIVE)
            yield _change(section, name, "added", words.title(after[name]), "", None, after[name], weighed)
        else:
            yield from differ(before[name], after[name])


def _order(section: str, old: list[str], new: list[str]) -> Iterator[Change]:
    kept = [x for x in old if x in new]
    now = [x for x in new if x in old]
    if kept != now:
        weighed = Weighed(BREAKING, _("thứ tự xét thay đổi, hồ sơ có thể rơi vào trường hợp khác"))
        yield _change(section, "order", "changed", _("Thứ tự"), "", ", ".join(kept), ", ".join(now), weighed)


def _paper(old: PaperRule, new: PaperRule) -> Iterator[Change]:
    for part, before, after in _differing(old, new):
        yield _change("papers", old.id, "changed", words.title(new), part, before, after,
                      paper_weight(part, before, after))  # fmt: skip


def _fee(old: FeeRule, new: FeeRule) -> Iterator[Change]:
    for part, before, after in _differing(old, new):
        text = part in ("name", "source")
        weighed = Weighed(TEXT) if text else Weighed(BREAKING, _("số tiền phải nộp có thể khác"))
        yield _change("fees", old.id, "changed", words.title(new), part, before, after, weighed)


def _variant(old: Variant, new: Variant) -> Iterator[Change]:
    reasons = {"time": _("thời hạn giải quyết khác"), "when": _("hồ sơ có thể rơi vào trường hợp khác")}
    for part, before, after in _differing(old, new):
        weighed = Weighed(TEXT)
        if part != "name":
            weighed = Weighed(BREAKING, reasons.get(part, _("cách tính thời hạn khác")))
        yield _change("variants", old.id, "changed", words.title(new), part, before, after, weighed)


def _step(old: Step, new: Step) -> Iterator[Change]:
    reasons = {
        "do": _("bước làm việc khác"), "role": _("người thực hiện khác"), "at": _("nơi thực hiện khác"),
        "within": _("thời gian của bước khác"), "next": _("đường đi của hồ sơ khác"),
    }  # fmt: skip
    for part, before, after in _differing(old, new):
        if part == "name":
            weighed = Weighed(TEXT)
        elif part == "options":
            yield from _options(old, new)
            continue
        else:
            weighed = Weighed(BREAKING, reasons.get(part, _("cách thực hiện bước khác")))
        yield _change("steps", old.id, "changed", words.title(new), part, before, after, weighed)


def _options(old: Step, new: Step) -> Iterator[Change]:
    for part, before, after, weighed in step_options(old.options, new.options):
        yield _change("steps", old.id, "changed", words.title(new), part, before, after, weighed)


# Forms ----------------------------------------------------------------------------------------------------------


def _form(section: str, old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    if old.title != new.title:
        yield _change(section, "title", "changed", _("Tên tờ khai"), "", old.title, new.title, Weighed(TEXT))
    yield from _pages(section, old, new)
    yield from _fields(section, old.fields, new.fields, "")
    homes = [{f.id: page.id for page in form.pages for f in page.fields} for form in (old, new)]
    for name in homes[0]:
        if name in homes[1] and homes[0][name] != homes[1][name]:
            label = new.fields[name].label.vi
            yield _change(
                section, name, "changed", label, "page", homes[0][name], homes[1][name], Weighed(TEXT)
            )


def _pages(section: str, old: FormDefinition, new: FormDefinition) -> Iterator[Change]:
    before, after = {p.id: p for p in old.pages}, {p.id: p for p in new.pages}
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:  # its questions speak for themselves below
            page = one or other
            assert page is not None  # noqa: S101  it is in one of the two
            weighed = (
                Weighed(BREAKING, _("trang có điều kiện hoặc kiểm tra riêng"))
                if _binds(page)
                else Weighed(TEXT)
            )
            kind = "added" if one is None else "removed"
            yield _change(
                section, name, kind, page.title.vi, "", one and one.title, other and other.title, weighed
            )
            continue
        for part in ("title", "intro"):
            if getattr(one, part) != getattr(other, part):
                values = (getattr(one, part), getattr(other, part))
                yield _change(section, name, "changed", other.title.vi, part, *values, Weighed(TEXT))
        if one.when != other.when:
            weighed = Weighed(BREAKING, _("câu hỏi được hỏi trong trường hợp khác"))
            yield _change(section, name, "changed", other.title.vi, "when", one.when, other.when, weighed)
        yield from _checks(section, one, other)


def _binds(page: Page) -> bool:
    return bool(page.when or page.checks)


def _checks(section: str, old: Page, new: Page) -> Iterator[Change]:
    before, after = {(c.field, c.rule): c for c in old.checks}, {(c.field, c.rule): c for c in new.checks}
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one and other and one.message == other.message:
            continue
        kind = "changed" if one and other else "added" if other else "removed"
        weighed = Weighed({"changed": TEXT, "removed": ADDITIVE}.get(kind, BREAKING))
        if kind == "added":
            weighed = Weighed(BREAKING, _("thêm một điều kiện mà câu trả lời đã nộp có thể không thỏa"))
        told = [c and f"{c.rule} – {c.message.vi}" for c in (one, other)]
        yield _change(section, f"{new.id}.{key[0]}", kind, new.title.vi, "check", told[0], told[1], weighed)


def _fields(section: str, old: Mapping[str, Field], new: Mapping[str, Field], above: str) -> Iterator[Change]:
    for name in dict.fromkeys([*old, *new]):
        path = f"{above}{name}"
        if name not in new:
            weighed = Weighed(BREAKING, _("câu trả lời đã có sẽ không còn chỗ"))
            yield _change(section, path, "removed", old[name].label.vi, "", old[name], None, weighed)
        elif name not in old:
            yield _change(
                section, path, "added", new[name].label.vi, "", None, new[name], added_field(new[name])
            )
        else:
            one, other = old[name], new[name]
            for part, before, after in _differing(one, other, skip=("fields",)):
                weighed = field_weight(part, before, after)
                yield _change(section, path, "changed", other.label.vi, part, before, after, weighed)
            inner = [{f.id: f for f in field.fields} for field in (one, other)]
            yield from _fields(section, inner[0], inner[1], f"{path}.")


# Telling --------------------------------------------------------------------------------------------------------


def _differing(old: Any, new: Any, skip: Sequence[str] = ()) -> Iterator[tuple[str, Any, Any]]:
    for part in fields(old):
        before, after = getattr(old, part.name), getattr(new, part.name)
        if before != after and part.name not in skip:
            yield part.name, before, after


def _change(
    section: str, name: str, kind: str, label: str, part: str, before: Any, after: Any, weighed: Weighed
) -> Change:
    told = words.pair(before, after)
    return Change(section, name, kind, label, words.part(part), *told, weighed.weight, weighed.reason)


def _gone(section: str) -> str:
    return {
        "papers": _("giấy tờ đã nộp sẽ không còn chỗ"),
        "fees": _("số tiền phải nộp có thể khác"),
        "variants": _("hồ sơ thuộc trường hợp này sẽ không còn thời hạn"),
        "steps": _("hồ sơ đang ở bước này sẽ không còn chỗ"),
    }[section]


def _new(section: str) -> str:
    return {
        "papers": _("giấy tờ bắt buộc mà hồ sơ đã nộp chưa có"),
        "fees": _("số tiền phải nộp có thể khác"),
        "variants": _("hồ sơ có thể rơi vào trường hợp khác"),
        "steps": _("hồ sơ có thể phải qua thêm bước"),
    }[section]


def _lines(text: str | None) -> str | None:
    return None if text is None else _("%(n)s dòng") % {"n": text.count("\n") + 1}
