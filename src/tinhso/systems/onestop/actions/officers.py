"""Telling officers by name what the clock brought: a reminder to who has a step, lateness to the head."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from tinhso.contracts.cases import CaseChanged
from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.models import Act
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import Token
from tinhso.core.notify import actions as notify
from tinhso.core.notify.queries import language_of
from tinhso.core.ui.words import vi_datetime
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.actions.handover import assignees
from tinhso.systems.onestop.rules.standing import places, working

READER = system_actor("onestop.officers")


def tell_officers(event: CaseChanged) -> None:
    """One message per person and thing for what an act of the clock brought; once however often it is delivered."""
    act = Act.objects.filter(case_id=event.case_id, seq=event.seq, kind="wake").first()
    if act is None:
        return
    file = cases.open_case_by_id(UUID(event.case_id), actor=READER, purpose="Nhắc việc")
    reminded = {e["token_id"] for e in act.effects if e.get("type") == "Reminded"}
    opened = {e["token"]["id"]: e["token"]["do"] for e in act.effects if e.get("type") == "TokenOpened"}
    for token in file.state.tokens:  # who no longer has it need not be told
        if token.id in reminded:
            _tell("remind", token, event, file)
        elif opened.get(token.id) in ("late", "apology"):
            _tell(opened[token.id], token, event, file)


def _tell(kind: str, token: Token, event: CaseChanged, file: CaseFile) -> None:
    """The person who took the step; while nobody has, everybody who may."""
    people = [token.person_id] if token.person_id else [person for person, _name in assignees(token)]
    for person in map(UUID, people):
        with notify.in_language_of(person):
            title, body = _texts(kind, token, event, file, language_of(person))
        notify.send(
            person_id=person,
            key=f"case:{event.case_id}:{event.seq}:{kind}:{token.id[-12:]}:{person}",
            title=title,
            body=body,
            link=reverse("onestop:staff_case", args=[event.case_code]),
        )


def _texts(kind: str, token: Token, event: CaseChanged, file: CaseFile, lang: str) -> tuple[str, str]:
    state, definition = file.state, file.definition
    step = definition.steps.get(token.step)
    at = working(places(state, definition, lang))
    due = state.clock.due_current if kind == "apology" else token.due_at
    values = {
        "code": event.case_code,
        "procedure": definition.name.in_(lang),
        "step": step.name.in_(lang) if step else "; ".join(dict.fromkeys(p.name for p in at)),
        "where": "; ".join(dict.fromkeys(p.unit for p in at)),
        "due": vi_datetime(due),
    }
    title, body = texts.OFFICERS[kind]
    return title.in_(lang).format(**values), body.in_(lang).format(**values)
