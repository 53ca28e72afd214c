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
from tinhso.core.cases.definition.model import Definition, PaperRule, Step
from tinhso.core.cases.models import Act
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import State, Supplement, Token
from tinhso.core.files.models import StoredFile
from tinhso.core.forms.texts import Text
from tinhso.core.notify.models import Message
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.ui.parts import TimelineItem
from tinhso.core.ui.words import money, vi_datetime
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.queries.money import Money, money_of
from tinhso.systems.onestop.rules.plain import step_in_words

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


def case_page(code: str, *, actor: Actor, lang: str) -> CasePage:
    """The page of one's own case; `NotFound` for anybody else's. Five queries, whatever the history."""
    file = cases.open_case(code, actor=actor)
    acts = cases.acts_of(file.case.id)
    return CasePage(
        file=file,
        name=file.definition.name.in_(lang),
        status=status_words(file.state, file.definition, lang),
        timeline=timeline(acts, file.state, file.definition, lang),
        papers=_papers(file, lang),
        documents=documents_of(file),
        money=money_of(file.state, lang),
        messages=_messages(file, actor),
    )


def status_words(state: State, definition: Definition, lang: str) -> str:
    """What the status means for the applicant and what comes next, in a sentence or two."""
    waiting = state.at("ask_applicant")
    if waiting is not None:
        return texts.CONFIRM_WAITING.in_(lang).format(due=vi_datetime(waiting.due_at))
    return texts.STATUS[state.status].in_(lang).format(**values_of(state, definition, lang))


def values_of(state: State, definition: Definition, lang: str) -> dict[str, str]:
    """The values that sentences about a case name."""
    token = state.tokens[0] if state.tokens else None
    check, asked = state.at("receive"), state.open_supplement
    confirm = state.at("ask_applicant")
    owed = state.money.to_pay
    reception = state.reception.name if state.reception else ""
    return {
        "reception": reception,
        "competent": state.competent.name if state.competent else "",
        "where": token.unit.name if token else reception,
        "step": _step_name(token, definition, lang) if token else "",
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


def _step_name(token: Token, definition: Definition, lang: str) -> str:
    step = definition.steps.get(token.step)
    return step_in_words(step, lang) if step else ""


def timeline(acts: list[Act], state: State, definition: Definition, lang: str) -> list[TimelineItem]:
    """What happened, oldest first; then what happens now, and the appointment."""
    items: list[TimelineItem] = []
    steps: dict[str, str] = {}
    for act in acts:
        if item := _happened(act, steps, definition, lang):
            items.append(item)
        steps |= {t["id"]: t["step"] for t in _opened(act)}
    for token in state.tokens:
        waits = token.do in ("ask_applicant", "pay")
        passing_on = token.do == "receive" and state.status == Status.ACCEPTED
        title = texts.PASSING_ON.in_(lang) if passing_on else _step_name(token, definition, lang)
        items.append(
            TimelineItem(
                title or texts.WAITING_FOR.in_(lang),
                token.due_at,
                token.unit.name if not waits else "",
                state="waiting" if waits else "now",
            )
        )
    if not Status(state.status).is_finished and state.clock.due_current and state.status != Status.SUPPLEMENT:
        reception = state.reception.name if state.reception else ""
        items.append(
            TimelineItem(texts.RESULT_COMES.in_(lang), state.clock.due_current, reception, state="next")
        )
    return items


def _happened(act: Act, steps: Mapping[str, str], definition: Definition, lang: str) -> TimelineItem | None:
    """One line of the history; `steps` are the steps of the tokens opened before."""
    title = texts.HAPPENED.get(act.kind, Text()).in_(lang)
    if act.kind == "wake" and any(e.get("outcome") == "silence" for e in act.effects):
        title = texts.SILENCE.in_(lang)
    if act.kind == "sign" and any(e.get("result", {}).get("kind") == "refusal" for e in act.effects):
        title = texts.REFUSAL_SIGNED.in_(lang)
    if act.kind == "complete" and (done := _closed_step(act, steps, definition)):
        title = texts.STEP_DONE.in_(lang).format(step=step_in_words(done, lang))
    if not title:
        return None
    by = in_words(act.actor)
    state = "refused" if act.kind in texts.REFUSED_ACTS else "done"
    return TimelineItem(title, act.at, by, _said(act, definition, lang), state)


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
    ]


def _messages(file: CaseFile, actor: Actor) -> list[Message]:
    if actor.person_id is None:
        return []
    rows = Message.objects.filter(person_id=actor.person_id, link=case_url(file.case.code))
    return list(rows.order_by("-created_at")[:MESSAGES])


def case_url(code: str) -> str:
    """The address of the applicant's page of a case."""
    return reverse("onestop:my_case", args=[code])
