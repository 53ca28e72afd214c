"""Who may open the papers made in a case."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.cases.models import Case
from tinhso.core.cases.policy import is_applicant, may_see
from tinhso.core.cases.state import load_state
from tinhso.core.files.models import StoredFile

INNER = "onestop.inner"


def may_open_document(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may see the case may open its printed forms and its result (purpose `onestop.<kind>:<case id>`), its
    applicant not those of the agencies' inner affairs (`INNER`)."""
    try:
        case_id = UUID(stored.purpose.partition(":")[2])
    except ValueError:
        return False
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        return False
    state = load_state(case.state)
    inner = stored.purpose.startswith(INNER)
    return may_see(actor, case, state) and not (inner and is_applicant(actor, case, state))
