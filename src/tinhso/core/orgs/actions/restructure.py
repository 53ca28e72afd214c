"""What a reorganisation does to territories and units, each step undoable through a `Journal`.

Steps of a plan that somebody authorised, inside one transaction of the caller, who audits the plan as a whole:
hundreds of units change on one decision. Everything is dated `on`; `apply_due_changes` lets it show that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.db.journal import Journal
from tinhso.core.orgs.actions.units import new_path
from tinhso.core.orgs.models import (
    LevelEnd,
    Post,
    Succession,
    Territory,
    TerritoryPeriod,
    TerritorySuccession,
    Unit,
    UnitPeriod,
)
from tinhso.kit.errors import Refusal


@dataclass(frozen=True, slots=True)
class Change:
    """When, on which ground (the decision), and where it is written down."""

    on: date
    ground: str
    journal: Journal


# Territories --------------------------------------------------------------------------------------------------


def name_place(change: Change, *, code: str, name: str, level: str, parent: Territory | None) -> Territory:
    """A territory under an official code from a day: a new one, or one that goes on under another name."""
    place = Territory.objects.filter(code=code).first()
    if place is None:
        place = change.journal.create(
            Territory(code=code, name=name, level=level, parent=parent, valid_from=change.on)
        )
    else:
        _end_place(change, place)
    change.journal.create(
        TerritoryPeriod(
            territory=place,
            valid=DateRange(change.on, None),
            name=name,
            level=level,
            parent=parent,
            ground=change.ground,
        )
    )
    return place


def end_place(change: Change, place: Territory) -> None:
    """A territory is no more from the day."""
    _end_place(change, place)
    change.journal.change(place, valid_to=change.on)


def _end_place(change: Change, place: Territory) -> None:
    period = TerritoryPeriod.objects.filter(territory=place, valid__endswith=None).first()
    if period is None:
        if place.valid_to is not None:
            raise Refusal(
                "place_ended",
                _("Địa bàn %(code)s đã chấm dứt ngày %(day)s.")
                % {"code": place.code, "day": f"{place.valid_to:%d/%m/%Y}"},
            )
        # What held so far, written down at last; it stays when the plan is taken back.
        values = {"name": place.name, "level": place.level, "parent": place.parent}
        period = TerritoryPeriod.objects.create(
            territory=place, valid=DateRange(place.valid_from, None), **values
        )
    _after(period.valid.lower, change.on, place.name)
    change.journal.change(period, valid=DateRange(period.valid.lower, change.on))


def join_place(change: Change, old: Territory, new: Territory, *, whole: bool) -> None:
    """That a territory went into another, whole or in part. A code that goes on is not said to go into itself."""
    if old.id != new.id or not whole:
        change.journal.create(
            TerritorySuccession(old=old, new=new, on=change.on, whole=whole, ground=change.ground)
        )


def end_level(change: Change, *, level: str, done_by: str) -> None:
    """A level of government is no more; another does its work."""
    change.journal.create(LevelEnd(level=level, done_by=done_by, on=change.on, ground=change.ground))


# Units --------------------------------------------------------------------------------------------------------


def found_unit(change: Change, *, parent: Unit | None, territory: Territory | None, **values: Any) -> Unit:
    """A unit that begins on the day; `values` are code, name, kind, agency and what else `Unit` knows of it."""
    if Unit.objects.filter(code=values["code"]).exists():
        raise Refusal("code_in_use", _("Mã %(code)s đã có đơn vị khác dùng.") % {"code": values["code"]})
    path = new_path(values["code"], parent)
    active = change.on <= timezone.localdate()
    unit = change.journal.create(Unit(parent=parent, territory=territory, path=path, active=active, **values))
    _period(change, unit, unit.code, unit.name, parent, territory)
    return unit


def change_unit(change: Change, unit: Unit, **new: Any) -> None:
    """From the day a unit has another `code`, `name`, `parent` or `territory`; what is not named stays."""
    period = _open(change, unit)
    kept = {key: getattr(period, key) for key in ("code", "name", "parent", "territory")}
    change.journal.change(period, valid=DateRange(period.valid.lower, change.on))
    _period(change, unit, **(kept | new))


def end_unit(change: Change, unit: Unit, successors: Sequence[Unit]) -> None:
    """A unit is no more from the day; `successors` continue it."""
    period = _open(change, unit)
    change.journal.change(period, valid=DateRange(period.valid.lower, change.on))
    for successor in successors:
        change.journal.create(
            Succession(predecessor=unit, successor=successor, on=change.on, ground=change.ground)
        )


def _open(change: Change, unit: Unit) -> UnitPeriod:
    period = (
        UnitPeriod.objects.filter(unit=unit, valid__endswith=None)
        .select_related("parent", "territory")
        .first()
    )
    if period is None:
        raise Refusal("unit_closed", _("Đơn vị %(code)s đã đóng.") % {"code": unit.code})
    _after(period.valid.lower, change.on, unit.name)
    return period


def _after(first: date | None, on: date, name: str) -> None:
    if first is not None and on <= first:
        raise Refusal(
            "too_early",
            _("Thay đổi của %(name)s phải sau ngày %(day)s, ngày thông tin hiện tại có hiệu lực.")
            % {"name": name, "day": f"{first:%d/%m/%Y}"},
        )


def _period(
    change: Change, unit: Unit, code: str, name: str, parent: Unit | None, territory: Territory | None
) -> None:
    change.journal.create(
        UnitPeriod(
            unit=unit,
            valid=DateRange(change.on, None),
            code=code,
            name=name,
            parent=parent,
            territory=territory,
            ground=change.ground,
        )
    )


def found_post(change: Change, unit: Unit, *, code: str, title: str) -> Post:
    """A post of a unit: the one with that code when there is one, else a new one."""
    post = Post.objects.filter(unit=unit, code=code).first()
    return post or change.journal.create(Post(unit=unit, code=code, title=title))
