"""The index of the law's scenarios names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INDEX = (ROOT / "docs/concepts/scenarios.md").read_text()
NAMED = re.findall(r"`([\w/]+\.py)::(\w+)`", INDEX)


def test_every_scenario_stands_in_the_index() -> None:
    assert re.findall(r"^\| (\d+) \|", INDEX, re.MULTILINE) == [str(n) for n in range(1, 17)]


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_a_named_test_exists(file: str, name: str) -> None:
    text = (ROOT / "src/tinhso" / file).read_text()
    assert f"def {name}(" in text
