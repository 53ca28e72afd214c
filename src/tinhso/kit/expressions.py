"""Conditions in definitions: CEL, the small standard expression language, compiled once and checked.

There is no `eval`: CEL has no loops, no assignments and no calls out of the values it is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import cel

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


class ExpressionError(ValueError):
    """An expression that does not compile, names something unknown, or fails on the given values."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"biểu thức {text!r}: {reason}")
        self.text, self.reason = text, reason


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition. `names` are the dotted paths it reads, such as `form.child_birth`."""

    text: str
    names: frozenset[str]
    program: Any = field(compare=False, repr=False)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """The value over plain Python data; `ExpressionError` when it fails (a missing answer, a division by zero)."""
        try:
            return self.program.execute(_needed(self.names, values))
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
    return Expression(text, names, program)


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
