"""Finding units: by code, by competence, by name, and as they were on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tinhso.core.orgs.errors import NoCompetentUnit, UnknownUnit
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.orgs.queries.directory import Directory, directory
from tinhso.core.orgs.queries.territories import full_territory_name, territory_at_level
from tinhso.core.orgs.references import agencies
from tinhso.kit.text import fold

WHOLE = "people_committee"
_GOVERNS = {"commune": UnitKind.COMMUNE, "district": UnitKind.DISTRICT, "province": UnitKind.PROVINCE}


@dataclass(frozen=True, slots=True)
class UnitOnDay:
    """A unit as papers of that day name it."""

    unit_id: UUID
    code: str
    name: str
    parent_id: UUID | None
    parent_name: str


def unit(unit_id: UUID) -> Unit:
    """The unit with that id, its `parent` and `territory` at hand. `UnknownUnit` when there is none."""
    try:
        return directory().units[unit_id]
    except KeyError:
        raise UnknownUnit(str(unit_id)) from None


def unit_by_code(code: str, on: date | None = None) -> Unit:
    """The unit that carries the official code today, or carried it on a day (or ever). `UnknownUnit` when none.

    A case code of before a reorganisation thus still leads to the office.
    """
    known = directory()
    if on is None and code in known.by_code:
        return known.by_code[code]
    carried = known.old_codes.get(code, [])
    if on is not None:
        carried = [p for p in carried if p.holds_on(on)]
    if not carried:
        raise UnknownUnit(code)
    return known.units[carried[-1].unit_id]


def unit_by_path(path: str) -> Unit:
    """The unit with that path. `UnknownUnit` when none."""
    try:
        return directory().by_path[path]
    except KeyError:
        raise UnknownUnit(path) from None


def competent_unit(level: str, agency: str | None, territory_code: str | None, on: date) -> Unit:
    """The unit of `level` (commune, district, province) and `agency` that serves a territory on a day.

    Without agency (or with `people_committee`) the People's Committee of the territory. An agency the
    level has no unit for falls to the units its entry in `references/agencies.yml` names, then, in
    a commune, to the People's Committee, which does everything there. Without territory, a province-level
    question means the whole province. `NoCompetentUnit` when nobody serves it.
    """
    known = directory()
    place = territory_code or (settings.PROVINCE_CODE if level == "province" else "")
    ended = known.level_ends.get(level)
    level = ended[1] if ended and ended[0] <= on else level
    territory = territory_at_level(place, level, on)
    if territory is not None:
        committee = _in_force(known, _committees(known, territory.id, level, on), on)
        for wanted in _agencies_to_try(agency, level):
            if wanted == WHOLE:
                if committee is not None:
                    return committee
            elif committee is not None and (found := _serving(known, committee, wanted, on)):
                return found
    raise NoCompetentUnit(level, agency or WHOLE, full_territory_name(place) if place else place, on)


def _agencies_to_try(agency: str | None, level: str) -> list[str]:
    if not agency or agency == WHOLE:
        return [WHOLE]
    others = agencies()[agency].served_by if agency in agencies() else ()
    return [agency, *others, *([WHOLE] if level == "commune" else [])]


def _committees(known: Directory, territory_id: UUID, level: str, on: date) -> list[Unit]:
    """The governments of a territory: those of the day first, then those that once were."""
    found = [u for u in known.of_territory.get(territory_id, ()) if u.kind == _GOVERNS.get(level)]
    return [
        u for u in found if (p := known.period_on(u.id, on)) is None or p.territory_id in (None, territory_id)
    ]


def _serving(known: Directory, committee: Unit, agency: str, on: date) -> Unit | None:
    """The unit of an agency that stands directly under a People's Committee on the day, or continues one that did."""
    candidates = [u for u in known.of_agency.get(agency, ()) if _ever_under(known, u, committee.id)]
    for unit in candidates:
        period = known.period_on(unit.id, on)
        if period is not None and period.parent_id == committee.id:
            return unit
    return _in_force(known, [u for u in candidates if known.period_on(u.id, on) is None], on)


def _ever_under(known: Directory, unit: Unit, parent_id: UUID) -> bool:
    return any(period.parent_id == parent_id for period in known.periods.get(unit.id, ()))


def _in_force(known: Directory, candidates: Iterable[Unit], on: date) -> Unit | None:
    """The first candidate in force on the day, else the one that continues a closed candidate by then."""
    todo, seen = list(candidates), set()
    for candidate in todo:  # grows while successors are followed
        if candidate.id in seen:
            continue
        seen.add(candidate.id)
        if known.period_on(candidate.id, on):
            return candidate
        todo += [known.units[new] for start, new in known.successors.get(candidate.id, ()) if start <= on]
    return None


def one_stop_of(unit_id: UUID, on: date | None = None) -> Unit:
    """The one-stop centre that receives for a unit on a day (today): its own, else that of the nearest unit above.

    `UnknownUnit` when there is none up to the province.
    """
    known, day = directory(), on or timezone.localdate()
    centres = {known.periods_parent(u.id, day): u for u in reversed(centres_on(day))}
    above: UUID | None = unit(unit_id).id
    while above is not None:
        here = known.units[above]
        if here.kind == UnitKind.CENTRE and known.period_on(above, day):
            return here
        if above in centres:
            return centres[above]
        above = known.periods_parent(above, day)
    raise UnknownUnit(unit(unit_id).code)


def centres_on(on: date) -> list[Unit]:
    """Every one-stop centre in force on a day, in the order of the tree; a case may be filed at any of them
    (118/2025/NĐ-CP: regardless of administrative boundaries)."""
    known = directory()
    return [u for u in known.centres if known.period_on(u.id, on)]


def continued_by(unit_id: UUID) -> list[Unit]:
    """The unit itself and every unit it continues, directly or through others, nearest first: whose cases and
    figures are its own after a merger."""
    known = directory()
    found: dict[UUID, Unit] = {}
    todo = [unit_id]
    while todo:
        here = todo.pop(0)
        if here in known.units and here not in found:
            found[here] = known.units[here]
            todo += known.continues.get(here, ())
    return list(found.values())


def days_of_change() -> list[date]:
    """Every date on which a unit or territory begins, ends or changes, in order."""
    return directory().days_of_change


def reception_units(territory_code: str | None, on: date | None = None) -> list[Unit]:
    """The one-stop centres somebody living in a territory would go to, nearest first.

    A case may be filed at any centre of the province (118/2025/NĐ-CP); these are the ones proposed.
    """
    day, found = on or timezone.localdate(), []
    for level in ("commune", "district", "province"):
        try:
            committee = competent_unit(level, None, territory_code, day)
        except NoCompetentUnit:
            continue
        own = directory().children.get(committee.id, ())
        found += [u for u in own if u.kind == UnitKind.CENTRE and u.active]
    return found


def find_units(
    text: str, *, kind: str = "", agency: str = "", limit: int = 20, active: bool = True
) -> list[Unit]:
    """Units whose name or code holds the words, marks optional; best first. Empty text lists all, by path."""
    words = fold(text).split()
    ranked = []
    for candidate in directory().units.values():
        if (kind and candidate.kind != kind) or (agency and candidate.agency != agency):
            continue
        if active and not candidate.active:
            continue
        name = fold(f"{candidate.name} {candidate.short_name} {candidate.code}")
        if all(word in name for word in words):
            ranked.append(
                (not name.startswith(fold(text)), candidate.path.count("."), candidate.path, candidate)
            )
    return [row[-1] for row in sorted(ranked, key=lambda row: row[:3])[:limit]]


def unit_as_of(unit_id: UUID, on: date) -> UnitOnDay:
    """The unit's code, name and parent valid on a day; before its first day the first known, after its last the last."""
    known, row = directory(), unit(unit_id)
    periods = known.periods.get(unit_id, [])
    period = known.period_on(unit_id, on) or (
        periods[0] if periods and _before(periods[0].first, on) else None
    )
    period = period or (periods[-1] if periods else None)
    parent_id = period.parent_id if period else row.parent_id
    parent_name = unit_as_of(parent_id, on).name if parent_id else ""
    if period is None:
        return UnitOnDay(unit_id, row.code, row.name, parent_id, parent_name)
    return UnitOnDay(unit_id, period.code, period.name, parent_id, parent_name)


def _before(first: date | None, on: date) -> bool:
    return first is not None and on < first


def children_of(unit_id: UUID | None) -> list[Unit]:
    """The units directly under a unit, closed ones too; `None` gives the roots."""
    return list(directory().children.get(unit_id, ()))


def with_below(unit: Unit) -> list[Unit]:
    """The unit and everything under it now, in the order of the tree."""
    return [
        u for u in directory().units.values() if u.path == unit.path or u.path.startswith(unit.path + ".")
    ]


def successors_of(unit_id: UUID) -> list[Unit]:
    """The units that continue a closed one, oldest first."""
    known = directory()
    return [known.units[new] for _, new in known.successors.get(unit_id, ())]
