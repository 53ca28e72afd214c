"""YAML files written by officers: read with line numbers, checked against a schema, every fault said at once.

The reading is YAML 1.2 in spirit: only `true`/`false` are booleans, `15:00`, `0123` and `2026-07-01` stay
text, so that codes, hours and dates never turn into something else on the way.
"""

from __future__ import annotations

import difflib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import jsonschema
import yaml

Step = str | int
MAX_NODES = 200_000


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something wrong in a file: where, and a Vietnamese sentence that says what to do."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f" {self.path}:" if self.path else ""
        return f"{self.file}:{self.line}:{place} {self.message}"


class FaultsError(ValueError):
    """One or more faults; `faults` lists them all in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(f) for f in self.faults))


@dataclass(frozen=True, slots=True)
class Document:
    """A read file: plain dicts, lists and scalars in `data`, and the line (from 1) of every path in `lines`."""

    file: str
    data: Any
    lines: Mapping[tuple[Step, ...], int] = field(repr=False)
    base: tuple[Step, ...] = ()

    def line(self, path: Iterable[Step]) -> int:
        """The line of a path, or of its nearest ancestor that stands in the file."""
        steps = (*self.base, *path)
        while steps and steps not in self.lines:
            steps = steps[:-1]
        return self.lines.get(steps, 1)

    def fault(self, path: Iterable[Step], message: str) -> Fault:
        steps = tuple(path)
        return Fault(self.file, self.line(steps), dotted((*self.base, *steps)), message)

    def part(self, *path: Step) -> Document:
        """What stands at `path` as a document of its own; its faults still name the place in the whole file."""
        data = self.data
        for step in path:
            data = data[step]
        return Document(self.file, data, self.lines, (*self.base, *path))


def dotted(path: Iterable[Step]) -> str:
    """`("pages", 0, "title")` as people read it: `pages[0].title`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f"{'.' if text else ''}{step}"
    return text


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Composes nodes only; what a plain scalar means is decided by the resolvers below."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")
)
_PLAIN: dict[str, Callable[[str], object]] = {
    "tag:yaml.org,2002:null": lambda text: None,
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:str": lambda text: unicodedata.normalize("NFC", text),
}


class _Builder:
    """Turns nodes into plain values and collects lines and faults; aliases are followed, but not without end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[tuple[Step, ...], int] = {}
        self.faults: list[Fault] = []
        self._count = 0
        self._open: set[int] = set()

    def fault(self, node: yaml.Node, path: tuple[Step, ...], message: str) -> None:
        self.faults.append(Fault(self.file, node.start_mark.line + 1, dotted(path), message))

    def build(self, node: yaml.Node, path: tuple[Step, ...]) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        self._count += 1
        if self._count > MAX_NODES or id(node) in self._open:
            if self._count <= MAX_NODES + 1 or id(node) in self._open:
                self.fault(node, path, "Tệp quá lớn hoặc tự lặp lại chính nó (bí danh `*`).")
            return None
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.MappingNode):
                return self._mapping(node, path)
            if isinstance(node, yaml.SequenceNode):
                return [self.build(item, (*path, i)) for i, item in enumerate(node.value)]
            return self._scalar(node, path)
        finally:
            self._open.discard(id(node))

    def _scalar(self, node: yaml.Node, path: tuple[Step, ...]) -> Any:
        make = _PLAIN.get(node.tag)
        if make is None:
            self.fault(node, path, f"Không dùng thẻ kiểu “{node.tag}” ở đây.")
            return None
        try:
            return make(node.value)
        except ValueError:
            self.fault(node, path, "Số quá dài; nếu là mã thì đặt trong dấu nháy.")
            return None

    def _mapping(self, node: yaml.MappingNode, path: tuple[Step, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        first: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.fault(key_node, path, "Tên mục phải là chữ.")
                continue
            key = unicodedata.normalize("NFC", key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                self.fault(
                    key_node,
                    (*path, key),
                    f"Mục “{key}” viết hai lần (lần đầu ở dòng {first[key]}). Hãy bỏ một.",
                )
                continue
            first[key] = self.lines[(*path, key)] = line
            result[key] = self.build(value_node, (*path, key))
        return result


def loads(text: str, file: str = "<text>") -> Document:
    """Read YAML text. Raises `FaultsError` for broken syntax, repeated keys, type tags and endless aliases."""
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise FaultsError(
            [Fault(file, line, "", f"Không đọc được YAML: {error.problem or error.context}.")]
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise FaultsError(
            [Fault(file, 1, "", f"Không đọc được YAML: {str(error) or 'lồng quá sâu'}.")]
        ) from error
    builder = _Builder(file)
    try:
        data = None if node is None else builder.build(node, ())
    except RecursionError as error:
        raise FaultsError([Fault(file, 1, "", "Không đọc được YAML: lồng quá sâu.")]) from error
    if builder.faults:
        raise FaultsError(builder.faults)
    return Document(file, data, builder.lines)


def load(path: Path, root: Path | None = None) -> Document:
    """Read a YAML file (UTF-8); faults name it relative to `root` when it lies below.

    Raises `FaultsError`, also when the file is missing.
    """
    name = str(path.relative_to(root)) if root and path.is_relative_to(root) else str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise FaultsError([Fault(name, 1, "", "Không có tệp này.")]) from error
    except UnicodeDecodeError as error:
        raise FaultsError(
            [Fault(name, 1, "", "Tệp không phải là chữ UTF-8. Hãy lưu lại dưới dạng UTF-8.")]
        ) from error
    return loads(text, name)


def nearest(word: object, known: Iterable[str]) -> str:
    """` Có phải “x” không?` for the known name closest to `word`, or nothing."""
    close = difflib.get_close_matches(str(word), [str(k) for k in known], n=1, cutoff=0.6)
    return f" Có phải “{close[0]}” không?" if close else ""


_TYPES = {
    "string": "chữ",
    "integer": "số nguyên",
    "number": "số",
    "boolean": "true hoặc false",
    "array": "danh sách",
    "object": "nhóm các mục",
    "null": "để trống",
}


def _shown(value: object, length: int = 40) -> str:
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def _type_sentence(error: jsonschema.ValidationError) -> str:
    told = error.validator_value
    wanted: list[str] = told if isinstance(told, list) else [told]
    text = (
        f"Ở đây cần {' hoặc '.join(_TYPES.get(t, t) for t in wanted)}, không phải “{_shown(error.instance)}”."
    )
    if "string" in wanted and isinstance(error.instance, int | float | bool):
        text += " Nếu đó là mã hoặc chữ, hãy đặt trong dấu nháy."
    return text


_SENTENCES = {
    "const": "Ở đây phải là “{value}”.",
    "minItems": "Cần ít nhất {value} mục.",
    "minProperties": "Cần ít nhất {value} mục.",
    "minLength": "Cần ít nhất {value} ký tự.",
    "maxItems": "Nhiều nhất {value} mục.",
    "maxProperties": "Nhiều nhất {value} mục.",
    "maxLength": "Nhiều nhất {value} ký tự.",
    "minimum": "Số phải từ {value} trở lên.",
    "maximum": "Số không được quá {value}.",
    "uniqueItems": "Có mục viết lặp lại.",
}


def _sentence(error: jsonschema.ValidationError) -> str:
    rule, value = str(error.validator), error.validator_value
    if rule == "type":
        return _type_sentence(error)
    if rule == "enum":
        known = [_shown(v) for v in value]
        text = f"“{_shown(error.instance)}” không dùng được; chọn một trong: {', '.join(known)}."
        return text + nearest(error.instance, known)
    if rule == "pattern":
        hint = error.schema.get("description", f"mẫu {value}")
        return f"“{_shown(error.instance)}” viết không đúng dạng; cần {hint}."
    return _SENTENCES.get(rule, f"Không đúng quy tắc “{rule}” của lược đồ.").format(value=_shown(value))


def _faults(document: Document, error: jsonschema.ValidationError) -> Iterable[Fault]:
    path = tuple(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                yield document.fault(path, f"Thiếu mục “{name}”.")
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        for name in error.instance:
            if name not in known and not any(re.search(p, name) for p in patterns):
                yield document.fault((*path, name), f"Không có mục nào tên “{name}”.{nearest(name, known)}")
    elif error.validator in ("anyOf", "oneOf") and error.context:
        yield from _branch(document, error)
    else:
        yield document.fault(path, _sentence(error))


def _branch(document: Document, error: jsonschema.ValidationError) -> Iterable[Fault]:
    """The faults of the alternative that the value was most likely meant to be: the one that gets deepest."""
    branches: dict[Any, list[jsonschema.ValidationError]] = {}
    for inner in error.context or []:
        branches.setdefault(inner.schema_path[0], []).append(inner)

    def distance(errors: list[jsonschema.ValidationError]) -> tuple[bool, int]:
        return any(e.validator == "type" and not e.path for e in errors), len(errors)

    ranked = sorted(branches.values(), key=distance)
    if distance(ranked[0])[0]:
        wanted = [_TYPES.get(str(e.validator_value), "") for b in ranked for e in b if e.validator == "type"]
        text = " hoặc ".join(dict.fromkeys(w for w in wanted if w))
        yield document.fault(error.absolute_path, f"Ở đây cần {text}, không phải “{_shown(error.instance)}”.")
        return
    for inner in ranked[0]:
        yield from _faults(document, inner)


@lru_cache(maxsize=64)
def _validator_of(key: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads(key))


def validate(document: Document, schema: Mapping[str, Any]) -> list[Fault]:
    """Everything in the document that breaks the JSON Schema (2020-12), each as a Vietnamese sentence with its line."""
    validator = _validator_of(json.dumps(schema, sort_keys=True))
    return sorted(
        {fault for error in validator.iter_errors(document.data) for fault in _faults(document, error)}
    )
