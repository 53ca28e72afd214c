"""Territories: names, levels, and the commune picker's search."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tinhso.core.orgs.errors import UnknownTerritory
from tinhso.core.orgs.models import Territory
from tinhso.core.orgs.queries.directory import directory
from tinhso.core.orgs.rules import full_name
from tinhso.kit.text import fold

_KIND_OF_PLACE = re.compile(r"^(phuong|xa|thi tran|thi xa|thanh pho|huyen|tinh) ")


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as a picker shows it."""

    code: str
    name: str
    full_name: str


def territory(code: str) -> Territory:
    """The territory with that official code, its `parent` at hand. `UnknownTerritory` when none."""
    try:
        return directory().territories[code]
    except KeyError:
        raise UnknownTerritory(code) from None


def territory_name(code: str) -> str:
    """The name with its kind, "Phường I"; the code itself when unknown, so that a page can always show something."""
    found = directory().territories.get(code)
    return found.name if found else code


def full_territory_name(code: str) -> str:
    """ "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang"; the code itself when unknown."""
    known = directory()
    if code not in known.full_names:
        names, row = [], known.territories.get(code)
        while row is not None:
            names.append(row.name)
            row = row.parent
        if not names:
            return code
        known.full_names[code] = full_name(names)
    return known.full_names[code]


def territory_at_level(code: str, level: str) -> Territory | None:
    """The territory itself or the one above it at `level`; None when the code is unknown or lies higher."""
    row = directory().territories.get(code)
    while row is not None and row.level != level:
        row = row.parent
    return row


def find_communes(text: str, limit: int = 20) -> list[Place]:
    """Communes whose full name holds the words, marks optional; those whose own name begins so come first.

    "vi thanh" gives Xã Vị Thanh before the communes of Thành phố Vị Thanh.
    """
    wanted = fold(text).strip()
    words = wanted.split()
    ranked = []
    for code, own in directory().folded_territories.items():
        row = directory().territories[code]
        if row.level != "commune":
            continue
        line = fold(full_territory_name(code))
        if not all(f" {word}" in f" {line}" for word in words):
            continue
        bare = _KIND_OF_PLACE.sub("", own)
        rank = 0 if wanted in (own, bare) else 1 if own.startswith(wanted) or bare.startswith(wanted) else 2
        ranked.append((rank if words else 2, code, row.name))
    return [Place(code, name, full_territory_name(code)) for _, code, name in sorted(ranked)[:limit]]


def communes_of(code: str) -> list[Territory]:
    """The communes in a district or province, by code."""
    return [t for t in directory().territories.values() if t.level == "commune" and _lies_in(t, code)]


def _lies_in(row: Territory | None, code: str) -> bool:
    while row is not None:
        if row.code == code:
            return True
        row = row.parent
    return False
