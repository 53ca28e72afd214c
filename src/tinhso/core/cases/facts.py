"""Gathering what an act needs to know of the outside: units, calendars, who is asked. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import away_on
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.rates import rates_of
from tinhso.core.cases.state import State, UnitRef, dump
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.procedures.flow import ASKING, blank_case
from tinhso.core.procedures.model import Definition, Situation, Step, value
from tinhso.kit.errors import Refusal
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.worktime import Calendar

PROVINCE = "province"


def unit_ref(unit: Unit) -> UnitRef:
    """A unit as acts keep it: the name and code it has today."""
    return UnitRef(id=str(unit.id), code=unit.code, name=unit.name, path=unit.path)


class _Calendars(Mapping[str, Calendar]):
    """Calendars by unit id, looked up when asked for; the directory keeps them in memory.

    `paths` are those of the units the case knows; one it comes to know by the act itself is found by its id.
    """

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = paths

    def __getitem__(self, unit_id: str) -> Calendar:
        return orgs.calendar_for(self._paths.get(unit_id) or orgs.unit(UUID(unit_id)).path)

    def __iter__(self) -> Any:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


class _Asked(Mapping[str, tuple[UnitRef, ...]]):
    """The units that a step asks, worked out from its expression when somebody wants to know: most acts do not.

    A step whose expression names no unit has none: it refuses if it is ever reached. `found` keeps those asked about,
    `paths` learns where they are.
    """

    def __init__(self, definition: Definition, state: State, on: date, paths: dict[str, str]) -> None:
        self._definition, self._state, self._on, self._paths = definition, state, on, paths
        self.found: dict[str, tuple[UnitRef, ...]] = {}

    def __getitem__(self, step_id: str) -> tuple[UnitRef, ...]:
        if step_id not in self.found:
            units = self._named(self._definition.step(step_id))
            self._paths |= {u.id: u.path for u in units}
            self.found[step_id] = units
        return self.found[step_id]

    def _named(self, step: Step) -> tuple[UnitRef, ...]:
        if self._state.applicant is None or step.do not in ASKING:
            raise KeyError(step.id)
        state, blank = self._state, blank_case(self._definition)
        applicant = dump(state.applicant)
        here = Situation.of(
            self._definition, state.answers, applicant, state.channel, self._on, state.variant, blank
        )
        try:
            named = value(str(step.options["unit"]), here)
            codes = named if isinstance(named, list) else [named]
            units = [unit_ref(_unit_named(str(code), step, self._on)) for code in codes if code]
        except (ExpressionError, Refusal) as error:
            raise KeyError(step.id) from error
        return tuple({u.id: u for u in units}.values())

    def __iter__(self) -> Iterator[str]:
        return (
            s.id for s in self._definition.steps.values() if s.do in ASKING and self.get(s.id) is not None
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
    units = [
        state.reception,
        state.competent,
        state.return_unit,
        *extra,
        *(t.unit for t in state.tokens + state.parked),
    ]
    paths = {u.id: u.path for u in units if u is not None}
    here = moment.astimezone(Facts.zone).date()
    return Facts(
        now=moment,
        actor=actor,
        calendars=_Calendars(paths),
        asked_units=_Asked(definition, state, here, paths),
        substitutes=_Substitutes(here),
        rates=rates_of(definition.code),
    )


def evidence(facts: Facts, state: State) -> dict[str, Any]:
    """What of the facts an act keeps: which calendars the time was counted with, which unit was asked."""
    kept: dict[str, Any] = {}
    if state.competent is not None:
        kept["calendar"] = facts.calendar(state.competent).code
    if isinstance(facts.asked_units, _Asked) and facts.asked_units.found:
        kept["asked"] = {step: [u.code for u in units] for step, units in facts.asked_units.found.items()}
    return kept


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
