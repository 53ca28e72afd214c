"""What follows when a case that mends a result is over: the new paper takes the place of the old one."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions import perform
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case
from tinhso.core.cases.rules.corrections import CorrectedData
from tinhso.core.cases.state import State, load_state
from tinhso.core.signing.actions import replace
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.queries import by_code
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.staff import RESULT_KIND

OVER = (Status.DONE, Status.RETURNED, Status.STOPPED, Status.NOT_ACCEPTED)
REASON = "Đã có bản đính chính"


def end_correction(case_id: UUID) -> None:
    """Replace the result that a finished case mends, and tell the old case; nothing for any other case. Safe to repeat."""
    case = Case.objects.filter(id=case_id).first()
    state = load_state(case.state) if case is not None else State()
    if case is None or state.corrects is None or state.status not in OVER:
        return
    issued = state.result.issued_code if state.result and state.result.kind == "result" else ""
    actor = system_actor("onestop.corrections")
    if issued:
        _replace(state.corrects.code, issued)
    data = CorrectedData(code=case.code, issued_code=issued)
    try:
        perform(UUID(state.corrects.case_id), "correction_ended", data, actor=actor)
    except Refusal as refusal:
        if refusal.code != "ended":
            raise


def _replace(old_code: str, issued: str) -> None:
    new = by_code(issued)
    if new is None:
        return
    old = IssuedDocument.objects.filter(case_code=old_code, kind=RESULT_KIND, state=IssuedState.VALID)
    for document in old:
        replace(document, by=new, reason=REASON, actor=system_actor("onestop.corrections"))
