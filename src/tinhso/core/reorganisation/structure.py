"""Writing the new order of a plan into territories, units, posts and who holds them: one transaction, undoable."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tinhso.core.access.actions.restructure import seat_people
from tinhso.core.access.models import PostRole
from tinhso.core.db.journal import Journal
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.actions import restructure as write
from tinhso.core.orgs.models import Post, Territory, Unit
from tinhso.core.reorganisation.people import Seat
from tinhso.core.reorganisation.picture import Picture, UnitNow, Whole
from tinhso.core.reorganisation.plan import Plan


class Structure:
    """The steps in their order: territories first, then what begins, what changes, what ends, then people."""

    def __init__(self, plan: Plan, picture: Picture) -> None:
        self.plan, self.picture, self.journal = plan, picture, Journal()
        self.change = write.Change(plan.on, plan.decision, self.journal)
        self.places: dict[str, Territory] = {t.code: t for t in Territory.objects.all()}
        self.old = {code: orgs.unit_by_code(code).id for code in picture.before.units}
        rows = {u.id: u for u in Unit.objects.select_for_update()}
        self.units: dict[str, Unit] = {code: rows[unit_id] for code, unit_id in self.old.items()}

    def write(self, seats: Sequence[Seat]) -> Journal:
        self._territories()
        begun = self._found()
        self._change()
        self._end(begun)
        self._posts(begun)
        self._people(seats, begun)
        return self.journal

    # Territories ------------------------------------------------------------------------------------------------

    def _territories(self) -> None:
        plan, picture = self.plan, self.picture
        for place in sorted(plan.territories, key=lambda p: _DEPTH[p.level]):
            parent = self.places.get(place.parent)
            self.places[place.code] = write.name_place(
                self.change, code=place.code, name=place.name, level=place.level, parent=parent
            )
        for code in sorted(picture.ended_places):
            write.end_place(self.change, self.places[code])
        for old, into in sorted(picture.goes.items()):
            for new, whole in into:
                write.join_place(self.change, self.places[old], self.places[new], whole=whole)
        for level in plan.levels:
            write.end_level(self.change, level=level.level, done_by=level.done_by)

    # Units ------------------------------------------------------------------------------------------------------

    def _found(self) -> dict[str, Unit]:
        """Every unit after the plan by its new code."""
        now = {u.code: self.units[u.old] for u in self.picture.units.values() if u.old}
        for unit in self.picture.founded():
            now[unit.code] = write.found_unit(
                self.change,
                parent=now.get(unit.under),
                territory=self.places.get(unit.territory),
                code=unit.code,
                name=unit.name,
                kind=unit.kind,
                agency=unit.agency,
            )
        return now

    def _change(self) -> None:
        now = {u.code: u.old for u in self.picture.units.values()}
        for was, unit in self.picture.changed():
            new: dict[str, object] = {}
            if unit.code != was.code:
                new["code"] = unit.code
            if unit.name != was.name:
                new["name"] = unit.name
            if unit.territory != was.territory:
                new["territory"] = self.places[unit.territory]
            if unit.under != was.under and now.get(unit.under) != was.under:
                new["parent"] = self._unit(unit.under)
            if new:
                write.change_unit(self.change, self.units[was.code], **new)

    def _unit(self, code: str) -> Unit:
        found = self.picture.units[code]
        return self.units[found.old] if found.old else Unit.objects.get(code=code)

    def _end(self, begun: dict[str, Unit]) -> None:
        for old, way in self.picture.ways.items():
            successors = [begun[way.to]] if isinstance(way, Whole) else [begun[c] for c in self._takers(old)]
            write.end_unit(self.change, self.units[old], successors)

    def _takers(self, old: str) -> list[str]:
        return sorted(self.picture.takers(old))

    # Posts and people -------------------------------------------------------------------------------------------

    def _posts(self, begun: dict[str, Unit]) -> None:
        """A unit that begins has the posts of those it continues, with their roles."""
        roles: list[PostRole] = []
        for unit in self.picture.founded():
            for source in self._sources(unit):
                roles += self._copy_posts(source, begun[unit.code])
        self.journal.create_all(roles)

    def _sources(self, unit: UnitNow) -> list[UUID]:
        codes = [
            old for old, way in self.picture.ways.items() if isinstance(way, Whole) and way.to == unit.code
        ]
        return [self.old[code] for code in codes]

    def _copy_posts(self, source: UUID, unit: Unit) -> list[PostRole]:
        found = []
        have = set(Post.objects.filter(unit=unit).values_list("code", flat=True))
        for post in (
            Post.objects.filter(unit_id=source, active=True).prefetch_related("roles").order_by("code")
        ):
            if post.code in have:
                continue
            have.add(post.code)
            new = write.found_post(self.change, unit, code=post.code, title=post.title)
            found += [PostRole(post=new, role_id=r.role_id, below=r.below) for r in post.roles.all()]
        return found

    def _people(self, seats: Sequence[Seat], begun: dict[str, Unit]) -> None:
        posts = {(p.unit_id, p.code): p for p in Post.objects.filter(unit__in=begun.values(), active=True)}
        rows = [(UUID(s.held.key), posts.get((begun[s.unit].id, s.post)), s) for s in seats]
        seat_people(
            self.journal,
            on=self.plan.on,
            seats=[(key, post or self._post(begun[s.unit], s)) for key, post, s in rows],
        )

    def _post(self, unit: Unit, seat: Seat) -> Post:
        """A post nobody had at the unit: as the one the person held is."""
        was = Post.objects.prefetch_related("roles").get(unit=self.units[seat.held.unit], code=seat.held.post)
        post = write.found_post(self.change, unit, code=seat.post, title=was.title)
        if not PostRole.objects.filter(post=post).exists():
            self.journal.create_all(
                [PostRole(post=post, role_id=r.role_id, below=r.below) for r in was.roles.all()]
            )
        return post


_DEPTH = {"province": 0, "district": 1, "commune": 2}
