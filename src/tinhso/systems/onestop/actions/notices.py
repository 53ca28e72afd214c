"""Telling people about their cases, and keeping cases findable."""

from __future__ import annotations

from uuid import UUID

from tinhso.contracts.cases import CaseChanged
from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import load_state
from tinhso.core.notify import actions as notify
from tinhso.core.notify.queries import language_of
from tinhso.core.people.models import Person
from tinhso.core.search import actions as search
from tinhso.core.search.rules import scope_of
from tinhso.systems.onestop import texts
from tinhso.systems.onestop.queries.case_page import case_url, supplement_names, values_of

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


def notice_kind(event: CaseChanged, file: CaseFile) -> str | None:
    """Which notice an act brings: its own, or what the case now waits for; None when it is the agency's own affair."""
    if event.status == Status.DONE and event.status_before != Status.DONE:
        return "done"
    if event.act == "recount" and not file.state.clock.recounts:
        return None  # only inner steps moved
    if event.act in texts.NOTICES:
        return event.act
    if event.act in ("complete", "answer", "hand_over") and file.state.at("ask_applicant"):
        return "confirm_wanted"
    if event.status == Status.FINANCIAL and event.status_before != Status.FINANCIAL:
        return "pay_wanted"
    return None


def notice_text(kind: str, event: CaseChanged, file: CaseFile, lang: str) -> tuple[str, str]:
    """Title and body of a notice in a language."""
    title, body = texts.NOTICES[kind]
    values = {
        **values_of(file.state, file.definition, lang),
        "code": event.case_code,
        "procedure": file.definition.name.in_(lang),
    }
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
