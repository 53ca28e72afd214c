"""Reference data of the catalogue (`catalog/references/*.yml`), checked against its schema when read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tinhso.kit.yamlfile import Document, FaultsError, load, validate


def reference(name: str, schema: str | None = None) -> Document:
    """`catalog/references/<name>.yml`, valid under `catalog/schema/<schema or name>.schema.json`. Raises `FaultsError`."""
    return _read(Path(settings.CATALOG), name, schema or name)


@lru_cache(maxsize=32)
def _read(catalog: Path, name: str, schema: str) -> Document:
    document = load(catalog / "references" / f"{name}.yml", catalog)
    faults = validate(
        document, json.loads((catalog / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    )
    if faults:
        raise FaultsError(faults)
    return document


@dataclass(frozen=True, slots=True)
class Agency:
    """A field of government a unit serves. `served_by`: who does it where no unit of its own exists, in order."""

    id: str
    name: str
    name_en: str
    served_by: tuple[str, ...]


def agencies() -> dict[str, Agency]:
    """All agencies by id."""
    return _agencies(Path(settings.CATALOG))


@lru_cache(maxsize=8)
def _agencies(catalog: Path) -> dict[str, Agency]:
    rows = reference("agencies").data["agencies"]
    return {
        row["id"]: Agency(row["id"], row["name"]["vi"], row["name"]["en"], tuple(row.get("served_by", ())))
        for row in rows
    }
