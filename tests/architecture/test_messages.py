"""Events of yesterday are read by the code of today: a stored example of each stands in `tests/messages/`.

An example is never changed; when a class grows a field with a default, a further example is added beside.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import pkgutil
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

import tinhso.contracts
from tinhso.core.events.outbox import HANDLERS

EXAMPLES = Path(__file__).parents[1] / "messages"


def _contracts() -> dict[str, type]:
    found = {}
    for module in pkgutil.walk_packages(tinhso.contracts.__path__, "tinhso.contracts."):
        for name, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name and dataclasses.is_dataclass(kind):
                assert name not in found, f"two contracts are called {name}"
                found[name] = kind
    return found


CONTRACTS = _contracts()
FILES = sorted(EXAMPLES.glob("*.json"))


def test_every_contract_has_a_stored_example() -> None:
    assert set(CONTRACTS) - {path.name.split(".")[0] for path in FILES} == set()


def test_every_example_belongs_to_a_contract() -> None:
    assert {path.name.split(".")[0] for path in FILES} - set(CONTRACTS) == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_todays_code_reads_it(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    read = msgspec.convert(stored, CONTRACTS[path.name.split(".")[0]])
    again = msgspec.to_builtins(read)
    assert {key: again[key] for key in stored} == stored


@pytest.mark.parametrize("kind", CONTRACTS.values(), ids=CONTRACTS)
def test_contracts_are_frozen(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_every_handler_handles_a_contract() -> None:
    strangers = [h.name for h in HANDLERS if CONTRACTS.get(h.event_type.__name__) is not h.event_type]
    assert strangers == []
