"""The dry run: what a plan would do, what nobody can say yet, and what stands in its way. Nothing is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from tinhso.core.reorganisation.people import Seat, seats
from tinhso.core.reorganisation.picture import Picture, Whole
from tinhso.core.reorganisation.plan import Plan
from tinhso.core.reorganisation.slots import HELD, MOVABLES, Open, Tally, Trial
from tinhso.core.reorganisation.snapshot import gone, held_posts, picture_of

#: A page shows so many open questions; the count says how many there are.
SHOWN = 200


@dataclass
class Findings:
    """What the dry run found, as plain values a page shows and the plan keeps."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    moves: dict[str, list[Tally]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    stays: list[tuple[str, int, str]] = field(default_factory=list)
    open: list[Open] = field(default_factory=list)
    open_count: int = 0
    people: list[Seat] = field(default_factory=list)
    homeless: list[Seat] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        return not (self.faults or self.open_count or self.homeless)

    def plain(self) -> dict[str, Any]:
        """For keeping: figures and what is still open, without the long list of those who are placed."""
        return {
            "ready": self.ready,
            "faults": [list(f) for f in self.faults],
            "units": self.units,
            "moves": {name: [asdict(t) for t in rows] for name, rows in self.moves.items()},
            "titles": self.titles,
            "stays": [list(row) for row in self.stays],
            "open": [asdict(o) for o in self.open[:SHOWN]],
            "open_count": self.open_count,
            "people": len(self.people),
            "homeless": [asdict(s) for s in self.homeless[:SHOWN]],
            "homeless_count": len(self.homeless),
        }


def look(plan: Plan, decided: dict[str, str]) -> Findings:
    """Try a plan on the province as it is, with what was decided so far."""
    picture = picture_of(plan)
    found = Findings(faults=[(f.path, f.message) for f in picture.faults])
    if found.faults:
        return found
    ended = gone(picture)
    found.units = {
        "founded": len(picture.founded()),
        "changed": len(picture.changed()),
        "ended": len(ended),
        "places_ended": len(picture.ended_places),
        "places_named": len(plan.territories),
    }
    _work(found, picture, ended, decided)
    placed = seats(picture, plan.people, held_posts(plan.on, ended), decided)
    found.people = [s for s in placed if s.unit]
    found.homeless = [s for s in placed if not s.unit]
    found.stays = [(held.title, held.count(list(ended)), held.note) for held in HELD]
    return found


def _work(found: Findings, picture: Picture, ended: dict[UUID, str], decided: dict[str, str]) -> None:
    whole = frozenset(code for code, way in picture.ways.items() if isinstance(way, Whole))
    for movable in MOVABLES:
        trial = Trial(ended, whole, picture.destination, decided)
        movable.look(trial)
        found.moves[movable.name] = sorted(trial.tallies, key=lambda t: (t.to, t.frm))
        found.titles[movable.name] = movable.title
        found.open += trial.open[:SHOWN]
        found.open_count += len(trial.open)
