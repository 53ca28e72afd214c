"""Whose a procedure is: which unit receives, which decides, on which ground, within what time, for what fee, from
when to when, and what the next known date changes.

Filing, the citizen's page, the officers' page and the API all ask here (`route` for a dossier, `competence` for a
question). Everything is dated: versions, rules, fees, units, territories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from tinhso.core.cases.acts import refuse
from tinhso.core.cases.models import ProcedureVersion
from tinhso.core.cases.rates import rates_of
from tinhso.core.cases.rules.dossier import admit
from tinhso.core.cases.state import UnitRef
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.errors import NoCompetentUnit, UnknownUnit
from tinhso.core.orgs.models import Unit, UnitKind
from tinhso.core.procedures.coverage import LEVELS, LOOKED_AT
from tinhso.core.procedures.fees import rules_in_force, with_rates
from tinhso.core.procedures.model import (
    Competence,
    Definition,
    FeeRule,
    Situation,
    Variant,
    value,
)
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.expressions import ExpressionError

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Route:
    """Where a dossier goes: the rule (its number in the definition, from 1), who decides, who receives."""

    number: int
    rule: Competence
    decides: Unit
    receives: Unit


def route(definition: Definition, here: Situation, *, reception_id: UUID | None = None) -> Route:
    """Where a dossier with these answers goes on its day; `reception_id` is the centre chosen, any of the province.

    Raises a `Refusal` that names the answer to mend when the place is missing or nobody serves it.
    """
    number, rule = _rule_on(definition, here.today)
    return _routed(definition, number, rule, _place_of(rule, here), here.today, reception_id)


def competent_unit(definition: Definition, here: Situation) -> Unit:
    """Which unit decides on this date, by the definition's competence rules; refuses like `route`."""
    number, rule = _rule_on(definition, here.today)
    return _deciding(definition, number, rule, _place_of(rule, here), here.today)


def centre(unit_id: UUID, on: date) -> Unit:
    """The one-stop centre with that id; a `Refusal` when the unit is none on that date."""
    unit = orgs.unit(unit_id)
    if unit.kind != UnitKind.CENTRE or unit not in orgs.centres_on(on):
        raise refuse(
            "not_a_centre",
            f"“{unit.name}” không phải nơi tiếp nhận hồ sơ vào ngày {on:%d/%m/%Y}. Hãy chọn một Bộ phận Một cửa khác.",
            field="reception",
        )
    return unit


def _rule_on(definition: Definition, on: date) -> tuple[int, Competence]:
    for number, rule in enumerate(definition.competence, 1):
        if rule.holds_on(on):
            return number, rule
    raise refuse("no_competence", f"Chưa có quy định cơ quan có thẩm quyền cho ngày {on:%d/%m/%Y}.")


def _place_of(rule: Competence, here: Situation) -> str:
    if not rule.place:
        return settings.PROVINCE_CODE
    try:
        found = value(rule.place, here)
    except ExpressionError:
        found = None
    return str(_needed(rule, found))


def _needed(rule: Competence, place: object) -> object:
    if rule.place and not place:
        raise refuse(
            "no_place",
            "Hãy chọn xã, phường để biết cơ quan nào giải quyết hồ sơ của bạn.",
            field=_field(rule),
        )
    return place


def _field(rule: Competence) -> str | None:
    return rule.place.split(".")[1] if "." in rule.place else None


def _routed(
    definition: Definition, number: int, rule: Competence, place: str, on: date, reception_id: UUID | None
) -> Route:
    decides = _deciding(definition, number, rule, place, on)
    if reception_id is not None:
        return Route(number, rule, decides, centre(reception_id, on))
    try:
        return Route(number, rule, decides, orgs.one_stop_of(decides.id, on))
    except UnknownUnit:
        raise refuse(
            "no_centre", f"Ngày {on:%d/%m/%Y} chưa có Bộ phận Một cửa nào nhận hồ sơ cho {decides.name}."
        ) from None


def _deciding(definition: Definition, number: int, rule: Competence, place: str, on: date) -> Unit:
    try:
        return orgs.competent_unit(rule.level, rule.agency or None, place, on)
    except NoCompetentUnit as missing:
        where = orgs.full_territory_name(place)
        agency = f", lĩnh vực “{rule.agency}”" if rule.agency else ""
        raise Refusal(
            missing.code,
            f"Ngày {on:%d/%m/%Y} không có cơ quan {LEVELS[rule.level]}{agency} nào phụ trách {where}, nên quy định "
            f"thẩm quyền thứ {number} của thủ tục {definition.code} không chỉ ra được nơi giải quyết. "
            "Hãy chọn xã, phường khác, hoặc hỏi Bộ phận Một cửa gần nhất.",
            status=422,
            field=_field(rule) or "territory",
        ) from missing


# The answer ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Held:
    """What the answer is on one day, in values that can be compared with those of another day."""

    version: int
    rule: int
    ground: str
    decides: UnitRef
    receives: UnitRef
    times: tuple[Variant, ...]
    fees: tuple[FeeRule, ...]
    legal: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes. `what`: `decides`, `receives`, `times`, `fees`, `ground`, `version`, or `refused` when from then
    on there is no answer; `before` and `after` in words (times and fees are told by the pages from `Change.then`)."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """What the next known date changes; `then` is None when from then on there is no answer."""

    on: date
    differences: tuple[Difference, ...]
    then: Held | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whose the procedure is on a day. `since` and `until` (excluded) bound the days on which all of it holds,
    None where nothing known bounds it. `anywhere`: a dossier may be brought to any centre of the province."""

    procedure: str
    on: date
    place: str
    place_name: str
    applicant: str
    channel: str
    definition: Definition
    rule: Competence
    held: Held
    decides: Unit
    receives: Unit
    since: date | None
    until: date | None
    next: Change | None
    anywhere: bool = True


@dataclass(frozen=True, slots=True)
class _Question:
    procedure: str
    place: str
    applicant: str
    channel: str
    versions: tuple[tuple[int, UUID, date | None, date | None], ...]

    def version_on(self, day: date) -> tuple[int, Definition]:
        for number, version_id, first, end in self.versions:
            if (first is None or first <= day) and (end is None or day < end):
                return number, definition_of(version_id)
        raise NotFound("no_version", f"Thủ tục này chưa nhận hồ sơ trên hệ thống vào ngày {day:%d/%m/%Y}.")


def competence(procedure: str, on: date, place: str, applicant_kind: str, channel: str) -> Answer:
    """Whose `procedure` (national code) is on a day for a territory (official code; "" when the rule asks for none),
    a kind of applicant (`person`, `organisation`) and a channel (`online`, `counter`, `post`).

    Raises `NotFound` when no version holds that day, and the `Refusal`s a dossier would meet: no rule, no place,
    nobody serving it, a channel or applicant the procedure is not for.
    """
    question = _Question(procedure, place, applicant_kind, channel, _versions(procedure))
    held, definition, found = _held(question, on)
    days = _days_of_change(question)
    after = [day for day in days if day > on][:LOOKED_AT]
    before = [day for day in days if day <= on][-LOOKED_AT:]
    change = _next_change(question, held, after)
    return Answer(
        procedure=procedure,
        on=on,
        place=place,
        place_name=orgs.full_territory_name(place) if place else "",
        applicant=applicant_kind,
        channel=channel,
        definition=definition,
        rule=found.rule,
        held=held,
        decides=found.decides,
        receives=found.receives,
        since=_since(question, held, before),
        until=change.on if change else None,
        next=change,
    )


def _versions(procedure: str) -> tuple[tuple[int, UUID, date | None, date | None], ...]:
    rows = ProcedureVersion.objects.filter(procedure_id=procedure, valid__isempty=False).order_by("number")
    return tuple(
        (number, version_id, valid.lower, valid.upper)
        for number, version_id, valid in rows.values_list("number", "id", "valid")
    )


def _held(question: _Question, on: date) -> tuple[Held, Definition, Route]:
    version, definition = question.version_on(on)
    admit(definition, question.applicant, question.channel)
    number, rule = _rule_on(definition, on)
    place = str(_needed(rule, question.place or (settings.PROVINCE_CODE if not rule.place else "")))
    found = _routed(definition, number, rule, place, on, None)
    held = Held(
        version,
        number,
        rule.ground,
        _named(found.decides, on),
        _named(found.receives, on),
        definition.variants,
        tuple(
            with_rates(fee, definition.channels, on, rates_of(definition.code))
            for fee in rules_in_force(definition, on)
        ),
        definition.legal,
    )
    return held, definition, found


def _named(unit: Unit, on: date) -> UnitRef:
    """A unit as it is called on the day."""
    then = orgs.unit_as_of(unit.id, on)
    return UnitRef(id=str(unit.id), code=then.code, name=then.name, path=unit.path)


def _days_of_change(question: _Question) -> list[date]:
    """Every date on which the answer could change."""
    days: set[date | None] = set(orgs.days_of_change())
    for _number, version_id, first, end in question.versions:
        definition = definition_of(version_id)
        days |= {first, end}
        days |= {day for rule in definition.competence for day in (rule.valid_from, rule.valid_to)}
        days |= {day for fee in definition.fees for day in (fee.valid_from, fee.valid_to)}
    return sorted(day for day in days if day is not None)


def _held_or_none(question: _Question, day: date) -> tuple[Held | None, str]:
    try:
        return _held(question, day)[0], ""
    except Refusal as refusal:
        return None, refusal.message


def _since(question: _Question, held: Held, days: Sequence[date]) -> date | None:
    """The first day since which the answer has been the same."""
    for day in reversed(days):
        if day > date.min and _held_or_none(question, day - _DAY)[0] != held:
            return day
    return None


def _next_change(question: _Question, held: Held, days: Sequence[date]) -> Change | None:
    for day in days:
        then, why = _held_or_none(question, day)
        if then is None:
            return Change(day, (Difference("refused", "", why),), None)
        if then != held:
            return Change(day, _differences(held, then), then)
    return None


def _differences(before: Held, after: Held) -> tuple[Difference, ...]:
    found = []
    for what, old, new in (
        ("decides", before.decides, after.decides),
        ("receives", before.receives, after.receives),
    ):
        if (old.id, old.name, old.code) != (new.id, new.name, new.code):
            told = old.name != new.name
            found.append(Difference(what, old.name if told else old.code, new.name if told else new.code))
    found += [
        Difference(what, "", "")
        for what in ("times", "fees")
        if getattr(before, what) != getattr(after, what)
    ]
    if (before.ground, before.legal) != (after.ground, after.legal):
        found.append(Difference("ground", before.ground, after.ground))
    if before.version != after.version:
        found.append(Difference("version", str(before.version), str(after.version)))
    return tuple(found) or (Difference("rule", str(before.rule), str(after.rule)),)
