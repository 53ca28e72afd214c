"""Money as acts: paying, confirming, voiding, waiving, giving back. Sums and the finance state follow from them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import (
    EffectUnion,
    FeesSet,
    PaymentAsked,
    PaymentTaken,
    PaymentVoided,
    StatusSet,
    fold,
)
from tinhso.core.cases.money import WAIVED, Line, Part, Payment, PaymentRequest, Receipt, paid_on
from tinhso.core.cases.rules.moves import advance, resume
from tinhso.core.cases.state import State, dump
from tinhso.core.procedures.fees import Fee, fees_for
from tinhso.core.procedures.model import Definition, Situation
from tinhso.kit.money import vnd
from tinhso.kit.uuid7 import uuid7

LAW = "Luật Phí và lệ phí 97/2015/QH13"


# What is owed ---------------------------------------------------------------------------------------------------


def fees_on_filing(definition: Definition, state: State, facts: Facts) -> tuple[Fee, ...]:
    """The fees at filing: exemptions are claimed, nobody has looked at their evidence yet."""
    return fees_for(definition, _on_filing(definition, state, facts), _filed_on(state, facts), facts.rates)


def fees_granted(definition: Definition, state: State, facts: Facts) -> tuple[Fee, ...]:
    """The fees at acceptance, still by the day of filing: exemptions hold whose evidence is in the dossier.

    What was paid or waived before stays as it was.
    """
    have = {p.id for p in state.papers if p.files or p.shown or p.source == "registry"}
    fees = fees_for(
        definition,
        _on_filing(definition, state, facts),
        _filed_on(state, facts),
        facts.rates,
        given=have,
        by=facts.actor.name,
    )
    settled = {f.id: f for f in state.fees if f.paid_at or f.exempt_id == WAIVED}
    return tuple(settled.get(f.id, f) for f in fees)


def _on_filing(definition: Definition, state: State, facts: Facts) -> Situation:
    applicant = dump(state.applicant) if state.applicant else {}
    day = _filed_on(state, facts)
    return Situation.of(definition, state.answers, applicant, state.channel, day, state.variant)


def _filed_on(state: State, facts: Facts) -> date:
    """Fees follow the day of filing: a case sent before a new rate keeps the old one."""
    return (state.submitted_at or facts.now).astimezone(facts.zone).date()


def outstanding(state: State, kinds: Collection[str] = ()) -> list[tuple[Fee, int]]:
    """What is still to be paid, fee by fee in đồng, of some kinds or of all."""
    rows = [(f, f.owed - paid_on(f, state.payments)) for f in state.fees if not kinds or f.kind in kinds]
    return [(f, left) for f, left in rows if left > 0]


def lines_for(rows: Sequence[tuple[Fee, int]], amount: int) -> tuple[Line, ...]:
    """An amount spread over what is owed, in the order of the fees; less than what is owed pays the first ones."""
    lines, rest = [], amount
    for fee, left in rows:
        part = min(left, rest)
        if part > 0:
            lines.append(Line(fee=fee.id, name=fee.name, kind=fee.kind, amount=str(part)))
            rest -= part
    return tuple(lines)


# Money in -------------------------------------------------------------------------------------------------------


class PaidData(ActData, frozen=True):
    """Which fees are paid at the counter (none: all that is owed), how, and how much (none: all of them).

    `given` is what the payer handed over, for the change. `receipts` are numbered when the act is done.
    """

    fees: tuple[str, ...] = ()
    how: str = "cash"
    receipt: str = ""
    amount: str = ""
    given: str = ""
    payer: str = ""
    payment: str = ""
    receipts: tuple[Receipt, ...] = ()


def collected(state: State, data: PaidData) -> tuple[Line, ...]:
    """What a collection at the counter pays; `Refusal` with the reason when it cannot be."""
    rows = [(f, left) for f, left in outstanding(state) if not data.fees or f.id in data.fees]
    if not rows:
        if state.at("pay") is None:
            raise refuse("nothing_to_pay", "Hồ sơ không còn khoản nào phải nộp.")
        return ()
    most = sum(left for _, left in rows)
    amount = whole(data.amount, "amount") if data.amount else most
    if not 0 < amount <= most:
        raise refuse(
            "bad_amount", f"Số tiền thu phải lớn hơn 0 và không quá {vnd(most)} còn phải nộp.", field="amount"
        )
    if data.given and whole(data.given, "given") < amount:
        raise refuse("given_short", f"Tiền nhận chưa đủ {vnd(amount)} phải thu.", field="given")
    return lines_for(rows, amount)


def collect(definition: Definition, state: State, data: PaidData, facts: Facts) -> list[EffectUnion]:
    """Take money at the counter. At a step that waits for it the case goes on when all is paid."""
    if data.how not in ("cash", "transfer"):
        raise refuse("how", "Hãy chọn tiền mặt hoặc chuyển khoản.", field="how")
    lines = collected(state, data)
    effects: list[EffectUnion] = []
    if lines:
        payment = Payment(
            id=data.payment or str(uuid7()),
            at=facts.now,
            how=data.how,
            amount=str(sum(int(line.amount) for line in lines)),
            lines=lines,
            receipts=data.receipts,
            by=facts.actor.name,
            payer=data.payer.strip() or (state.applicant.full_name if state.applicant else ""),
            note=data.receipt,
        )
        effects = _taken(state, payment)
    return effects + _go_on(definition, fold(state, effects), facts)


class StartData(ActData, frozen=True):
    """How the applicant will pay, as the provider set it up; the action asks the provider."""

    request: str = ""
    provider: str = ""
    parts: tuple[Part, ...] = ()
    redirect: str = ""
    reference: str = ""


def start_payment(definition: Definition, state: State, data: StartData, facts: Facts) -> list[EffectUnion]:
    """Keep what the applicant was told: where to pay, how much, with which words."""
    if not outstanding(state) or state.money.to_pay == 0:
        raise refuse("nothing_to_pay", "Hồ sơ không còn khoản nào phải nộp.")
    request = PaymentRequest(
        id=data.request,
        at=facts.now,
        provider=data.provider,
        parts=data.parts,
        redirect=data.redirect,
        reference=data.reference,
    )
    return [PaymentAsked(request=request)]


class ConfirmData(ActData, frozen=True):
    """That money arrived, as a provider says: its transaction number makes the same money known again."""

    provider: str = ""
    transaction: str = ""
    amount: str = ""
    at: datetime | None = None
    how: str = "online"
    payer: str = ""
    kinds: tuple[str, ...] = ()
    note: str = ""
    by: str = ""
    payment: str = ""
    receipts: tuple[Receipt, ...] = ()


def arrived(state: State, data: ConfirmData) -> tuple[Line, ...]:
    """What money from outside pays: the kinds it was meant for first. What is left over goes back later.

    Late money on a stopped case still pays what was asked for, so that it has its receipt; the case then
    owes nothing and the money is due back.
    """
    amount = whole(data.amount, "amount")
    if amount <= 0:
        raise refuse("bad_amount", "Số tiền nhận được phải lớn hơn 0.", field="amount")
    rows = outstanding(state)
    meant = [row for row in rows if row[0].kind in data.kinds]
    return lines_for(meant + [row for row in rows if row not in meant], amount)


def confirm_payment(
    definition: Definition, state: State, data: ConfirmData, facts: Facts
) -> list[EffectUnion]:
    """Money arrived through a provider, in whatever state the case is; the same transaction only once."""
    if not data.provider or not data.transaction:
        raise refuse("no_transaction", "Thiếu mã giao dịch của bên thanh toán.", field="transaction")
    if known_payment(state, data.provider, data.transaction):
        raise refuse("known_payment", "Giao dịch này đã được ghi nhận.")
    payment = Payment(
        id=data.payment or str(uuid7()),
        at=facts.now,
        how=data.how,
        amount=str(whole(data.amount, "amount")),
        lines=arrived(state, data),
        receipts=data.receipts,
        by=data.by or facts.actor.name,
        provider=data.provider,
        transaction=data.transaction,
        payer=data.payer,
        note=data.note,
    )
    effects = _taken(state, payment)
    return effects + _go_on(definition, fold(state, effects), facts)


def known_payment(state: State, provider: str, transaction: str) -> Payment | None:
    """The payment that holds this transaction, if the case has it."""
    return next((p for p in state.payments if p.provider == provider and p.transaction == transaction), None)


def _taken(state: State, payment: Payment) -> list[EffectUnion]:
    """The payment, and which fees are paid in full with it."""
    effects: list[EffectUnion] = [PaymentTaken(payment=payment)]
    after = fold(state, effects)
    fees = tuple(
        replace(f, paid_at=payment.at, paid_how=payment.how, receipt=_receipt(payment, f.kind))
        if not f.paid_at and f.owed and paid_on(f, after.payments) >= f.owed
        else f
        for f in state.fees
    )
    return effects if fees == state.fees else [*effects, FeesSet(fees=fees)]


def _receipt(payment: Payment, kind: str) -> str:
    return next((r.number for r in payment.receipts if r.kind == kind), payment.note)


def _go_on(definition: Definition, state: State, facts: Facts) -> list[EffectUnion]:
    """A step that waits for money is over when nothing is left to pay, and the clock runs again."""
    waiting = state.at("pay")
    if waiting is None or outstanding(state):
        return []
    effects: list[EffectUnion] = [StatusSet(status=Status.PROCESSING, at=facts.now)]
    effects += resume(fold(state, effects), facts)
    return effects + advance(definition, fold(state, effects), waiting, facts, "paid")


class VoidData(ActData, frozen=True):
    """Which payment was recorded wrongly, and why."""

    payment: str = ""
    reason: str = ""


def void_payment(definition: Definition, state: State, data: VoidData, facts: Facts) -> list[EffectUnion]:
    """Take back a record of money that did not come in so; the receipts keep their numbers, marked as void."""
    payment = next((p for p in state.payments if p.id == data.payment), None)
    if payment is None:
        raise refuse("no_payment", "Không tìm thấy khoản thu này.", field="payment")
    if payment.void:
        raise refuse("void_already", "Biên lai của khoản thu này đã hủy.")
    if payment.provider:
        raise refuse(
            "came_in",
            "Tiền đã về tài khoản thì không hủy biên lai được; hãy lập đề nghị hoàn trả.",
            ground=LAW,
        )
    if any(r.state != "rejected" for r in state.refunds):
        raise refuse("refunding", "Hồ sơ đã có đề nghị hoàn trả; không hủy biên lai được nữa.")
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do hủy biên lai.", field="reason")
    void = PaymentVoided(payment_id=payment.id, reason=data.reason.strip(), by=facts.actor.name, at=facts.now)
    after = fold(state, [void])
    fees = tuple(
        replace(f, paid_at=None, paid_how="", receipt="")
        if f.paid_at and _paid_with(f, payment) and _still(f, after) < f.owed
        else f
        for f in state.fees
    )
    return [void, FeesSet(fees=fees)]


def _paid_with(fee: Fee, payment: Payment) -> bool:
    return any(line.fee == fee.id for line in payment.lines)


def _still(fee: Fee, after: State) -> int:
    return paid_on(replace(fee, paid_at=None), after.payments)


# Owing less -----------------------------------------------------------------------------------------------------


class WaiveData(ActData, frozen=True):
    """An exemption granted later: which fees, on which ground, proved by what."""

    fees: tuple[str, ...] = ()
    reason: str = ""
    ground: str = ""
    evidence: str = ""


def waive(definition: Definition, state: State, data: WaiveData, facts: Facts) -> list[EffectUnion]:
    """Free somebody of a fee after it was set; what was paid for it is then due back."""
    chosen = {f.id for f in state.fees if f.id in data.fees and f.owed}
    if not chosen:
        raise refuse("nothing_chosen", "Hãy chọn khoản được miễn.", field="fees")
    for field, text in (("reason", "Hãy ghi đối tượng hoặc lý do được miễn."), ("ground", "Hãy ghi căn cứ.")):
        if not getattr(data, field).strip():
            raise refuse("required", text, field=field)
    fees = tuple(
        replace(
            f,
            exempt=data.reason.strip(),
            exempt_id=WAIVED,
            exempt_ground=data.ground.strip(),
            exempt_paper=data.evidence.strip(),
            exempt_by=facts.actor.name,
        )
        if f.id in chosen
        else f
        for f in state.fees
    )
    effects: list[EffectUnion] = [FeesSet(fees=fees)]
    return effects + _go_on(definition, fold(state, effects), facts)


def whole(text: str, field: str) -> int:
    """Whole đồng of an act's data; a `Refusal` that names the field otherwise."""
    if not (text.isascii() and text.isdecimal()) or len(text) > 15:  # noqa: PLR2004  a thousand times the budget of the country
        raise refuse("bad_amount", "Số tiền phải là số đồng nguyên, không âm.", field=field)
    return int(text)
