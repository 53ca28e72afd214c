"""Money: what the payer was told, what came in, what was recorded wrongly, what goes back."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect
from tinhso.core.cases.money import Payment, PaymentRequest, Refund
from tinhso.core.cases.state import State


class PaymentAsked(Effect, frozen=True):
    """The applicant was told how to pay; the same provider's former request no longer holds."""

    request: PaymentRequest

    def apply(self, state: State) -> State:
        kept = tuple(r for r in state.requests if r.provider != self.request.provider)
        return replace(state, requests=(*kept, self.request))


class PaymentTaken(Effect, frozen=True):
    """Money came in."""

    payment: Payment

    def apply(self, state: State) -> State:
        return replace(state, payments=(*state.payments, self.payment))


class PaymentVoided(Effect, frozen=True):
    """A payment was recorded wrongly: its receipts keep their numbers and count for nothing."""

    payment_id: str
    reason: str
    by: str
    at: datetime

    def apply(self, state: State) -> State:
        return replace(
            state,
            payments=tuple(
                replace(p, void=self.reason, void_by=self.by, voided_at=self.at)
                if p.id == self.payment_id
                else p
                for p in state.payments
            ),
        )


class RefundSet(Effect, frozen=True):
    """A refund was asked for, or decided; the same id replaces what it was before."""

    refund: Refund

    def apply(self, state: State) -> State:
        kept = tuple(r for r in state.refunds if r.id != self.refund.id)
        return replace(state, refunds=(*kept, self.refund))
