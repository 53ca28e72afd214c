"""Territories: names, levels, and the commune picker's search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from tinhso.core.orgs.errors import DividedTerritory, UnknownTerritory
from tinhso.core.orgs.models import Territory
from tinhso.core.orgs.queries.directory import Directory, directory
from tinhso.core.orgs.rules import PlacePeriod, full_name
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


def territory_name(code: str, on: date | None = None) -> str:
    """The name with its kind, "Phường I", on a day (today); the code itself when unknown, so that a page can always
    show something."""
    known = directory()
    found = known.territories.get(code)
    if found is None:
        return code
    period = known.place_on(found.id, on) if on else None
    return period.name if period else found.name


def full_territory_name(code: str, on: date | None = None) -> str:
    """ "Phường I, thành phố Vị Thanh, tỉnh Hậu Giang" on a day (today); the code itself when unknown.

    A territory that was no more on that day is named as it last was.
    """
    known, day = directory(), on or timezone.localdate()
    key = f"{code} {day}"
    if key not in known.full_names:
        row = known.territories.get(code)
        names = _names_up(known, row, day) if row else []
        if not names:
            return code
        known.full_names[key] = full_name(names)
    return known.full_names[key]


def _names_up(known: Directory, row: Territory, on: date) -> list[str]:
    names: list[str] = []
    here: Territory | None = row
    while here is not None:
        period = _period_or_last(known, here, on)
        names.append(period.name)
        here = known.territories_by_id.get(period.parent_id) if period.parent_id else None
    return names


def _period_or_last(known: Directory, row: Territory, on: date) -> PlacePeriod:
    rows = known.place_periods.get(row.id)
    if not rows:
        return PlacePeriod(row.valid_from, row.valid_to, row.name, row.level, row.parent_id)
    return known.place_on(row.id, on) or rows[-1]


def is_in_force(row: Territory, on: date) -> bool:
    """Whether a territory exists on a day."""
    return directory().place_on(row.id, on) is not None


def places_on(code: str, on: date) -> list[Territory]:
    """What a territory is on a day: itself, or the territories it went into by then (several when it was divided).

    Empty when the code is unknown. A code that goes on under another name is itself.
    """
    known = directory()
    first = known.territories.get(code)
    found: list[Territory] = []
    todo, seen = [first] if first else [], set[UUID]()
    while todo:
        here = todo.pop(0)
        if here.id in seen:
            continue
        seen.add(here.id)
        followed = [new for start, new, _ in known.went_into.get(here.id, ()) if start <= on]
        if followed:
            todo += [known.territories_by_id[new] for new in followed if new != here.id]
            found += [here] if here.id in followed else []
        else:
            found.append(here)
    return found


def territory_at_level(code: str, level: str, on: date | None = None) -> Territory | None:
    """The territory itself or the one above it at `level` on a day (today); None when the code is unknown or lies
    higher. A territory that went whole into another is that one; `DividedTerritory` when it was divided since."""
    day = on or timezone.localdate()
    known, places = directory(), places_on(code, day)
    if len(places) > 1:
        raise DividedTerritory(territory_name(code, day), [p.name for p in places], day)
    row = places[0] if places else None
    while row is not None:
        period = _period_or_last(known, row, day)
        if period.level == level:
            return row
        row = known.territories_by_id.get(period.parent_id) if period.parent_id else None
    return None


def find_communes(text: str, limit: int = 20) -> list[Place]:
    """Communes whose full name holds the words, marks optional; those whose own name begins so come first.

    "vi thanh" gives Xã Vị Thanh before the communes of Thành phố Vị Thanh.
    """
    wanted = fold(text).strip()
    words = wanted.split()
    ranked = []
    known, today = directory(), timezone.localdate()
    for code, own in known.folded_territories.items():
        row = known.territories[code]
        if row.level != "commune" or known.place_on(row.id, today) is None:
            continue
        line = fold(full_territory_name(code))
        if not all(f" {word}" in f" {line}" for word in words):
            continue
        bare = _KIND_OF_PLACE.sub("", own)
        rank = 0 if wanted in (own, bare) else 1 if own.startswith(wanted) or bare.startswith(wanted) else 2
        ranked.append((rank if words else 2, code, row.name))
    return [Place(code, name, full_territory_name(code)) for _, code, name in sorted(ranked)[:limit]]


def communes_of(code: str, on: date | None = None) -> list[Territory]:
    """The communes in a district or province on a day (today), by code."""
    known, day = directory(), on or timezone.localdate()
    above = {t.id for t in places_on(code, day)}
    return [t for t in known.territories.values() if t.level == "commune" and _lies_in(known, t, above, day)]


def _lies_in(known: Directory, row: Territory | None, above: set[UUID], on: date) -> bool:
    while row is not None:
        period = known.place_on(row.id, on)
        if period is None or row.id in above:
            return period is not None
        row = known.territories_by_id.get(period.parent_id) if period.parent_id else None
    return False
