"""Who holds which post after a plan: people keep the post of the same code where their unit's work goes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tinhso.core.reorganisation.picture import ByPlace, Picture, Whole
from tinhso.core.reorganisation.plan import People


@dataclass(frozen=True, slots=True)
class Held:
    """That somebody holds a post of a unit that is no more. `key` is the holding's, `person` the sign-in name."""

    key: str
    person: str
    name: str
    post: str
    unit: str


@dataclass(frozen=True, slots=True)
class Seat:
    """The post somebody gets: of which unit, by which code. Without `unit` somebody has to say (`why`)."""

    held: Held
    unit: str = ""
    post: str = ""
    why: str = ""
    choices: tuple[str, ...] = ()


def seats(picture: Picture, people: People, held: Sequence[Held], decided: dict[str, str]) -> list[Seat]:
    """One seat per holding, in their order. `decided` are answers by the holding's key: `unit/post`."""
    named = {a.person: a for a in people.appointments}
    found: list[Seat] = []
    spread = _Spread(picture)
    for one in held:
        answer = decided.get(one.key, "")
        if answer:
            unit, _, post = answer.partition("/")
            found.append(Seat(one, unit, post or one.post))
        elif one.person in named:
            found.append(Seat(one, named[one.person].unit, named[one.person].post))
        else:
            found.append(_by_way(picture, people, one, spread))
    chosen = {s.held.key for s in found if s.held.key in decided or s.held.person in named}
    return _one_each(picture, people, found, chosen)


def _by_way(picture: Picture, people: People, one: Held, spread: _Spread) -> Seat:
    way = picture.ways[one.unit]
    if isinstance(way, Whole):
        return Seat(one, way.to, one.post)
    if isinstance(way, ByPlace) and people.spread:
        unit = spread.next(one.unit, way.level)
        if unit:
            return Seat(one, unit, one.post)
    return Seat(one, why="dissolved")


class _Spread:
    """People of a dissolved unit go, one by one, to the units that take over its territory."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.turn: dict[str, int] = defaultdict(int)
        self.kept: dict[tuple[str, str], list[str]] = {}

    def next(self, old: str, level: str) -> str:
        found = self._taking_over(old, level)
        if not found:
            return ""
        turn = self.turn[old]
        self.turn[old] += 1
        return found[turn % len(found)]

    def _taking_over(self, old: str, level: str) -> list[str]:
        if (old, level) not in self.kept:
            home = self.picture.territory_of(old)
            places = {
                place
                for code, now in self.picture.before.places.items()
                if self.picture.lies_in(code, home)
                and isinstance(place := self.picture.place_after(now.code), str)
            }
            units = [
                u.code
                for u in self.picture.units.values()
                if u.kind == level and u.territory and u.territory in places
            ]
            self.kept[old, level] = [self.picture.like(old, code) for code in sorted(units)]
        return self.kept[old, level]


def _one_each(picture: Picture, people: People, rows: Sequence[Seat], chosen: set[str]) -> list[Seat]:
    """A post only one may hold goes to whoever was chosen for it, else to the first who held it in a unit that was
    merged, else to the first; the others get the post named beside it, or somebody has to say."""

    def rank(seat: Seat) -> tuple[bool, bool]:
        return seat.held.key not in chosen, not isinstance(picture.ways[seat.held.unit], Whole)

    first: dict[tuple[str, str], str] = {}
    for seat in sorted(rows, key=rank):
        if seat.unit and seat.post in people.single:
            first.setdefault((seat.unit, seat.post), seat.held.key)
    return [_rest(people, seat, first) for seat in rows]


def _rest(people: People, seat: Seat, first: dict[tuple[str, str], str]) -> Seat:
    holder = first.get((seat.unit, seat.post))
    if holder is None or holder == seat.held.key:
        return seat
    other = people.single[seat.post]
    if other:
        return Seat(seat.held, seat.unit, other)
    return Seat(seat.held, why="only_one", choices=(f"{seat.unit}/{seat.post}",))
