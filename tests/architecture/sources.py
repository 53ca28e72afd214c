"""The project's own Python files, read once, and the list of exceptions."""

from __future__ import annotations

import ast
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One file: `name` from the root, its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        return Path(self.name).parts

    @property
    def is_test(self) -> bool:
        return "tests" in self.parts or "testing" in self.parts


@cache
def sources() -> tuple[Source, ...]:
    """Everything under `src` and `tests`, migrations left out: they are written by Django and never change."""
    found = []
    for folder in ("src", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                text = path.read_text(encoding="utf-8")
                found.append(Source(str(path.relative_to(ROOT)), text, ast.parse(text)))
    return tuple(found)


@cache
def exceptions() -> dict[str, dict[str, int]]:
    """The list of what still breaks a budget."""
    return tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))


def only_shrinks(kind: str, found: dict[str, int]) -> list[str]:
    """What is wrong with `found` (what breaks the budget, with its measure) against the list: sentences."""
    allowed = exceptions().get(kind, {})
    wrong = [f"{name}: {value}" for name, value in found.items() if name not in allowed]
    wrong += [
        f"{name}: grew from {allowed[name]} to {value}"
        for name, value in found.items()
        if value > allowed.get(name, value)
    ]
    wrong += [
        f"{name}: no longer needed in exceptions.toml [{kind}]" for name in allowed if name not in found
    ]
    return wrong
