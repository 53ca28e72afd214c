"""A case as its applicant reads it: status in words, history, money, papers, documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import in_words
from tinhso.core.cases import queries as cases
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, Supplement
from tinhso.core.files.models import StoredFile
from tinhso.core.forms.texts import Text
from tinhso.core.notify.models import Message
from tinhso.core.procedures.model import Definition, PaperRule, Step
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.ui.parts import TimelineItem
from tinhso.core.ui.words import money, vi_datetime
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.documents import is_inner
from tinhso.systems.onestop.documents.deadlines import Deadlines, deadlines
from tinhso.systems.onestop.documents.decisions import is_deemed
from tinhso.systems.onestop.queries.money import Money, money_of
from tinhso.systems.onestop.queries.standing import Standing, standing
from tinhso.systems.onestop.rules.plain import step_in_words
from tinhso.systems.onestop.rules.standing import Place, places, working

MESSAGES = 20


@dataclass(frozen=True, slots=True)
class GivenPaper:
    """A paper in the file: what was attached, or that its original was shown."""

    name: str
    files: list[StoredFile]
    shown: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document of the case to download."""

    title: str
    url: str
    verify_url: str
    at: datetime
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything the applicant's page of a case shows."""

    file: CaseFile
    name: str
    status: str
    timeline: list[TimelineItem]
    papers: list[GivenPaper]
    documents: list[DocumentLine]
    money: Money
    messages: list[Message]
    standing: Standing
    deadlines: Deadlines | None


def case_page(code: str, *, actor: Actor, lang: str, now: datetime) -> CasePage:
    """The page of one's own case; `NotFound` for anybody else's. Five queries, whatever the history; six when it
    belongs with others."""
    file = cases.open_case(code, actor=actor)
    acts = cases.acts_of(file.case.id)
    where = standing(file, actor, lang)
    return CasePage(
        file=file,
        name=file.definition.name.in_(lang),
        status=status_words(file.state, file.definition, lang),
        timeline=timeline(acts, file.state, file.definition, lang),
        papers=_papers(file, lang),
        documents=documents_of(file),
        money=money_of(file.state, lang),
        messages=_messages(file, actor),
        standing=where,
        deadlines=deadlines(file, now, lang, children=where.children),
    )


def status_words(state: State, definition: Definition, lang: str) -> str:
    """What the status means for the applicant and what comes next, in a sentence or two."""
    waiting = state.at("ask_applicant")
    if waiting is not None:
        return texts.CONFIRM_WAITING.in_(lang).format(due=vi_datetime(waiting.due_at))
    if is_deemed(state):
        return texts.DEEMED.in_(lang).format(**values_of(state, definition, lang))
    if state.status == Status.PROCESSING and len(agencies := agencies_at_work(state, definition, lang)) > 1:
        return texts.SEVERAL.in_(lang).format(count=len(agencies), agencies="; ".join(agencies))
    return texts.STATUS[state.status].in_(lang).format(**values_of(state, definition, lang))


def agencies_at_work(state: State, definition: Definition, lang: str) -> list[str]:
    """The agencies that have the case in hand now, each once."""
    found = working(places(state, definition, lang))
    return list(dict.fromkeys(p.unit for p in found if p.kind not in ("ask_applicant", "pay")))


def values_of(state: State, definition: Definition, lang: str) -> dict[str, str]:
    """The values that sentences about a case name."""
    at = next(iter(working(places(state, definition, lang))), None)
    check, asked = state.at("receive"), state.open_supplement
    confirm = state.at("ask_applicant")
    owed = state.money.to_pay
    reception = state.reception.name if state.reception else ""
    return {
        "reception": reception,
        "competent": state.competent.name if state.competent else "",
        "where": at.unit if at else reception,
        "step": _plain_name(at, definition, lang) if at else "",
        "result": state.result.name if state.result else "",
        "agency": "",
        "child": "",
        "check_by": vi_datetime(check.due_at) if check else "",
        "answer_by": vi_datetime(asked.answer_by) if asked else "",
        "confirm_by": vi_datetime(confirm.due_at) if confirm else "",
        "amount": money(owed),
        "reason": state.stop_reason,
        "due": vi_datetime(state.clock.due_current),
        "items": "; ".join(supplement_names(asked, definition, lang)) if asked else "",
        "collect": texts.COLLECT.get(state.return_how, texts.COLLECT["counter"])
        .in_(lang)
        .format(reception=state.hands_out.name if state.hands_out else ""),
    }


def supplement_names(asked: Supplement, definition: Definition, lang: str) -> list[str]:
    """The papers asked for by name, and the note."""
    names = [p.name.in_(lang) if (p := definition.paper(i.paper)) else i.paper for i in asked.items]
    return [*names, asked.note.rstrip(". ")] if asked.note else names


def _plain_name(place: Place, definition: Definition, lang: str) -> str:
    """What is done at a place, for somebody who does not work there."""
    step = definition.steps.get(place.step)
    return step_in_words(step, lang) if step else ""


def timeline(acts: list[Act], state: State, definition: Definition, lang: str) -> list[TimelineItem]:
    """What happened, oldest first; then what happens now, wherever that is, and the appointment."""
    items: list[TimelineItem] = []
    steps: dict[str, str] = {}
    agencies = {c.case_id: c.unit.name for c in state.children}
    for act in acts:
        if item := _happened(act, steps, definition, lang, agencies):
            items.append(item)
        steps |= {t["id"]: t["step"] for t in _opened(act)}
    passing_on = state.status == Status.ACCEPTED
    for place in working(places(state, definition, lang)):
        waits = place.kind in ("ask_applicant", "pay")
        title = _plain_name(place, definition, lang)
        if place.kind == "receive" and passing_on:
            title = texts.PASSING_ON.in_(lang)
        items.append(
            TimelineItem(
                title or texts.WAITING_FOR.in_(lang),
                place.due,
                place.unit if not waits else "",
                state="waiting" if waits else "now",
            )
        )
    if not Status(state.status).is_finished and state.clock.due_current and state.status != Status.SUPPLEMENT:
        reception = state.reception.name if state.reception else ""
        items.append(
            TimelineItem(texts.RESULT_COMES.in_(lang), state.clock.due_current, reception, state="next")
        )
    return items


def _happened(
    act: Act, steps: Mapping[str, str], definition: Definition, lang: str, agencies: Mapping[str, str]
) -> TimelineItem | None:
    """One line of the history; `steps` are the steps of the tokens opened before, `agencies` those of sub-cases."""
    title = _happened_title(act, steps, definition, lang)
    if act.kind in ("child_filed", "child_ended"):
        agency = agencies.get(str(act.data.get("case_id", "")), "")
        title = texts.HAPPENED[act.kind].in_(lang).format(agency=agency)
    if not title:
        return None
    by = in_words(act.actor)
    state = "refused" if act.kind in texts.REFUSED_ACTS else "done"
    return TimelineItem(title, act.at, by, _said(act, definition, lang), state)


def _happened_title(act: Act, steps: Mapping[str, str], definition: Definition, lang: str) -> str:
    """What an act is called; empty for what is the agency's own affair."""
    result: dict[str, Any] = next((e["result"] for e in act.effects if e.get("type") == "ResultSet"), {})
    if act.kind == "wake":
        if result:
            return str(result["name"])
        return texts.SILENCE.in_(lang) if applicant_was_silent(act, steps, definition) else ""
    if act.kind == "sign" and result.get("kind") == "refusal":
        return texts.REFUSAL_SIGNED.in_(lang)
    if act.kind in ("complete", "second", "vote"):  # a step somebody else has to confirm is not done yet
        done = _closed_step(act, steps, definition)
        return texts.STEP_DONE.in_(lang).format(step=step_in_words(done, lang)) if done else ""
    return texts.HAPPENED.get(act.kind, Text()).in_(lang)


def applicant_was_silent(act: Act, steps: Mapping[str, str], definition: Definition) -> bool:
    """Whether the clock took the applicant's silence for an answer; other units' silence is not theirs to hear of."""
    closed = [steps.get(e["token_id"], "") for e in act.effects if e.get("outcome") == "silence"]
    return any(definition.steps[s].do == "ask_applicant" for s in closed if s in definition.steps)


def _opened(act: Act) -> list[dict[str, Any]]:
    """The tokens an act opened."""
    found = [e["token"] for e in act.effects if e.get("type") == "TokenOpened"]
    return found + [t for e in act.effects if e.get("type") == "TokensUnparked" for t in e.get("tokens", ())]


def _closed_step(act: Act, steps: Mapping[str, str], definition: Definition) -> Step | None:
    closed = next((e["token_id"] for e in act.effects if e.get("type") == "TokenClosed"), "")
    return definition.steps.get(steps.get(closed, ""))


def _said(act: Act, definition: Definition, lang: str) -> str:
    """What the act said, where the applicant should read it."""
    data: Mapping[str, Any] = act.data
    if act.kind == "ask_supplement":
        lines = [
            f"{p.name.in_(lang) if (p := definition.paper(i['paper'])) else i['paper']}: {i['reason']}"
            for i in data.get("items", ())
        ]
        return ". ".join(line.rstrip(". ") for line in [*lines, data.get("note", "")] if line)
    if act.kind == "rate":
        return f"{data.get('stars', '')}/5. {data.get('text', '')}".strip()
    return str(data.get("reason") or (data.get("text") if act.kind == "object" else "") or "")


def _papers(file: CaseFile, lang: str) -> list[GivenPaper]:
    wanted = [UUID(f) for p in file.state.papers for f in p.files]
    known = {str(f.id): f for f in StoredFile.objects.filter(id__in=wanted)} if wanted else {}
    rules: dict[str, PaperRule] = {p.id: p for p in file.definition.papers}
    return [
        GivenPaper(
            rules[p.id].name.in_(lang) if p.id in rules else p.id,
            [known[f] for f in p.files if f in known],
            p.shown,
        )
        for p in file.state.papers
    ]


def documents_of(file: CaseFile) -> list[DocumentLine]:
    """The papers issued in a case, latest first; those replaced since say so."""
    rows = (
        IssuedDocument.objects.filter(case_code=file.case.code).select_related("file").order_by("-issued_at")
    )
    return [
        DocumentLine(
            d.title,
            reverse("files:send_named", args=[d.file_id, d.file.name]),
            f"/v/{d.code}/",
            d.issued_at,
            d.state != IssuedState.VALID,
        )
        for d in rows
        if not is_inner(d.kind)
    ]


def _messages(file: CaseFile, actor: Actor) -> list[Message]:
    if actor.person_id is None:
        return []
    rows = Message.objects.filter(person_id=actor.person_id, link=case_url(file.case.code))
    return list(rows.order_by("-created_at")[:MESSAGES])


def case_url(code: str) -> str:
    """The address of the applicant's page of a case."""
    return reverse("onestop:my_case", args=[code])
