"""Telling people about their cases, and keeping cases findable."""

from __future__ import annotations

from uuid import UUID

from tinhso.contracts.cases import CaseChanged
from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import ChildRef, load_state
from tinhso.core.notify import actions as notify
from tinhso.core.notify.queries import language_of
from tinhso.core.people.models import Person
from tinhso.core.search import actions as search
from tinhso.core.search.rules import scope_of
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.documents.decisions import is_deemed
from tinhso.systems.onestop.queries.case_page import (
    applicant_was_silent,
    case_url,
    supplement_names,
    values_of,
)

SOURCE = "case"


def index_case(case_id: UUID) -> None:
    """Let a case be found by its code, procedure and applicant: by its people, and by the units that hold it."""
    case = Case.objects.filter(id=case_id).select_related("procedure", "reception", "competent").first()
    if case is None:
        return
    state = load_state(case.state)
    units = [case.reception.path, case.competent.path, *(t.unit.path for t in state.tokens)]
    search.index(
        None,
        source=SOURCE,
        key=case.code,
        title=f"{case.applicant_name} – {case.procedure.name}",
        summary=case.code,
        url=case_url(case.code),
        scope=scope_of(people=[str(case.applicant_id), state.filer_id], paths=units),
        keywords=state.applicant.identity if state.applicant else "",
        at=case.submitted_at,
    )


def tell_applicant(event: CaseChanged) -> None:
    """One message to the applicant and one to whoever filed, for acts that concern them; once per act and person."""
    file = cases.open_case_by_id(UUID(event.case_id), actor=system_actor("onestop.notices"))
    kind = notice_kind(event, file)
    if kind is None:
        return
    wanted = dict.fromkeys(UUID(p) for p in (event.applicant_id, event.filer_id) if p)
    emails = dict(Person.objects.filter(id__in=wanted).values_list("id", "email"))
    for person in wanted:
        with notify.in_language_of(person):
            title, body = notice_text(kind, event, file, language_of(person))
        notify.send(
            person_id=person,
            key=f"case:{event.case_id}:{event.seq}:{person}",
            title=title,
            body=body,
            link=case_url(event.case_code),
            email=emails.get(person) or None,
        )


#: What a sub-case tells the applicant itself: only what they have to do. The case it was filed for tells the rest.
OF_SUBCASES = frozenset({"ask_supplement", "supplement", "confirm_wanted", "pay_wanted"})


def may_be_told(event: CaseChanged) -> bool:
    """Whether an act may bring a notice, as far as the event alone says; `notice_kind` looks at the case too."""
    waits = event.status in (Status.DONE, Status.FINANCIAL) and event.status != event.status_before
    return waits or event.act in texts.NOTICES or event.act not in NOT_MOVING


def notice_kind(event: CaseChanged, file: CaseFile) -> str | None:
    """Which notice an act brings: its own, or what the case now waits for; None when it is the agency's own affair."""
    kind = _kind(event, file)
    return None if file.state.parent is not None and kind not in OF_SUBCASES else kind


def _kind(event: CaseChanged, file: CaseFile) -> str | None:
    if event.status == Status.DONE and event.status_before != Status.DONE:
        return "deemed" if is_deemed(file.state) else "done"
    if event.act == "recount" and not file.state.clock.recounts:
        return None  # only inner steps moved
    if event.act in texts.NOTICES:
        failed = event.act == "child_ended" and _child_of(event, file).status != "done"
        return "child_failed" if failed else event.act
    if event.status == Status.FINANCIAL and event.status_before != Status.FINANCIAL:
        return "pay_wanted"
    return None if event.act in NOT_MOVING else _by_what_it_did(event, file)


#: Acts that move no step; the most frequent ones, so that they need not be looked at again.
NOT_MOVING = frozenset(
    {"note", "take", "assign", "release", "draft", "number", "rate", "direct", "auto_failed"}
)


def _by_what_it_did(event: CaseChanged, file: CaseFile) -> str | None:
    """Whether the act put a draft before the applicant, or took their silence for an answer."""
    act = Act.objects.filter(case_id=event.case_id, seq=event.seq).first()
    if act is None:
        return None
    opened = [e["token"] for e in act.effects if e.get("type") == "TokenOpened"]
    if any(t["do"] == "ask_applicant" for t in opened) and file.state.at("ask_applicant"):
        return "confirm_wanted"
    steps = {v.token: v.step for v in file.state.visits}
    return "silence" if act.kind == "wake" and applicant_was_silent(act, steps, file.definition) else None


def _child_of(event: CaseChanged, file: CaseFile) -> ChildRef:
    """The sub-case an act of its parent is about."""
    act = Act.objects.get(case_id=event.case_id, seq=event.seq)
    return next(c for c in file.state.children if c.case_id == act.data["case_id"])


def notice_text(kind: str, event: CaseChanged, file: CaseFile, lang: str) -> tuple[str, str]:
    """Title and body of a notice in a language."""
    title, body = texts.NOTICES[kind]
    values = {
        **values_of(file.state, file.definition, lang),
        "code": event.case_code,
        "procedure": file.definition.name.in_(lang),
    }
    if kind in ("child_filed", "child_ended", "child_failed"):
        child = _child_of(event, file)
        named = cases.offered(child.procedure)
        values |= {"agency": child.unit.name, "child": named.name.in_(lang) if named else child.code}
    if kind == "reorganise" and file.state.competent and file.state.hands_out:
        values |= {"agency": file.state.competent.name, "centre": file.state.hands_out.name}
    if kind == "extend" and file.state.clock.extension:
        values["reason"] = file.state.clock.extension.reason
    if kind == "recount" and file.state.clock.recounts:
        values["reason"] = file.state.clock.recounts[-1].reason
    if kind == "correct" and file.state.corrections:
        last = file.state.corrections[-1]
        values |= {"wrong": last.wrong, "apology": last.apology}
    if kind == "ask_supplement" and file.state.supplements:
        asked = file.state.supplements[-1]
        values["items"] = "; ".join(supplement_names(asked, file.definition, lang))
    return title.in_(lang).format(**values), body.in_(lang).format(**values)
