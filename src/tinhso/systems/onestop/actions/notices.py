"""Telling people about their cases, and keeping cases findable."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.cases.models import Case
from tinhso.core.cases.state import load_state
from tinhso.core.search import actions as search
from tinhso.core.search.rules import scope_of
from tinhso.systems.onestop.queries.case_page import case_url

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
