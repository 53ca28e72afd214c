"""Conditions in definitions: CEL, the small standard expression language, compiled once and checked.

There is no `eval`: CEL has no loops, no assignments and no calls out of the values it is given. What its
walks over lists could still cost is bounded before they run, and a text too long or too deep for the
library's own stack is refused before it is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cel

from tinhso.kit.errors import Refusal

LONGEST = 2_000
DEEPEST = 60
#: The longest lists that may be walked, and how many items walks inside walks may look at in one evaluation.
#: Measured: the library copies a list for every item it adds, so that 30,000 items took minutes.
MOST_ITEMS = 500
MOST_LOOKED_AT = 10_000
_WALKS = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(")
_PATH = re.compile(r"(?<![\w.'\"])([a-z_]\w*(?:\.[a-z_]\w*)+|[a-z_]\w*)")
_STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_WORDS = {
    "true",
    "false",
    "null",
    "in",
    "has",
    "size",
    "int",
    "double",
    "string",
    "bool",
    "exists",
    "all",
    "filter",
}


class ExpressionError(Refusal, ValueError):
    """An expression that does not compile, names something unknown, or fails on the given values.

    It is a refusal too: whoever meets it in an act or on a page reads a sentence and nothing has changed.
    """

    status = 422

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(
            "bad_expression",
            f"Một quy định của thủ tục không tính được với thông tin trong hồ sơ: {text[:120]} ({reason[:200]}). "
            "Chưa có gì thay đổi; hãy báo người quản lý thủ tục.",
        )
        self.text, self.reason = text, reason

    def __str__(self) -> str:
        return f"biểu thức {self.text!r}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition. `names` are the dotted paths it reads, such as `form.child_birth`."""

    text: str
    names: frozenset[str]
    program: Any = field(compare=False, repr=False)
    walks: int = 0

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The value over plain Python data; `ExpressionError` when it fails (a missing answer, a division by zero)
        or would look at too many items."""
        needed = _needed(self.names, values)
        if self.walks:
            items = _items(needed) + self.text.count(",") + 1
            if items > MOST_ITEMS or items**self.walks > MOST_LOOKED_AT:
                raise ExpressionError(self.text, f"phải xét quá nhiều mục ({items})")
        try:
            return self.program.execute(needed)
        except ZeroDivisionError as error:
            raise ExpressionError(self.text, "chia cho 0") from error
        except Exception as error:  # the library raises many builtin types
            raise ExpressionError(self.text, str(error)) from error

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether a condition is true; anything but a truth value is an error."""
        value = self.evaluate(values)
        if not isinstance(value, bool):
            raise ExpressionError(self.text, f"phải cho kết quả đúng/sai, đã cho {value!r}")
        return value


@lru_cache(maxsize=4096)
def compile(text: str, roots: frozenset[str] = frozenset()) -> Expression:
    """Compile once; with `roots`, every variable must start with one of them (`form`, `applicant`, ...)."""
    if len(text) > LONGEST or _depth(text) > DEEPEST:
        raise ExpressionError(text, f"dài quá {LONGEST} chữ hoặc lồng quá {DEEPEST} cấp")
    try:
        program = cel.compile(text)
    except Exception as error:
        raise ExpressionError(text, str(error).splitlines()[0]) from error
    names = _names(text)
    unknown = {n for n in names if n.split(".")[0] not in roots} if roots else set()
    if unknown:
        raise ExpressionError(
            text, f"không biết {', '.join(sorted(unknown))}; được dùng: {', '.join(sorted(roots))}"
        )
    return Expression(text, names, program, len(_WALKS.findall(_STRINGS.sub(" ", text))))


def _depth(text: str) -> int:
    """How deep brackets and runs of signs nest: the library recurses on both."""
    deepest = depth = run = 0
    for letter in _STRINGS.sub(" ", text):
        if letter in "([{?":
            depth += 1
        elif letter in ")]}":
            depth -= 1
        run = run + 1 if letter in "!-" else run if letter.isspace() else 0
        deepest = max(deepest, depth, run)
    return deepest


def _items(value: Any) -> int:
    """How many items the lists in a value hold, those inside one another too."""
    if isinstance(value, Mapping):
        return sum(map(_items, value.values()))
    if isinstance(value, list | tuple):
        return len(value) + sum(map(_items, value))
    return 0


def _needed(names: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Only what an expression reads: handing over a whole form costs more than evaluating the expression."""
    needed: dict[str, Any] = {}
    for name in names:
        root, _, rest = name.partition(".")
        if root not in values:
            continue
        whole = values[root]
        first = rest.partition(".")[0]
        if not first or not isinstance(whole, Mapping):
            needed[root] = whole
            continue
        part = needed.setdefault(root, {})
        if part is not whole and first in whole:
            part[first] = whole[first]
    return needed


def _names(text: str) -> frozenset[str]:
    """Dotted paths read by an expression: identifiers outside strings that are not CEL's own words or calls."""
    bare = _STRINGS.sub(" ", text)
    found = set()
    for match in _PATH.finditer(bare):
        path = match.group(1)
        if bare[match.end() :].lstrip().startswith("("):
            path = path.rpartition(".")[0]
        if path and path.split(".")[0] not in _WORDS:
            found.add(path)
    return frozenset(found)
