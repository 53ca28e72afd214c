"""Before and after: what a plan makes of the units and territories of a province, worked out without touching them.

Pure. `after(plan, before)` finds every fault of a plan with its place in the file; without faults the picture answers
where the work of a unit that is no more goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tinhso.core.reorganisation.plan import (
    Change,
    Close,
    Create,
    Dissolve,
    Divide,
    Merge,
    Place,
    Plan,
    Rule,
    Target,
)

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
        fits = [u for u in self.parts(code) if _same_work(u, was)]
        return fits[0].code if fits else code


def _shown(unit: UnitNow) -> tuple[str, str, str, str]:
    return unit.code, unit.name, unit.under, unit.territory


def _same_work(one: UnitNow, other: UnitNow) -> bool:
    if CENTRE in (one.kind, other.kind):
        return one.kind == other.kind
    return bool(one.agency) and one.agency == other.agency


def after(plan: Plan, before: Before) -> Picture:
    """The picture of a plan, with its faults."""
    units = {code: replace(u, old=code) for code, u in before.units.items()}
    picture = Picture(before, units, dict(before.places))
    _Places(plan, picture).work_out()
    _Units(plan, picture).work_out()
    return picture


class _Places:
    """Territories and levels of a plan."""

    def __init__(self, plan: Plan, picture: Picture) -> None:
        self.plan, self.picture = plan, picture

    def work_out(self) -> None:
        picture = self.picture
        picture.ended_levels = {e.level: e.done_by for e in self.plan.levels}
        seen: set[str] = set()
        for n, place in enumerate(self.plan.territories):
            if place.code in seen:
                picture.fault(
                    f"territories[{n}].code", f"Địa bàn {place.code} được nêu hai lần. Gộp làm một."
                )
            seen.add(place.code)
            picture.places[place.code] = PlaceNow(place.code, place.name, place.level, place.parent)
            self._origins(n, place)
        self._whole_once()
        self._end()
        self._nobody_lost()

    def _origins(self, n: int, place: Place) -> None:
        for m, origin in enumerate(place.from_):
            if origin.code not in self.picture.before.places:
                self.picture.fault(
                    f"territories[{n}].from[{m}]",
                    f"Trước ngày sắp xếp không có địa bàn mã {origin.code}. Kiểm tra lại mã.",
                )
                continue
            self.picture.goes.setdefault(origin.code, []).append((place.code, not origin.part))

    def _whole_once(self) -> None:
        for code, into in self.picture.goes.items():
            if any(whole for _, whole in into) and len(into) > 1:
                where = ", ".join(new for new, _ in into)
                self.picture.fault(
                    "territories",
                    f"Địa bàn {code} vừa nhập toàn bộ vừa nhập nơi khác ({where}). Ghi rõ “part: true” nếu chia.",
                )

    def _end(self) -> None:
        """What is no more: whole territories that went into another code, and those of levels that end."""
        picture, named = self.picture, {p.code for p in self.plan.territories}
        for code, place in picture.before.places.items():
            gone = code in picture.goes and code not in named
            if gone or (place.level in picture.ended_levels and code not in named):
                picture.ended_places.add(code)
                picture.places.pop(code, None)

    def _nobody_lost(self) -> None:
        for place in self.picture.places.values():
            if place.parent and place.parent not in self.picture.places:
                self.picture.fault(
                    "territories",
                    f"{place.name} ({place.code}) thuộc {place.parent} là địa bàn chấm dứt, mà phương án không nói về đâu. "
                    "Thêm địa bàn này vào “territories”.",
                )


class _Units:
    """Units of a plan, in its order."""

    def __init__(self, plan: Plan, picture: Picture) -> None:
        self.plan, self.picture = plan, picture
        self.named: dict[str, str] = {}

    def work_out(self) -> None:
        for n, step in enumerate(self.plan.units):
            self.here = f"units[{n}]"
            match step:
                case Create():
                    self._found(step.unit, "unit", ())
                case Merge():
                    self._merge(step)
                case Change():
                    self._change(step)
                case Dissolve():
                    self._close(step.unit, ByPlace(step.level, step.otherwise), "unit")
                case Divide():
                    self._close(step.unit, ByRules(step.rules, step.otherwise), "unit")
                case Close():
                    self._close(step.unit, Whole(step.to), "unit")
        self.here = "units"
        self._targets()
        self._above()

    # Steps ------------------------------------------------------------------------------------------------------

    def _merge(self, step: Merge) -> None:
        into, sources = step.into, [c for c in step.from_ if self._known(c, "from")]
        if into.keep:
            if not self._known(into.keep, "into.keep"):
                return
            target = self._go_on(into.keep, into)
        else:
            target = self._found(into, "into", tuple(sources))
        for code in sources:
            if code != into.keep:
                self._join(code, target)

    def _join(self, old: str, target: str) -> None:
        """A unit and its parts go into another and its parts; a part nobody there answers to begins there."""
        if not self._once(old, "from"):
            return
        for part in self._parts_before(old):
            fits = [u for u in self.picture.parts(target) if _same_work(u, part) and u.kind == part.kind]
            if fits:
                self._join(part.code, fits[0].code)
            else:
                own = part.code.removeprefix(old + ".")
                made = self._add(replace(part, code=f"{target}.{own}", under=target, old="", territory=""))
                self._join(part.code, made)
        self.picture.ways[old] = Whole(target)
        unit = self.picture.units[target]
        self.picture.units[target] = replace(unit, continues=(*unit.continues, old))
        self.picture.units.pop(old, None)

    def _close(self, code: str, way: Way, where: str) -> None:
        if not self._known(code, where) or not self._once(code, where):
            return
        for part in self._parts_before(code):
            self._close_part(part, way)
        self.picture.ways[code] = way
        self.picture.units.pop(code, None)

    def _close_part(self, part: UnitNow, way: Way) -> None:
        if part.kind in GOVERNMENTS or part.code in self.named:
            return  # a commune of a district that ends has its own line in the plan
        self.named[part.code] = self.here
        for deeper in self._parts_before(part.code):
            self._close_part(deeper, way)
        self.picture.ways[part.code] = way
        self.picture.units.pop(part.code, None)

    def _change(self, step: Change) -> None:
        if self._known(step.unit, "unit") and self._once(step.unit, "unit"):
            target = Target(code=step.code, name=step.name, under=step.under, territory=step.territory)
            self._go_on(step.unit, target)

    def _go_on(self, old: str, new: Target) -> str:
        unit = self.picture.units.pop(old)
        code = new.code or unit.code
        if code != old and code in self.picture.before.used:
            self.picture.fault(self.here, f"Mã {code} đã có đơn vị khác dùng. Chọn mã khác.")
        self.named.setdefault(old, self.here)
        self.picture.units[code] = replace(
            unit,
            code=code,
            name=new.name or unit.name,
            under=new.under or unit.under,
            territory=new.territory or unit.territory,
        )
        if code != old:
            for part in self.picture.parts(old):
                self.picture.units[part.code] = replace(part, under=code)
        return code

    def _found(self, new: Target, where: str, sources: tuple[str, ...]) -> str:
        first = self.picture.before.units.get(sources[0]) if sources else None
        under = new.under or (first.under if first else "")
        if new.code in self.picture.before.used or new.code in self.picture.units:
            self.picture.fault(
                f"{self.here}.{where}.code", f"Mã {new.code} đã có đơn vị khác dùng. Chọn mã khác."
            )
        if new.territory and new.territory not in self.picture.places:
            self.picture.fault(
                f"{self.here}.{where}.territory", f"Sau ngày sắp xếp không có địa bàn mã {new.territory}."
            )
        return self._add(
            UnitNow(
                new.code,
                new.name,
                new.kind,
                new.agency or (first.agency if first else ""),
                under,
                new.territory,
            )
        )

    def _add(self, unit: UnitNow) -> str:
        self.picture.units[unit.code] = unit
        return unit.code

    # Checks -----------------------------------------------------------------------------------------------------

    def _known(self, code: str, where: str) -> bool:
        if code in self.picture.before.units:
            return True
        self.picture.fault(
            f"{self.here}.{where}",
            f"Trước ngày sắp xếp không có đơn vị đang hoạt động mang mã {code}. Kiểm tra lại mã.",
        )
        return False

    def _once(self, code: str, where: str) -> bool:
        if code not in self.named:
            self.named[code] = self.here
            return True
        self.picture.fault(
            f"{self.here}.{where}", f"Đơn vị {code} đã được nêu ở {self.named[code]}. Chỉ nêu một lần."
        )
        return False

    def _parts_before(self, code: str) -> list[UnitNow]:
        return [u for u in self.picture.before.units.values() if u.under == code]

    def _targets(self) -> None:
        for old, way in self.picture.ways.items():
            if isinstance(way, Whole):
                named = [way.to]
            elif isinstance(way, ByRules):
                named = [*(r.unit for r in way.rules), way.otherwise]
            else:
                named = [way.otherwise]
            for code in named:
                if code and code not in self.picture.units:
                    self.picture.fault(
                        self.named.get(old, self.here),
                        f"Công việc của {old} giao cho {code}, nhưng sau ngày sắp xếp không có đơn vị này.",
                    )

    def _above(self) -> None:
        """Every unit stands under one that exists, and none under itself."""
        for unit in self.picture.units.values():
            if unit.under and unit.under not in self.picture.units:
                self.picture.fault(
                    self.named.get(unit.old or unit.code, self.here),
                    f"{unit.name} ({unit.code}) còn thuộc {unit.under} là đơn vị chấm dứt. Nêu rõ về đâu (“under”) hoặc nhập vào đâu.",
                )
            seen, above = {unit.code}, unit.under
            while above and above in self.picture.units:
                if above in seen:
                    self.picture.fault(
                        self.named.get(unit.old or unit.code, self.here),
                        f"{unit.code} thuộc chính nó qua {above}.",
                    )
                    break
                seen.add(above)
                above = self.picture.units[above].under
