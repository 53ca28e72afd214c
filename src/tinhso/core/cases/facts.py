"""Gathering what an act needs to know of the outside: units, calendars, who is asked. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import away_on
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.definition.flow import ASKING, blank_case
from tinhso.core.cases.definition.model import Definition, Situation, Step, value
from tinhso.core.cases.rates import rates_of
from tinhso.core.cases.state import State, UnitRef, dump
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.kit.errors import Refusal
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.worktime import Calendar

PROVINCE = "province"


def unit_ref(unit: Unit) -> UnitRef:
    """A unit as acts keep it: the name and code it has today."""
    return UnitRef(id=str(unit.id), code=unit.code, name=unit.name, path=unit.path)


class _Calendars(Mapping[str, Calendar]):
    """Calendars by unit id, looked up when asked for; the directory keeps them in memory."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = dict(paths)

    def __getitem__(self, unit_id: str) -> Calendar:
        return orgs.calendar_for(self._paths[unit_id])

    def __iter__(self) -> Any:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class _Substitutes(Mapping[str, str]):
    """Who stands in for a person today, one query per person asked about."""

    def __init__(self, on: date) -> None:
        self._on = on

    def __getitem__(self, person_id: str) -> str:
        found = away_on([UUID(person_id)], self._on).get(UUID(person_id))
        if found is None or found.substitute_id is None:
            raise KeyError(person_id)
        return str(found.substitute_id)

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def gather(
    definition: Definition,
    state: State,
    actor: Actor,
    *,
    now: datetime | None = None,
    extra: tuple[UnitRef | None, ...] = (),
) -> Facts:
    """The facts of an act on a case at this moment."""
    moment = now or timezone.now()
    asked = _asked_units(definition, state, moment) if state.applicant else {}
    units = [
        state.reception,
        state.competent,
        state.return_unit,
        *extra,
        *(unit for units in asked.values() for unit in units),
        *(t.unit for t in state.tokens + state.parked),
    ]
    paths = {u.id: u.path for u in units if u is not None}
    here = moment.astimezone(Facts.zone).date()
    return Facts(
        now=moment,
        actor=actor,
        calendars=_Calendars(paths),
        asked_units=asked,
        substitutes=_Substitutes(here),
        rates=rates_of(definition.code),
    )


def evidence(facts: Facts, state: State) -> dict[str, Any]:
    """What of the facts an act keeps: which calendars the time was counted with, which unit was asked."""
    kept: dict[str, Any] = {}
    if state.competent is not None:
        kept["calendar"] = facts.calendar(state.competent).code
    if facts.asked_units:
        kept["asked"] = {step: [u.code for u in units] for step, units in facts.asked_units.items()}
    return kept


def _asked_units(definition: Definition, state: State, moment: datetime) -> dict[str, tuple[UnitRef, ...]]:
    """For every step that asks other units: those its expression names, where the answers give any."""
    asked = {}
    for step in definition.steps.values():
        if step.do not in ASKING:
            continue
        here = Situation.of(
            definition,
            state.answers,
            dump(state.applicant),
            state.channel,
            moment.astimezone(Facts.zone).date(),
            state.variant,
            blank_case(definition),
        )
        try:
            named = value(str(step.options["unit"]), here)
            codes = named if isinstance(named, list) else [named]
            units = [unit_ref(_unit_named(str(code), step, here.today)) for code in codes if code]
            asked[step.id] = tuple({u.id: u for u in units}.values())
        except (ExpressionError, Refusal):
            continue  # the answers name no unit: the step refuses if it is ever reached
    return asked


def _unit_named(code: str, step: Step, on: date) -> Unit:
    """A unit by its own code, by `agency@territory`, or the unit that serves a territory: its People's Committee, or
    the step's agency. `agency@province` names no code at all, so that it outlives the next merger."""
    if "@" in code:
        agency, place = code.split("@", 1)
        place = settings.PROVINCE_CODE if place == PROVINCE else place
        return orgs.competent_unit(orgs.territory(place).level, agency, place, on)
    if not code.isdigit():
        return orgs.unit_by_code(code)
    return orgs.competent_unit(orgs.territory(code).level, step.options.get("agency"), code, on)
