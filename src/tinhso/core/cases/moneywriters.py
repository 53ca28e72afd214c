"""The cash book's rows of an act: what its effects say of money, in the act's own transaction."""

from __future__ import annotations

from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.cases import effects as fx
from tinhso.core.cases.models import Case
from tinhso.core.cases.money import Payment, Refund
from tinhso.core.cases.state import State
from tinhso.core.db.batch import Batch
from tinhso.core.payments import models as book
from tinhso.kit.uuid7 import uuid7

VOID_RECEIPTS = "UPDATE payments_receipt SET void = true WHERE payment_id = %s"
KEEP_CONTENT = (
    "INSERT INTO payments_transfer (id, subject_id, subject_key, about, content, provider, kind, amount, unit_id, asked_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (content) DO UPDATE SET amount = EXCLUDED.amount, asked_at = EXCLUDED.asked_at "
    "WHERE payments_transfer.subject_id = EXCLUDED.subject_id"
)


def write_money(batch: Batch, case: Case, state: State, effects: list[fx.EffectUnion], actor: Actor) -> None:
    """Money in, void receipts, refunds and requested transfers as rows."""
    for effect in effects:
        match effect:
            case fx.PaymentTaken(payment=payment):
                _payment(batch, case, state, payment, actor)
            case fx.PaymentVoided(payment_id=key, reason=reason, at=at):
                batch.update(book.Payment, {"id": UUID(key)}, must_hit=True, void=reason[:500], voided_at=at)
                batch.execute(VOID_RECEIPTS, [UUID(key)])
            case fx.RefundSet(refund=refund):
                _refund(batch, case, state, refund, actor)
            case fx.PaymentAsked(request=request):
                for part in request.parts:
                    row = [uuid7(), case.id, case.code, _about(case, state), part.content, request.provider,
                           part.kind, int(part.amount), case.reception_id, request.at]  # fmt: skip
                    batch.execute(KEEP_CONTENT, row, must_hit=True)


def _about(case: Case, state: State) -> str:
    return f"{case.procedure_id} · {case.applicant_name}"[:300]


def _payment(batch: Batch, case: Case, state: State, payment: Payment, actor: Actor) -> None:
    used = sum(int(line.amount) for line in payment.lines)
    where = {"unit_id": case.reception_id, "agency_id": case.competent_id}
    batch.insert(
        book.Payment,
        id=UUID(payment.id),
        subject_id=case.id,
        subject_key=case.code,
        about=_about(case, state),
        at=payment.at,
        how=payment.how,
        amount=int(payment.amount),
        surplus=int(payment.amount) - used,
        payer=payment.payer[:200],
        provider=payment.provider,
        transaction=payment.transaction,
        by_id=actor.person_id,
        by_name=payment.by[:200],
        void="",
        **where,
    )
    for receipt in payment.receipts:
        batch.insert(
            book.Receipt,
            id=uuid7(),
            payment_id=UUID(payment.id),
            kind=receipt.kind,
            series=receipt.series,
            serial=receipt.serial,
            number=receipt.number,
            amount=int(receipt.amount),
            at=payment.at,
            void=False,
            **where,
        )


def _refund(batch: Batch, case: Case, state: State, refund: Refund, actor: Actor) -> None:
    if refund.state != "asked":
        batch.update(
            book.Refund,
            {"id": UUID(refund.id)},
            must_hit=True,
            state=refund.state,
            decided_at=refund.decided_at,
            decided_by=refund.decided_by[:200],
            reference=refund.reference[:120],
        )
        return
    by_kind = {line.kind: int(line.amount) for line in refund.lines}
    batch.insert(
        book.Refund,
        id=UUID(refund.id),
        subject_id=case.id,
        subject_key=case.code,
        about=_about(case, state),
        unit_id=case.reception_id,
        agency_id=case.competent_id,
        state="asked",
        amount=int(refund.amount),
        kept=int(refund.kept),
        phi=by_kind.get("phi", 0),
        le_phi=by_kind.get("le_phi", 0),
        how=refund.how,
        to=refund.to[:300],
        reason=refund.reason[:500],
        at=refund.at,
        by_id=actor.person_id,
        by_name=refund.by[:200],
        decided_by="",
        reference="",
    )
