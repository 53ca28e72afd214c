"""Who may open the papers made in a case."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.cases.models import Case
from tinhso.core.cases.policy import may_see
from tinhso.core.cases.state import load_state
from tinhso.core.files.models import StoredFile


def may_open_document(actor: Actor, stored: StoredFile) -> bool:
    """Whoever may see the case may open its printed forms and its result (purpose `onestop.<kind>:<case id>`)."""
    try:
        case_id = UUID(stored.purpose.partition(":")[2])
    except ValueError:
        return False
    case = Case.objects.filter(id=case_id).first()
    return case is not None and may_see(actor, case, load_state(case.state))
