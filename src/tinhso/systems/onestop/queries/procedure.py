"""One procedure for its page: the definition, or the imported information, told in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from tinhso.core.cases import queries as cases
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.models import Procedure
from tinhso.core.cases.rates import rates_of
from tinhso.core.forms.texts import Text
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.procedures.fees import changes_in_words, with_rates
from tinhso.core.procedures.model import Competence, Definition, FeeRule, PaperRule
from tinhso.kit import worktime
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.queries.catalogue import field_names, name_of
from tinhso.systems.onestop.queries.competence import AnswerWords, ask
from tinhso.systems.onestop.rules import plain
from tinhso.systems.onestop.rules.conditions import in_words
from tinhso.systems.onestop.rules.plain import FeeWords, text_of


@dataclass(frozen=True, slots=True)
class TimeLine:
    """How long one kind of case takes; `due` and `why` are the example "accepted now" at the chosen office."""

    name: str
    when: str
    time: str
    note: str = ""
    due: datetime | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper to bring. `kind`: `submit` (kept), `present` (shown), `registry` (looked up, not asked)."""

    name: str
    copies: str
    kind: str
    when: str = ""
    hint: str = ""
    instead: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the usual way of a case: what, who does it, within how long."""

    what: str
    where: str
    within: str


@dataclass(frozen=True, slots=True)
class Office:
    """Where a citizen of a commune goes: the centre that receives, its hours, and the unit that decides."""

    centre: Unit
    decides: Unit
    hours: list[str]
    territory: str
    territory_name: str
    words: AnswerWords | None = None


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    """Everything the page of a procedure shows."""

    code: str
    name: str
    field_id: str
    field: str
    summary: str
    who: str
    notes: list[str]
    online: bool
    partial: str
    times: list[TimeLine]
    time_rule: str
    papers: list[PaperLine]
    fees: list[FeeWords]
    fee_note: str
    steps: list[StepLine]
    results: list[str]
    place: str
    levels: list[str]
    needs_place: bool
    legal: list[str]
    decision: str
    source: str
    time_short: str = ""
    fee_short: str = ""
    form_title: str = ""
    form_pages: int = 0

    @property
    def by_kind(self) -> list[tuple[str, list[PaperLine]]]:
        """The papers by what happens to them, those to hand in first."""
        return [
            (k, rows)
            for k in ("submit", "present", "registry")
            if (rows := [p for p in self.papers if p.kind == k])
        ]


def procedure_page(code: str, *, office: Office | None, lang: str, now: datetime) -> ProcedurePage:
    """The page of a procedure; `NotFound` for an unknown code. The example date is counted at `office`."""
    procedure = cases.procedure(code)
    definition = cases.offered(code, now.astimezone(Facts.zone).date())
    if definition is None:
        return _information(procedure, lang)
    return _defined(procedure, definition, office, lang, now)


def competence_on(definition: Definition, now: datetime) -> Competence | None:
    """The rule that says who decides today."""
    today = now.astimezone(Facts.zone).date()
    rules = definition.competence
    return next(
        (
            r
            for r in rules
            if (r.valid_from is None or r.valid_from <= today) and (r.valid_to is None or today < r.valid_to)
        ),
        None,
    )


def office_for(code: str, territory: str, *, lang: str, now: datetime) -> tuple[Office | None, str]:
    """The office for a procedure and a commune (its code), or why there is none, as a sentence ("" when nothing was asked)."""
    today = now.astimezone(Facts.zone).date()
    definition = cases.offered(code, today)
    rule = competence_on(definition, now) if definition else None
    if not territory and not (rule and not rule.place):
        return None, ""
    try:
        if definition is None:
            decides, words = orgs.competent_unit("commune", None, territory, today), None
            centre = orgs.one_stop_of(decides.id)
        else:
            words = ask(code, today, territory, definition.applicants[0], definition.channels[0], lang)
            decides, centre = words.answer.decides, words.answer.receives
    except Refusal as refusal:
        return None, refusal.message
    hours = plain.hours_in_words(orgs.calendar_for(centre.path).weekly_on(today), lang)
    name = orgs.full_territory_name(territory) if territory else ""
    return Office(centre, decides, hours, territory, name, words), ""


def _defined(
    procedure: Procedure, definition: Definition, office: Office | None, lang: str, now: datetime
) -> ProcedurePage:
    rule = competence_on(definition, now)
    data = procedure.information
    today = now.astimezone(Facts.zone).date()
    return ProcedurePage(
        code=definition.code,
        name=definition.name.in_(lang),
        field_id=procedure.field,
        field=_field(procedure, lang),
        summary=definition.summary.in_(lang),
        who=definition.who.in_(lang),
        notes=[n.in_(lang) for n in definition.notes],
        online="online" in definition.channels,
        partial=text_of(data.get("partial_reason"), lang) if definition.service_level == "partial" else "",
        times=_times(definition, office, lang, now),
        time_rule="",
        papers=[_paper(p, definition, lang) for p in definition.papers],
        fees=_fees(definition, today, lang),
        fee_note="",
        steps=[_step(s, lang) for s in plain.usual_path(definition)],
        results=[definition.result.name.in_(lang)],
        place=rule.text.in_(lang) if rule else "",
        levels=[plain.LEVELS[rule.level].in_(lang)] if rule else [],
        needs_place=bool(rule and rule.place),
        legal=[f"{name}, {clause}" if clause else name for name, clause in definition.legal],
        decision=definition.decision,
        source=definition.source,
        time_short=definition.variants[-1].time.text(lang),
        fee_short=plain.fees_in_short(_rated(definition, today), definition.channels[0], lang),
        form_title=definition.form.title.in_(lang),
        form_pages=len(definition.form.pages),
    )


def _times(definition: Definition, office: Office | None, lang: str, now: datetime) -> list[TimeLine]:
    lines = []
    for variant in definition.variants:
        note = ""
        if variant.cutoff:
            note = CUTOFF.in_(lang).format(time=f"{variant.cutoff:%H:%M}")
        due = None
        if office is not None:
            due = worktime.add(
                orgs.calendar_for(office.decides.path), now, variant.time, cutoff=variant.cutoff
            )
        lines.append(
            TimeLine(
                variant.name.in_(lang),
                in_words(variant.when, definition.form, lang),
                variant.time.text(lang),
                note,
                due.at if due else None,
                tuple(worktime.explain(due, lang)) if due else (),
            )
        )
    return lines


def _rated(definition: Definition, today: date) -> list[FeeRule]:
    """The fees as the resolutions in force today leave them."""
    rates = rates_of(definition.code)
    rules = plain.fees_in_force(definition.fees, today)
    return [with_rates(rule, definition.channels, today, rates) for rule in rules]


def _fees(definition: Definition, today: date, lang: str) -> list[FeeWords]:
    """Each fee with its kind, its amounts, who is exempt, and which resolution changes it."""
    rates, told = rates_of(definition.code), []
    for rule in _rated(definition, today):
        words = plain.fee_in_words(rule, definition, lang)
        changes = changes_in_words(rule, definition.channels, today, rates, lang)
        told.append(replace(words, changes=tuple(changes)))
    return told


def _paper(paper: PaperRule, definition: Definition, lang: str) -> PaperLine:
    kind = "registry" if paper.from_registry and paper.kind == "present" else paper.kind
    return PaperLine(
        paper.name.in_(lang),
        plain.copies_in_words(paper, lang),
        kind,
        in_words(paper.when, definition.form, lang),
        paper.hint.in_(lang) if paper.hint else "",
        paper.instead_of.in_(lang) if paper.instead_of else "",
        paper.required,
    )


def _step(step: Any, lang: str) -> StepLine:
    return StepLine(
        plain.step_in_words(step, lang),
        PLACES.get(step.at, Text()).in_(lang),
        step.within.text(lang) if step.within else "",
    )


def _field(procedure: Procedure, lang: str) -> str:
    return field_names().get(procedure.field, Text(procedure.field)).in_(lang)


def _information(procedure: Procedure, lang: str) -> ProcedurePage:
    """A procedure that is not filed here: what its source printed."""
    data = procedure.information
    channels = data.get("channels", [])
    return ProcedurePage(
        code=procedure.code,
        name=name_of(procedure, lang),
        field_id=procedure.field,
        field=_field(procedure, lang),
        summary=text_of(data.get("summary"), lang),
        who=text_of(data.get("who"), lang),
        notes=[text_of(n, lang) for n in data.get("notes", ())],
        online=False,
        partial="",
        times=_printed_times(channels, lang),
        time_rule=text_of(data.get("time_rule"), lang),
        papers=[_printed_paper(p, lang) for p in data.get("papers", ())],
        fees=_printed_fees(channels, lang),
        fee_note=text_of(data.get("fee_note"), lang),
        steps=[],
        results=[text_of(r["name"], lang) for r in data.get("results", ())],
        place=text_of(data.get("authority"), lang),
        levels=[plain.LEVELS[level].in_(lang) for level in procedure.levels if level in plain.LEVELS],
        needs_place="commune" in procedure.levels,
        legal=[text_of(data["rules"], lang)] if data.get("rules") else [],
        decision=data.get("decision") or "",
        source=(data.get("source") or {}).get("url", ""),
        time_short=text_of(channels[0]["time"], lang) if channels else "",
    )


def _printed_times(channels: list[Mapping[str, Any]], lang: str) -> list[TimeLine]:
    """One line when every channel takes as long, else one per channel."""
    told = [(plain.CHANNELS[c["channel"]].in_(lang), text_of(c["time"], lang)) for c in channels]
    if len({time for _, time in told}) == 1:
        return [TimeLine("", "", told[0][1])]
    return [TimeLine(name, "", time) for name, time in told]


def _printed_paper(paper: Mapping[str, Any], lang: str) -> PaperLine:
    copies = PaperRule("", Text(), "", paper.get("original") or 0, paper.get("copy") or 0)
    return PaperLine(
        text_of(paper["name"], lang),
        plain.copies_in_words(copies, lang),
        "present" if paper["kind"] == "present" else "submit",
        text_of(paper.get("condition"), lang),
    )


def _printed_fees(channels: list[Mapping[str, Any]], lang: str) -> list[FeeWords]:
    told = [
        (plain.CHANNELS[c["channel"]].in_(lang), plain.amount_in_words(c["fee"], lang))
        for c in channels
        if c.get("fee") is not None
    ]
    if not told:
        return []
    if len({amount for _, amount in told}) == 1 and len(told) == len(channels):
        told = [("", told[0][1])]
    return [FeeWords(FEE.in_(lang), tuple(told), (), "")]


CUTOFF = Text(
    "Tiếp nhận từ {time} trở đi thì tính từ ngày làm việc sau",
    "Accepted at or after {time}: counted from the next working day",
)
FEE = Text("Phí, lệ phí", "Fees")
PLACES = {
    "reception": Text("Bộ phận Một cửa", "One-stop centre"),
    "competent": Text("Cơ quan giải quyết", "The agency that decides"),
    "asked": Text("Cơ quan được hỏi", "The agency asked"),
}
