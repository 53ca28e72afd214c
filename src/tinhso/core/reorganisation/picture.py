"""Before and after: what a plan makes of the units and territories of a province, worked out without touching them.

Pure. `outline.after(plan, before)` makes the picture; it answers where the work of a unit that is no more goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tinhso.core.reorganisation.plan import Rule

GOVERNS = {"commune": "commune", "district": "district", "province": "province"}
GOVERNMENTS = frozenset(GOVERNS.values())
CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit in force, by codes. `old` is the code it had before the day ("" for one that begins on it)."""

    code: str
    name: str
    kind: str
    agency: str
    under: str
    territory: str
    old: str = ""
    continues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceNow:
    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class Before:
    """The province as it is before the day. `used` are all codes units have or had."""

    units: dict[str, UnitNow]
    places: dict[str, PlaceNow]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class Whole:
    """All of it goes to one unit."""

    to: str


@dataclass(frozen=True, slots=True)
class ByPlace:
    """Each piece goes where its territory belongs, at a level."""

    level: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class ByRules:
    """Each piece goes by the first rule that fits."""

    rules: tuple[Rule, ...]
    otherwise: str


Way = Whole | ByPlace | ByRules


@dataclass(frozen=True, slots=True)
class PlanFault:
    """Something a plan gets wrong: where in it (`units[3].from`) and what to do."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of work that has to go somewhere: its territory (official code, "" when none), procedure, code."""

    place: str = ""
    procedure: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Somebody has to say where a piece goes: `no_place`, `divided`, `nobody` or `no_rule`; `choices` are unit codes."""

    why: str
    choices: tuple[str, ...] = ()


@dataclass
class Picture:
    """The province after a plan, and the ways from before; `faults` empty when the plan can be done."""

    before: Before
    units: dict[str, UnitNow]
    places: dict[str, PlaceNow]
    ways: dict[str, Way] = field(default_factory=dict)
    goes: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)
    ended_levels: dict[str, str] = field(default_factory=dict)
    ended_places: set[str] = field(default_factory=set)
    faults: list[PlanFault] = field(default_factory=list)

    def fault(self, path: str, message: str) -> None:
        self.faults.append(PlanFault(path, message))

    # What a plan leaves ------------------------------------------------------------------------------------------

    def parts(self, code: str) -> list[UnitNow]:
        """The units directly under one, after the plan."""
        return [u for u in self.units.values() if u.under == code]

    def founded(self) -> list[UnitNow]:
        """The units that begin on the day, those above first."""
        return list(self._from_the_top(u for u in self.units.values() if not u.old))

    def changed(self) -> list[tuple[UnitNow, UnitNow]]:
        """(before, after) of the units that go on otherwise than they were."""
        pairs = [(self.before.units[u.old], u) for u in self.units.values() if u.old]
        return [(a, b) for a, b in pairs if _shown(a) != _shown(b)]

    def _from_the_top(self, units: Iterable[UnitNow]) -> Iterator[UnitNow]:
        left = {u.code: u for u in units}
        while left:
            ready = [u for u in left.values() if u.under not in left]
            yield from ready or left.values()
            for unit in ready or list(left.values()):
                del left[unit.code]

    # Where things go ---------------------------------------------------------------------------------------------

    def destination(self, old: str, piece: Piece) -> str | Undecided:
        """The code of the unit that does a piece of work of the unit `old` after the day."""
        way = self.ways.get(old)
        if way is None:
            going_on = next((u.code for u in self.units.values() if u.old == old), "")
            return going_on or Undecided("nobody")
        if isinstance(way, Whole):
            return way.to
        if isinstance(way, ByRules):
            return self._by_rules(old, way, piece)
        return self._by_place(old, way, piece)

    def place_after(self, code: str) -> str | Undecided:
        """The territory an old code belongs to after the day."""
        into = self.goes.get(code)
        if not into:
            known = code in self.places and code not in self.ended_places
            return code if known else Undecided("no_place")
        if len(into) > 1 or not into[0][1]:
            return Undecided("divided", tuple(new for new, _ in into))
        return into[0][0]

    def takers(self, old: str) -> set[str]:
        """Every unit that may do work of one that ends: what continues it."""
        way = self.ways[old]
        if isinstance(way, Whole):
            return {way.to}
        if isinstance(way, ByRules):
            return {self.like(old, c) for c in (*(r.unit for r in way.rules), way.otherwise) if c}
        found = {self.like(old, g) for g in self._governments(way.level, self._new_places(old))}
        return found | ({self.like(old, way.otherwise)} if way.otherwise else set())

    def _new_places(self, old: str) -> set[str]:
        """The territories that were in the one the unit served."""
        home = self.territory_of(old)
        inside = [code for code in self.before.places if self.lies_in(code, home)]
        return {new for code in inside for new in ([n for n, _ in self.goes.get(code, [])] or [code])}

    def territory_of(self, old: str) -> str:
        """The territory a unit serves: its own, else that of the nearest unit above."""
        here = self.before.units.get(old)
        while here is not None and not here.territory:
            here = self.before.units.get(here.under)
        return here.territory if here else ""

    def lies_in(self, code: str, home: str) -> bool:
        """Whether a territory lay in another (or is it) before the day."""
        here = self.before.places.get(code)
        while here is not None:
            if here.code == home:
                return True
            here = self.before.places.get(here.parent)
        return False

    def _by_rules(self, old: str, way: ByRules, piece: Piece) -> str | Undecided:
        place = self.place_after(piece.place) if piece.place else ""
        for rule in way.rules:
            if (
                piece.code in rule.cases
                or piece.procedure in rule.procedures
                or {piece.place, place} & {*rule.territories}
            ):
                return self.like(old, rule.unit)
        choices = tuple(r.unit for r in way.rules)
        return self.like(old, way.otherwise) if way.otherwise else Undecided("no_rule", choices)

    def _by_place(self, old: str, way: ByPlace, piece: Piece) -> str | Undecided:
        place = self.place_after(piece.place) if piece.place else Undecided("no_place")
        if isinstance(place, Undecided):
            if way.otherwise and place.why == "no_place":
                return self.like(old, way.otherwise)
            return replace(
                place, choices=tuple(self.like(old, g) for g in self._governments(way.level, place.choices))
            )
        found = self._governments(way.level, (place,))
        if not found:
            return self.like(old, way.otherwise) if way.otherwise else Undecided("nobody")
        return self.like(old, found[0])

    def _governments(self, level: str, places: Iterable[str]) -> list[str]:
        wanted = {self._at_level(place, level) for place in places}
        return [
            u.code
            for u in self.units.values()
            if u.kind == GOVERNS.get(level) and u.territory and u.territory in wanted
        ]

    def _at_level(self, place: str, level: str) -> str:
        here = self.places.get(place)
        while here is not None and here.level != level:
            here = self.places.get(here.parent)
        return here.code if here else ""

    def like(self, old: str, code: str) -> str:
        """The unit itself, or its part that does what the old unit did: a one-stop for a one-stop, a field for a field."""
        was = self.before.units[old]
        if was.kind in GOVERNMENTS:
            return code
        fits = [u for u in self.parts(code) if same_work(u, was)]
        return fits[0].code if fits else code


def _shown(unit: UnitNow) -> tuple[str, str, str, str]:
    return unit.code, unit.name, unit.under, unit.territory


def same_work(one: UnitNow, other: UnitNow) -> bool:
    if CENTRE in (one.kind, other.kind):
        return one.kind == other.kind
    return bool(one.agency) and one.agency == other.agency
