"""What the one-stop does when something happened to a case or a procedure. Each may run again: all are idempotent."""

from __future__ import annotations

from uuid import UUID

from tinhso.contracts.cases import CaseChanged, ProcedureChanged
from tinhso.core.access.actor import system_actor
from tinhso.core.cases.choices import Status
from tinhso.systems.onestop.actions import catalogue, corrections, notices, officers
from tinhso.systems.onestop.documents import decided_by_time, make_document, make_receipts, revoke_receipts

PAPER_OF_ACT = {
    "accept": "receipt",
    "ask_supplement": "supplement_request",
    "refuse_reception": "refusal",
    "extend": "apology",
    "stop": "stop_notice",
    "approve_withdrawal": "stop_notice",
}
RECEIPT_ACTS = ("collect", "payment_confirmed")
PAPER_ACTS = frozenset((*PAPER_OF_ACT, *RECEIPT_ACTS, "void_payment"))


def may_need_paper(event: CaseChanged) -> bool:
    """Whether an act may call for a printed form, as far as the event alone says."""
    return event.act in PAPER_ACTS or _ended_by_time(event)


def _ended_by_time(event: CaseChanged) -> bool:
    """The work ended by an act of the clock: perhaps decided by the passing of time."""
    return event.act == "wake" and event.status == Status.DONE and event.status_before != Status.DONE


def index_procedure(event: ProcedureChanged, key: str) -> None:
    """A procedure changed: let the search find what it says now."""
    catalogue.index_procedure(event.procedure)


def index_case(event: CaseChanged, key: str) -> None:
    """A case changed: let its people and its units find it."""
    notices.index_case(UUID(event.case_id))


def count_use(event: CaseChanged, key: str) -> None:
    """A case was filed: its procedure is used once more. The delivery's transaction makes it count once."""
    catalogue.count_use(event.procedure)


def notify(event: CaseChanged, key: str) -> None:
    """Tell the applicant, and whoever filed for them; what the clock brought, the officers it is about."""
    notices.tell_applicant(event)
    if event.act == "wake":
        officers.tell_officers(event)


def make_paper(event: CaseChanged, key: str) -> None:
    """Make the printed form that an act calls for, sealed; tried again while the trust service is away."""
    if event.act in RECEIPT_ACTS:
        make_receipts(UUID(event.case_id), actor=system_actor("onestop.papers"))
    if event.act == "void_payment":
        revoke_receipts(UUID(event.case_id), actor=system_actor("onestop.papers"))
    kind = PAPER_OF_ACT.get(event.act)
    if _ended_by_time(event) and decided_by_time(UUID(event.case_id)):
        kind = "deemed"
    if kind is not None:
        make_document(UUID(event.case_id), kind, actor=system_actor("onestop.papers"))


def end_correction(event: CaseChanged, key: str) -> None:
    """A case that mends a result is over: the new paper takes the place of the old one."""
    corrections.end_correction(UUID(event.case_id))
