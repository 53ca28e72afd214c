"""From `form.yml` to a `FormDefinition`; everything wrong is reported at once, each with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tinhso.core.forms.definition import Check, Field, FormDefinition, Option, Page, Repeat
from tinhso.core.forms.lists import CodeLists, schema
from tinhso.core.forms.texts import NOTHING, Text
from tinhso.core.forms.trial import Trial, names_under, unknown_part
from tinhso.core.forms.types import TYPES
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.yamlfile import Document, Fault, FaultsError, Step, load, loads, nearest, validate

Where = tuple[Step, ...]
# Options that every field has, and what a definition file calls the others.
_FILE_NAMES = {"minimum": "min", "maximum": "max", "code_list": "list"}
_SPECIAL = (
    "past",
    "future",
    "minimum",
    "maximum",
    "max_length",
    "unit",
    "code_list",
    "options",
    "repeat",
    "fields",
)


def load_form(path: Path, lists: CodeLists) -> FormDefinition:
    """Read and compile a form file. Raises `FaultsError`. Compiled once per content of the file and its lists."""
    document = load(path, lists.catalog.parent)
    text = path.read_text(encoding="utf-8")
    return _cached(text, document.file, _lists_of(document.data, lists), lists.catalog)


def compile_form(document: Document, lists: CodeLists) -> FormDefinition:
    """Compile a read form. Raises `FaultsError` with every fault."""
    whole = schema(lists.catalog, "form")
    if faults := validate(document, whole):
        raise FaultsError(faults)
    return _Compiler(document, _lists_of(document.data, lists), "form", None).form()


def compile_fields(
    document: Document, where: Where, lists: CodeLists, title: Text, outer: FormDefinition
) -> FormDefinition:
    """A one-page form from a list of fields inside another file: what an officer completes in a result.

    Its own answers are `result` in expressions; `form` are the answers of `outer`. Raises `FaultsError`.
    """
    part = document.part(*where)
    definitions = schema(lists.catalog, "form")["$defs"]
    if faults := validate(part, {"$ref": "#/$defs/fields", "$defs": definitions}):
        raise FaultsError(faults)
    page = {"id": "result", "title": {"vi": title.vi, "en": title.en}, "fields": part.data}
    shifted = Document(part.file, {"title": page["title"], "pages": [page]}, part.lines, part.base)
    return _Compiler(shifted, _lists_of(page, lists), "result", outer, prefix=("pages", 0, "fields")).form()


@lru_cache(maxsize=512)
def _cached(
    text: str, file: str, lists: tuple[tuple[str, tuple[Option, ...] | None], ...], catalog: Path
) -> FormDefinition:
    document = loads(text, file)
    if faults := validate(document, schema(catalog, "form")):
        raise FaultsError(faults)
    return _Compiler(document, lists, "form", None).form()


def _lists_of(data: Any, lists: CodeLists) -> tuple[tuple[str, tuple[Option, ...] | None], ...]:
    """The code lists that a form names, None for those that do not exist."""
    found: dict[str, tuple[Option, ...] | None] = {}
    for list_id in sorted(set(_named_lists(data))):
        code_list = lists.get(list_id)
        found[list_id] = code_list.options if code_list else None
    return tuple(found.items())


def _named_lists(data: Any) -> Iterable[str]:
    if isinstance(data, dict):
        if isinstance(data.get("list"), str):
            yield data["list"]
        for value in data.values():
            yield from _named_lists(value)
    elif isinstance(data, list):
        for value in data:
            yield from _named_lists(value)


class _Compiler:
    """Builds first, then judges names and conditions over the whole form."""

    def __init__(
        self,
        document: Document,
        lists: tuple[tuple[str, tuple[Option, ...] | None], ...],
        root: str,
        outer: FormDefinition | None,
        prefix: Where = (),
    ) -> None:
        self.document, self.lists, self.root, self.outer = document, dict(lists), root, outer
        self.prefix = prefix
        self.faults: list[Fault] = []

    def fault(self, where: Where, message: str) -> None:
        if self.prefix and where[: len(self.prefix)] == self.prefix:
            where = where[len(self.prefix) :]
        self.faults.append(self.document.fault(where, message))

    def form(self) -> FormDefinition:
        data = self.document.data
        pages = tuple(self._page(p, ("pages", i)) for i, p in enumerate(data["pages"]))
        form = FormDefinition(Text.of(data["title"]), pages, self.root)
        self._unique(((p["id"], ("pages", i)) for i, p in enumerate(data["pages"])), "Trang")
        self._unique(
            (
                (f["id"], ("pages", i, "fields", j))
                for i, p in enumerate(data["pages"])
                for j, f in enumerate(p["fields"])
            ),
            "Câu hỏi",
        )
        if not self.faults:
            self._expressions(form)
        if self.faults:
            raise FaultsError(self.faults)
        return form

    def _unique(self, ids: Iterable[tuple[str, Where]], what: str) -> None:
        first: dict[str, Where] = {}
        for name, where in ids:
            if name in first:
                line = self.document.line(first[name])
                self.fault((*where, "id"), f"{what} “{name}” đã có ở dòng {line}. Mỗi tên chỉ dùng một lần.")
            first.setdefault(name, where)

    def _page(self, data: Mapping[str, Any], where: Where) -> Page:
        fields = tuple(self._field(f, (*where, "fields", i), 0) for i, f in enumerate(data["fields"]))
        ids = [f.id for f in fields]
        checks = []
        for i, check in enumerate(data.get("checks", ())):
            at = check.get("field") or next((n for n in ids if n in check["rule"]), ids[0])
            if at not in ids:
                message = f"Trang này không có câu hỏi “{at}”.{nearest(at, ids)}"
                self.fault((*where, "checks", i, "field"), message)
            checks.append(Check(check["rule"], Text.of(check["message"]), at))
        return Page(
            data["id"],
            Text.of(data["title"]),
            fields,
            Text.of(data.get("intro")),
            data.get("when", ""),
            tuple(checks),
        )

    def _field(self, data: Mapping[str, Any], where: Where, depth: int) -> Field:
        field = Field(
            id=data["id"],
            type=data["type"],
            label=Text.of(data["label"]),
            hint=Text.of(data.get("hint")),
            required=data.get("required", False),
            when=data.get("when", ""),
            past=data.get("past", False),
            future=data.get("future", False),
            minimum=data.get("min"),
            maximum=data.get("max"),
            max_length=data.get("max_length"),
            unit=Text.of(data.get("unit")),
            prefill=data.get("prefill", ""),
            autocomplete=data.get("autocomplete", ""),
            width=data.get("width", ""),
            code_list=data.get("list", ""),
            options=self._options(data, where),
            repeat=Repeat(data["repeat"]["max"], data["repeat"].get("min", 0)) if "repeat" in data else None,
            fields=tuple(
                self._field(f, (*where, "fields", i), depth + 1) for i, f in enumerate(data.get("fields", ()))
            ),
        )
        self._fitting(field, where, depth)
        return field

    def _options(self, data: Mapping[str, Any], where: Where) -> tuple[Option, ...]:
        if "list" in data:
            options = self.lists.get(data["list"])
            if options is None:
                self.fault(
                    (*where, "list"), f"Không có danh mục “{data['list']}” trong catalog/references/lists."
                )
            return options or ()
        given = data.get("options", ())
        self._unique(((o["value"], (*where, "options", i)) for i, o in enumerate(given)), "Lựa chọn")
        return tuple(Option(o["value"], Text.of(o["label"]), Text.of(o.get("hint"))) for o in given)

    def _fitting(self, field: Field, where: Where, depth: int) -> None:
        """Whether the options of a field mean something for its type."""
        allowed = TYPES[field.type].allowed if field.type in TYPES else frozenset()
        if field.type == "group":
            allowed = frozenset({"repeat", "fields"})
            self._group(field, where, depth)
        for name in _SPECIAL:
            if name not in allowed and getattr(field, name) not in (None, False, (), "", NOTHING):
                called = _FILE_NAMES.get(name, name)
                self.fault((*where, called), f"Mục “{called}” không dùng cho kiểu “{field.type}”.")
        if "options" in allowed and not field.options and not field.code_list:
            self.fault(where, f"Câu hỏi “{field.id}” cần “options” hoặc “list”.")
        if field.past and field.future:
            self.fault((*where, "future"), "Một ngày không thể vừa chỉ ở quá khứ vừa chỉ ở tương lai.")
        if "minimum" in allowed:
            self._limits(field, where)

    def _group(self, field: Field, where: Where, depth: int) -> None:
        if not field.fields:
            self.fault(where, f"Nhóm “{field.id}” cần có các câu hỏi trong mục “fields”.")
        if depth:
            self.fault((*where, "type"), "Nhóm không đặt trong nhóm khác. Hãy tách thành nhóm riêng.")
        self._unique(((f.id, (*where, "fields", i)) for i, f in enumerate(field.fields)), "Câu hỏi")
        if field.repeat and field.repeat.min > field.repeat.max:
            self.fault((*where, "repeat"), "Số dòng ít nhất (min) lớn hơn số dòng nhiều nhất (max).")

    def _limits(self, field: Field, where: Where) -> None:
        dated = field.type in ("date", "partial_date")
        for name in ("minimum", "maximum"):
            limit = getattr(field, name)
            if limit is not None and isinstance(limit, str) is not dated:
                form = "ngày dạng 2026-07-01" if dated else "số"
                self.fault((*where, _FILE_NAMES[name]), f"Giới hạn ở đây phải là {form}.")

    def _expressions(self, form: FormDefinition) -> None:
        trial = Trial(form, self.outer)
        for i, page in enumerate(form.pages):
            where: Where = ("pages", i)
            self._expression(trial, page.when, (*where, "when"), before=(i, 0), condition=True)
            for j, field in enumerate(page.fields):
                at: Where = (*where, "fields", j)
                self._expression(trial, field.when, (*at, "when"), before=(i, j), condition=True)
                self._expression(trial, field.prefill, (*at, "prefill"), before=(i, j))
                for k, part in enumerate(field.fields):
                    inner: Where = (*at, "fields", k)
                    self._expression(
                        trial, part.when, (*inner, "when"), before=(i, j), row=field, condition=True
                    )
                    self._expression(trial, part.prefill, (*inner, "prefill"), before=(i, j), row=field)
            for j, check in enumerate(page.checks):
                self._expression(
                    trial, check.rule, (*where, "checks", j, "rule"), before=(i + 1, 0), condition=True
                )

    def _expression(
        self,
        trial: Trial,
        text: str,
        where: Where,
        before: tuple[int, int],
        row: Field | None = None,
        condition: bool = False,
    ) -> None:
        """Judge one expression: it compiles, names what exists and stands before it, and runs with gaps in the answers."""
        if not text:
            return
        try:
            expression = trial.form.expression(text)
        except ExpressionError as error:
            self.fault(where, f"Biểu thức không đúng: {error.reason}.")
            return
        wrong = [m for name in sorted(expression.names) if (m := self._name(trial, name, before, row))]
        for message in wrong:
            self.fault(where, message)
        if condition and not wrong and (failure := trial.fails(expression, row)):
            self.fault(where, failure)

    def _name(self, trial: Trial, name: str, before: tuple[int, int], row: Field | None) -> str | None:
        root, _, rest = name.partition(".")
        steps = rest.split(".") if rest else []
        if root == trial.form.root and steps:
            position = trial.position(steps[0])
            own_group = row is not None and steps[0] == row.id
            if position is not None and position >= before and not own_group:
                return f"“{name}” là câu hỏi đứng sau; điều kiện chỉ dùng câu trả lời ở trước."
            return unknown_part(trial.form.fields, steps, name)
        if root == "form" and self.outer is not None and steps:
            return unknown_part(self.outer.fields, steps, name)
        if root == "row":
            if row is None:
                return "“row” chỉ dùng cho câu hỏi trong nhóm."
            return unknown_part({f.id: f for f in row.fields}, steps, name) if steps else None
        return names_under(root, steps, name)
