"""What tests of definitions are made of: the real catalogue, its birth procedure, that procedure with other fees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tinhso.core.forms.texts import Text
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.model import Definition, FeeRule
from tinhso.core.procedures.roles import roles_of
from tinhso.kit.yamlfile import load

CATALOG = Path(__file__).resolve().parents[5] / "catalog"
ROLES = roles_of(CATALOG)
BIRTH = CATALOG / "procedures/civil_status/1.001193"
FOLDERS = [f for f in Catalog(CATALOG, ROLES).folders() if (f / "procedure.yml").exists()]


@cache
def definition(code: str = "1.001193") -> Definition:
    """A real procedure of the catalogue."""
    folder = next((CATALOG / "procedures").glob(f"*/{code}"))
    found = Catalog(CATALOG, ROLES).read(folder).definition
    assert found is not None
    return found


@cache
def example(name: str = "01", code: str = "1.001193") -> dict[str, Any]:
    """The answers of one of its examples."""
    folder = next((CATALOG / "procedures").glob(f"*/{code}"))
    path = sorted((folder / "examples").glob(f"{name}*.yml"))[0]
    return dict(load(path, CATALOG).data["form"])


#: A day on which a resolution on fees comes into force.
DAY = date(2026, 8, 8)


def charged(*fees: FeeRule) -> Definition:
    """The birth procedure with other fees."""
    return replace(definition(), fees=fees)


def fixed(name: str, amount: int, kind: str = "le_phi", **more: Any) -> FeeRule:
    """A fee of one amount for every channel."""
    return FeeRule(
        name, Text(name), kind, dict.fromkeys(("online", "counter", "post"), Decimal(amount)), **more
    )


TWO = (fixed("one", 8000), fixed("two", 5000, "phi"))
