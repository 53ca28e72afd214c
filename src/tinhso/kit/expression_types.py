"""What kind of value an expression gives, found without running it; and everything in it that cannot fit.

The library compares a number with a text without a word (it is simply never equal), so that a slip in a
definition would only show as a branch nobody reaches. Here it is named before anything is published.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>\d+\.\d+(?:[eE][+-]?\d+)?|\d+u?)"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||<=|>=|==|!=|[-+*/%<>!?:.,()\[\]{}]))"
)
_WORDS = {"bool": "đúng/sai", "int": "số nguyên", "double": "số thập phân", "number": "số", "text": "chữ",
          "list": "danh sách", "map": "nhóm", "null": "trống", "any": "bất kỳ"}  # fmt: skip
_NUMBERS = frozenset({"int", "double", "number"})
_SHOWN = 6


@dataclass(frozen=True)
class Kind:
    """A kind of value: `name` is one of bool, int, double, number, text, list, map, null, any.

    `values` are all the texts it may be (None: any), `item` the kind of a list's items, `parts` of a map.
    """

    name: str
    values: frozenset[str] | None = None
    item: Kind | None = None
    parts: Mapping[str, Kind] | None = None

    @property
    def words(self) -> str:
        return _WORDS[self.name]

    @property
    def family(self) -> str:
        return "number" if self.name in _NUMBERS else self.name


ANY, BOOL, INT, DOUBLE, NUMBER, TEXT, NULL = (
    Kind(n) for n in ("any", "bool", "int", "double", "number", "text", "null")
)


def list_of(item: Kind) -> Kind:
    return Kind("list", item=item)


def map_of(parts: Mapping[str, Kind]) -> Kind:
    return Kind("map", parts=parts)


@dataclass(frozen=True, slots=True)
class Inferred:
    """The kind of an expression's value, and what in it does not fit together."""

    kind: Kind
    problems: tuple[str, ...]


def infer(text: str, names: Mapping[str, Kind]) -> Inferred:
    """The kind of value of a text that compiles, over variables of known kinds. Never raises for such a text."""
    reader = _Reader(text, names)
    try:
        kind = reader.whole()
    except _UnreadableError:  # a corner of the language this reader does not know: no claim is made
        return Inferred(ANY, ())
    return Inferred(kind, tuple(dict.fromkeys(reader.problems)))


class _UnreadableError(Exception):
    pass


_METHODS = {
    "startsWith": BOOL, "endsWith": BOOL, "contains": BOOL, "matches": BOOL, "size": INT, "getFullYear": INT,
    "lowerAscii": TEXT, "upperAscii": TEXT, "trim": TEXT, "replace": TEXT, "substring": TEXT,
}  # fmt: skip
_FUNCTIONS = {
    "size": INT,
    "int": INT,
    "uint": INT,
    "double": DOUBLE,
    "string": TEXT,
    "bool": BOOL,
    "has": BOOL,
}
_WALKS = {"all": BOOL, "exists": BOOL, "exists_one": BOOL}


class _Reader:
    """Reads once from left to right by the precedence of CEL, keeping kinds instead of values."""

    def __init__(self, text: str, names: Mapping[str, Kind]) -> None:
        self.tokens = _split(text)
        self.at = 0
        self.scopes: list[Mapping[str, Kind]] = [names]
        self.problems: list[str] = []

    # Tokens ---------------------------------------------------------------------------------------------------

    @property
    def next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def sign(self, *signs: str) -> str:
        """Take one of these signs if it comes next."""
        if self.at < len(self.tokens) and self.tokens[self.at][0] != "text" and self.next in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def need(self, sign: str) -> None:
        if not self.sign(sign):
            raise _UnreadableError

    # Levels of precedence -------------------------------------------------------------------------------------

    def whole(self) -> Kind:
        kind = self.ternary()
        if self.at != len(self.tokens):
            raise _UnreadableError
        return kind

    def ternary(self) -> Kind:
        kind = self.either()
        if not self.sign("?"):
            return kind
        self._truth(kind, "?")
        yes = self.ternary()
        self.need(":")
        no = self.ternary()
        return _common(yes, no)

    def either(self) -> Kind:
        return self._logic("||", self.both)

    def both(self) -> Kind:
        return self._logic("&&", self.relation)

    def _logic(self, sign: str, level: Callable[[], Kind]) -> Kind:
        kind = level()
        while self.sign(sign):
            self._truth(kind, sign)
            self._truth(level(), sign)
            kind = BOOL
        return kind

    def relation(self) -> Kind:
        kind = self.sum()
        while sign := self.sign("==", "!=", "<", "<=", ">", ">=", "in"):
            right = self.sum()
            if sign == "in":
                self._member(kind, right)
            elif sign in ("==", "!="):
                self._equal(kind, right, sign)
            else:
                self._ordered(kind, right, sign)
            kind = BOOL
        return kind

    def sum(self) -> Kind:
        kind = self.product()
        while sign := self.sign("+", "-"):
            kind = self._arithmetic(kind, self.product(), sign)
        return kind

    def product(self) -> Kind:
        kind = self.unary()
        while sign := self.sign("*", "/", "%"):
            kind = self._arithmetic(kind, self.unary(), sign)
        return kind

    def unary(self) -> Kind:
        sign = self.sign("!", "-")
        if not sign:
            return self.member()
        kind = self.unary()
        if sign == "!":
            self._truth(kind, "!")
            return BOOL
        if kind.family not in ("number", "any"):
            self.problems.append(f"dấu “-” đứng trước {kind.words}")
        return kind

    def member(self) -> Kind:
        kind, path = self.primary()
        while True:
            if self.sign("."):
                name = self._name()
                if self.sign("("):
                    kind = self._method(kind, name)
                else:
                    kind = self._part(kind, name, f"{path}.{name}")
                path = f"{path}.{name}"
            elif self.sign("["):
                index = self.ternary()
                self.need("]")
                kind = self._index(kind, index)
            else:
                return kind

    def primary(self) -> tuple[Kind, str]:
        if self.sign("("):
            kind = self.ternary()
            self.need(")")
            return kind, ""
        if self.sign("["):
            return list_of(_all_common(self._items("]"))), ""
        if self.at >= len(self.tokens):
            raise _UnreadableError
        group, text = self.tokens[self.at]
        self.at += 1
        if group == "text":
            return Kind("text", frozenset({str(ast.literal_eval(text))})), text
        if group == "number":
            return (DOUBLE if "." in text or "e" in text.lower() else INT), text
        if group == "name":
            return self._named(text), text
        raise _UnreadableError

    # Names ----------------------------------------------------------------------------------------------------

    def _named(self, name: str) -> Kind:
        if name in ("true", "false"):
            return BOOL
        if name == "null":
            return NULL
        if self.sign("("):
            self._items(")")
            return _FUNCTIONS.get(name, ANY)
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        self.problems.append(f"không biết “{name}”")
        return ANY

    def _name(self) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != "name":
            raise _UnreadableError
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _items(self, end: str) -> list[Kind]:
        found: list[Kind] = []
        while not self.sign(end):
            found.append(self.ternary())
            if not self.sign(","):
                self.need(end)
                break
        return found

    def _part(self, kind: Kind, name: str, path: str) -> Kind:
        if kind.name == "any" or (kind.name == "map" and kind.parts is None):
            return ANY
        if kind.name == "map" and kind.parts is not None and name in kind.parts:
            return kind.parts[name]
        self.problems.append(f"không có “{path}”")
        return ANY

    def _index(self, kind: Kind, index: Kind) -> Kind:
        if kind.name == "list":
            if index.family not in ("number", "any"):
                self.problems.append("chỉ số của danh sách phải là số")
            return kind.item or ANY
        if kind.name not in ("any", "map"):
            self.problems.append(f"không lấy được phần tử của {kind.words}")
        return ANY

    def _method(self, kind: Kind, name: str) -> Kind:
        if name in _WALKS or name in ("map", "filter"):
            return self._walk(kind, name)
        self._items(")")
        if name in ("startsWith", "endsWith", "matches") and kind.name not in ("text", "any"):
            self.problems.append(f"“{name}” chỉ dùng được với chữ, không dùng được với {kind.words}")
        return _METHODS.get(name, ANY)

    def _walk(self, kind: Kind, name: str) -> Kind:
        if kind.name not in ("list", "any", "map"):
            self.problems.append(f"“{name}” chỉ dùng được với danh sách, không dùng được với {kind.words}")
        variable = self._name()
        self.need(",")
        self.scopes.append({variable: (kind.item if kind.name == "list" else None) or ANY})
        inner = self.ternary()
        self.scopes.pop()
        self.need(")")
        if name == "map":
            return list_of(inner)
        self._truth(inner, name)
        return kind if name == "filter" else BOOL

    # What fits what -------------------------------------------------------------------------------------------

    def _truth(self, kind: Kind, where: str) -> None:
        if kind.name not in ("bool", "any"):
            self.problems.append(f"ở “{where}” cần đúng/sai, đây là {kind.words}")

    def _equal(self, left: Kind, right: Kind, sign: str) -> None:
        free = {"any", "null"}
        if left.name in free or right.name in free:
            return
        if left.family != right.family:
            self.problems.append(f"so {left.words} với {right.words} (“{sign}”)")
        elif left.values is not None and right.values is not None and not left.values & right.values:
            self._outside(left.values, right.values)

    def _outside(self, left: frozenset[str], right: frozenset[str]) -> None:
        odd, known = (right, left) if len(right) == 1 else (left, right)
        listed = ", ".join(sorted(v for v in known if v)[:_SHOWN])
        self.problems.append(f"không bao giờ bằng “{', '.join(sorted(odd))}”; chỉ có thể là: {listed}")

    def _ordered(self, left: Kind, right: Kind, sign: str) -> None:
        kinds = {left.family, right.family}
        if "any" in kinds:
            kinds.discard("any")
        if not kinds <= {"number"} and not kinds <= {"text"}:
            self.problems.append(f"so {left.words} với {right.words} (“{sign}”)")

    def _member(self, item: Kind, whole: Kind) -> None:
        if whole.name not in ("list", "map", "any"):
            self.problems.append(f"“in” cần một danh sách, đây là {whole.words}")
        elif whole.name == "list" and whole.item is not None:
            self._equal(item, whole.item, "in")

    def _arithmetic(self, left: Kind, right: Kind, sign: str) -> Kind:
        if "any" in (left.name, right.name):
            return ANY
        if sign == "+" and left.name == right.name and left.name in ("text", "list"):
            return Kind(left.name, item=left.item)
        if left.family != "number" or right.family != "number":
            self.problems.append(f"không tính được {left.words} {sign} {right.words}")
            return ANY
        if {left.name, right.name} == {"int", "double"}:
            self.problems.append(f"số nguyên {sign} số thập phân: hãy viết double(...) cho số nguyên")
        return left if left.name != "number" else right


def _split(text: str) -> list[tuple[str, str]]:
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            return [("sign", "\0")]  # nothing this reader knows; it will say so
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found


def _common(a: Kind, b: Kind) -> Kind:
    if a.name == "null":
        return b
    if b.name == "null":
        return a
    if a.name == b.name:
        values = a.values | b.values if a.values is not None and b.values is not None else None
        return Kind(a.name, values, a.item if a.item == b.item else None, a.parts)
    return NUMBER if a.family == b.family == "number" else ANY


def _all_common(kinds: list[Kind]) -> Kind:
    if not kinds:
        return ANY
    whole = kinds[0]
    for kind in kinds[1:]:
        whole = _common(whole, kind)
    return whole
