"""Reading `catalog/references/fees.yml` and `accounts.yml`: rates that resolutions set, accounts money goes to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

from tinhso.core.procedures.model import Definition
from tinhso.kit.yamlfile import Document, Fault, FaultsError, load, validate

FOREVER = "9999-12-31"


def read_rates(root: Path, definitions: Mapping[str, Definition] | None = None) -> list[dict[str, Any]]:
    """The rates, checked: `FaultsError` for two that hold for one fee, channel and day, or for a fee nobody has.

    Without `definitions` the fees' names are not looked at.
    """
    document = _checked(root, "fees")
    rows: list[dict[str, Any]] = document.data["rates"]
    faults = [*_overlaps(document, rows, ("province", "procedure", "fee", "channel"), "rates")]
    for n, row in enumerate(rows):
        found = (definitions or {}).get(row["procedure"])
        if definitions is not None and (found is None or row["fee"] not in {f.id for f in found.fees}):
            faults.append(
                document.fault(
                    ("rates", n, "fee"), f"Thủ tục {row['procedure']} không có khoản thu “{row['fee']}”."
                )
            )
    if faults:
        raise FaultsError(faults)
    return rows


def read_accounts(root: Path) -> list[dict[str, Any]]:
    """The accounts, checked: one for each unit, kind and day."""
    document = _checked(root, "accounts")
    rows: list[dict[str, Any]] = document.data["accounts"]
    faults = list(_overlaps(document, rows, ("unit", "kind"), "accounts"))
    if faults:
        raise FaultsError(faults)
    return rows


def _checked(root: Path, name: str) -> Document:
    document = load(root / "references" / f"{name}.yml", root)
    faults = validate(document, json.loads((root / "schema" / f"{name}.schema.json").read_text()))
    if faults:
        raise FaultsError(faults)
    return document


def _overlaps(
    document: Document, rows: Sequence[Mapping[str, Any]], key: tuple[str, ...], part: str
) -> Iterator[Fault]:
    groups: dict[tuple[str, ...], list[int]] = {}
    for n, row in enumerate(rows):
        groups.setdefault(tuple(row.get(name, "") for name in key), []).append(n)
        if (row["valid"][1] or FOREVER) <= row["valid"][0]:
            yield document.fault((part, n, "valid"), "Ngày kết thúc phải sau ngày bắt đầu.")
    for group in groups.values():
        for one, other in combinations(group, 2):
            a, b = rows[one]["valid"], rows[other]["valid"]
            if a[0] < (b[1] or FOREVER) and b[0] < (a[1] or FOREVER):
                yield document.fault(
                    (part, other, "valid"), "Khoảng ngày trùng với một dòng khác cùng đối tượng."
                )
