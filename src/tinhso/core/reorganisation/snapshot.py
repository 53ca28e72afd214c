"""The province before a plan, and the holdings of the units that end, read for the pure part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from tinhso.core.access.models import Holding
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit, UnitPeriod
from tinhso.core.reorganisation.outline import after
from tinhso.core.reorganisation.people import Held
from tinhso.core.reorganisation.picture import Before, Picture, PlaceNow, UnitNow
from tinhso.core.reorganisation.plan import Plan

_DAY = timedelta(days=1)


def before(on: date) -> Before:
    """The units and territories in force on the eve of a day."""
    known, eve = orgs.directory(), on - _DAY
    ids = {u.id: p.code if (p := known.period_on(u.id, eve)) else u.code for u in known.units.values()}
    units: dict[str, UnitNow] = {}
    for unit in known.units.values():
        period = known.period_on(unit.id, eve)
        if period is None:
            continue
        place_id = period.territory_id or unit.territory_id
        place = known.territories_by_id.get(place_id) if place_id else None
        above = ids.get(period.parent_id, "") if period.parent_id else ""
        units[period.code] = UnitNow(
            period.code, period.name, unit.kind, unit.agency, above, place.code if place else ""
        )
    places: dict[str, PlaceNow] = {}
    for place in known.territories.values():
        now = known.place_on(place.id, eve)
        if now is not None:
            parent = known.territories_by_id.get(now.parent_id) if now.parent_id else None
            places[place.code] = PlaceNow(place.code, now.name, now.level, parent.code if parent else "")
    used = {*Unit.objects.values_list("code", flat=True), *UnitPeriod.objects.values_list("code", flat=True)}
    return Before(units, places, frozenset(used))


def picture_of(plan: Plan) -> Picture:
    return after(plan, before(plan.on))


def gone(picture: Picture) -> dict[UUID, str]:
    """The units that end, by id, with the codes they had."""
    return {orgs.unit_by_code(code).id: code for code in picture.ways}


def held_posts(on: date, ended: dict[UUID, str]) -> list[Held]:
    """Who holds posts of the units that end, on the day they end, in the order of names."""
    rows = (
        Holding.objects.filter(post__unit_id__in=list(ended), valid_from__lt=on)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        .select_related("person", "post")
        .prefetch_related("person__accounts")
        .order_by("post__unit__path", "post__code", "valid_from", "person__folded_name", "id")
    )
    return [
        Held(str(h.id), _sign_in(h), h.person.full_name, h.post.code, ended[h.post.unit_id]) for h in rows
    ]


def _sign_in(holding: Holding) -> str:
    names: Iterable[str] = sorted(a.username for a in holding.person.accounts.all())
    return next(iter(names), "")
