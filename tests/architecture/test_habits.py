"""Habits that reviews forget: views do not touch rows, tests neither sleep nor mock, modules say what they are for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import Source, only_shrinks, sources

SLEEPS = re.compile(r"\btime\.sleep\(|\basyncio\.sleep\((?!0\))|from time import sleep")
MOCKS = re.compile(r"unittest\.mock|from unittest import mock|\bmocker\b|MagicMock")
LEFT_OVER = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")


def _is_view(source: Source) -> bool:
    """Views and API functions of rooms; the room `core/api` is the API's frame, not a caller of it."""
    inside = source.parts[3:-1] if source.parts[:3] == ("src", "tinhso", "core") else source.parts[2:-1]
    named = Path(source.name).name in ("views.py", "api.py")
    return (
        not source.is_test and "queries" not in inside and (named or "views" in inside or "api" in inside[1:])
    )


def test_views_read_through_queries_and_write_through_actions() -> None:
    raw = {
        source.name: count
        for source in sources()
        if _is_view(source)
        and (
            count := sum(isinstance(n, ast.Attribute) and n.attr == "objects" for n in ast.walk(source.tree))
        )
    }
    assert only_shrinks("objects_in_views", raw) == []


@pytest.mark.parametrize(("pattern", "what"), [(SLEEPS, "sleeps"), (MOCKS, "mocks")])
def test_tests_do_not(pattern: re.Pattern[str], what: str) -> None:
    tests = [s for s in sources() if s.is_test and not s.name.startswith("tests/architecture/")]
    assert tests
    assert [s.name for s in tests if pattern.search(s.text)] == [], what


def test_nothing_is_left_for_later() -> None:
    assert [
        s.name for s in sources() if not s.name.startswith("tests/architecture/") and LEFT_OVER.search(s.text)
    ] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        s.name
        for s in sources()
        if not s.is_test
        and len(s.tree.body) > 1
        and Path(s.name).name not in ("apps.py", "urls.py", "__init__.py", "formats.py")
        and not ast.get_docstring(s.tree)
    ]
    assert silent == []
