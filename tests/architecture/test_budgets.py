"""Files stay under 400 lines and functions under 40; what does not stands in a list that may only shrink."""

from __future__ import annotations

import ast

from tests.architecture.sources import only_shrinks, sources

FILE_LINES = 400
FUNCTION_LINES = 40


def test_no_file_is_longer_than_the_budget() -> None:
    long = {s.name: lines for s in sources() if (lines := s.text.count("\n")) > FILE_LINES}
    assert only_shrinks("file_lines", long) == []


def test_no_function_is_longer_than_the_budget() -> None:
    long = {}
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    long[f"{source.name}:{node.name}"] = lines
    assert only_shrinks("function_lines", long) == []
