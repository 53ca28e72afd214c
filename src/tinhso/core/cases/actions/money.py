"""Money from and to the outside of a case: numbering receipts, starting and confirming payments, reading statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from msgspec.structs import replace

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases import queries
from tinhso.core.cases.actions.perform import Done, perform
from tinhso.core.cases.acts import Facts, acts_for_applicant
from tinhso.core.cases.effects import RefundSet
from tinhso.core.cases.models import Case
from tinhso.core.cases.money import KINDS, Line, Part, Receipt
from tinhso.core.cases.rules import money as rules
from tinhso.core.cases.state import State, load_state
from tinhso.core.db import series
from tinhso.core.db.batch import StaleRowError
from tinhso.core.payments import queries as book
from tinhso.core.payments.actions import match_line, match_transaction
from tinhso.core.payments.models import StatementLine
from tinhso.core.payments.rules import receipt_number, receipt_series
from tinhso.core.payments.slots import PROVIDERS, Arrived, Due, Order
from tinhso.core.payments.transfer import NAME as TRANSFER
from tinhso.core.payments.transfer import as_arrived
from tinhso.kit.errors import Forbidden, NotFound, Refusal
from tinhso.kit.uuid7 import uuid7


def number_collected(state: State, data: rules.PaidData, facts: Facts) -> rules.PaidData:
    """Receipts for what is taken at the counter; whatever numbers came with the request are not looked at."""
    lines = rules.collected(state, data)
    return replace(data, payment=str(uuid7()), receipts=_receipts(state, lines, facts))


def number_arrived(state: State, data: rules.ConfirmData, facts: Facts) -> rules.ConfirmData:
    """Receipts for money that arrived; none for a transaction the case already has."""
    if rules.known_payment(state, data.provider, data.transaction):
        return data
    lines = rules.arrived(state, data)
    return replace(data, payment=str(uuid7()), receipts=_receipts(state, lines, facts))


def before_void(state: State, data: rules.VoidData, facts: Facts) -> rules.VoidData:
    """A book that was closed stays as it is: money in it goes back by a refund."""
    if any(p.id == data.payment for p in state.payments) and book.is_closed(data.payment):
        raise Refusal(
            "book_closed",
            "Sổ thu của khoản này đã chốt, không hủy biên lai được nữa. Hãy lập đề nghị hoàn trả.",
        )
    return data


def _receipts(state: State, lines: Sequence[Line], facts: Facts) -> tuple[Receipt, ...]:
    """One receipt for each kind of money, numbered in the series of the centre, the kind and the year."""
    assert state.reception is not None  # noqa: S101  a filed case has one
    found = []
    for kind in KINDS:
        amount = sum(int(line.amount) for line in lines if line.kind == kind)
        if amount:
            name = receipt_series(state.reception.code, kind, facts.today.year)
            serial = series.take(name)
            number = receipt_number(kind, facts.today.year, serial)
            found.append(Receipt(number=number, kind=kind, amount=str(amount), series=name, serial=serial))
    return tuple(found)


def order_of(case: Case, state: State, order_id: str, return_url: str = "") -> Order:
    """What is still to be paid of a case, by kind, with the accounts of the deciding agency."""
    today = timezone.localdate()
    by_kind = {
        kind: sum(left for fee, left in rules.outstanding(state) if fee.kind == kind) for kind in KINDS
    }
    return Order(
        id=order_id,
        subject_key=case.code,
        payer=case.applicant_name,
        dues=tuple(
            Due(kind, amount, book.payee(case.competent_id, kind, today))
            for kind, amount in by_kind.items()
            if amount
        ),
        return_url=return_url,
    )


def start_payment(case_id: UUID, provider: str, *, actor: Actor, return_url: str = "") -> Done:
    """Let a provider prepare what is still owed and keep what the payer was told; the same question, the same answer.

    For the applicant and for the clerk who acts at their request. `Refusal` when nothing is owed or the
    provider cannot take it.
    """
    case, state = _of_payer(case_id, provider, actor)
    if not rules.outstanding(state) or state.money.to_pay == 0:
        raise Refusal("nothing_to_pay", "Hồ sơ không còn khoản nào phải nộp.")
    data = _asked(case, state, provider, return_url)
    known = next((r for r in state.requests if r.provider == provider), None)
    if known and known.parts and (known.parts, known.redirect) == (data.parts, data.redirect):
        return Done(case, state, ())
    try:
        return perform(case_id, "payment_started", data, actor=actor)
    except StaleRowError as error:
        raise Refusal(
            "content_taken",
            "Nội dung chuyển khoản trùng với hồ sơ khác. Hãy nộp tại quầy của bộ phận một cửa.",
        ) from error


def _of_payer(case_id: UUID, provider: str, actor: Actor) -> tuple[Case, State]:
    """The case, for the applicant and whoever acts at their request."""
    if provider not in PROVIDERS:
        raise NotFound("no_provider", "Không có cách thanh toán này.")
    case = Case.objects.filter(id=case_id).first()
    if case is None:
        raise NotFound("no_case", "Không tìm thấy hồ sơ này.")
    state = load_state(case.state)
    if not (actor.system or acts_for_applicant(state, actor)):
        raise Forbidden("not_applicant", "Chỉ người nộp hồ sơ hoặc bộ phận một cửa mới làm được việc này.")
    return case, state


def _asked(case: Case, state: State, provider: str, return_url: str) -> rules.StartData:
    """What a provider answers to the question how to pay what is owed now."""
    request = str(uuid7())
    started = PROVIDERS.get(provider).start(order_of(case, state, request, return_url))
    return rules.StartData(
        request=request,
        provider=provider,
        parts=tuple(
            Part(
                s.kind,
                str(s.amount),
                s.content,
                s.payee.number,
                s.payee.bank,
                s.payee.bank_name,
                s.payee.holder,
            )
            for s in started.shares
        ),
        redirect=started.redirect,
        reference=started.reference,
    )


def confirm_payment(
    case_id: UUID,
    provider: str,
    arrived: Arrived,
    *,
    actor: Actor | None = None,
    kinds: tuple[str, ...] = (),
    by: str = "",
) -> Done:
    """Record money a provider says has arrived, once for each transaction, in whatever state the case is."""
    data = rules.ConfirmData(
        provider=provider,
        transaction=arrived.transaction[:120],
        amount=str(arrived.amount),
        at=arrived.at,
        how=PROVIDERS.get(provider).how,
        payer=arrived.payer,
        kinds=kinds,
        note=arrived.content[:300],
        by=by,
    )
    try:
        with transaction.atomic():
            return perform(case_id, "payment_confirmed", data, actor=actor or system_actor("payments"))
    except Refusal as refusal:
        if refusal.code != "known_payment":
            raise
        case = Case.objects.get(id=case_id)
        return Done(case, load_state(case.state), ())
    except IntegrityError as error:  # another case has this transaction
        raise Refusal(
            "transaction_used", "Giao dịch này đã được ghi nhận cho một hồ sơ khác.", field="transaction"
        ) from error


def check_payment(case_id: UUID, provider: str, *, actor: Actor) -> int:
    """Ask a provider what arrived for the case's open request and record it; returns how much was new."""
    case, state = _of_payer(case_id, provider, actor)
    request = next((r for r in state.requests if r.provider == provider), None)
    if request is None:
        return 0
    asked: list[tuple[str, tuple[str, ...]]] = [(p.content, (p.kind,)) for p in request.parts]
    asked = asked or [(request.reference, ())]
    new = 0
    for reference, kinds in asked:
        for arrived in PROVIDERS.get(provider).query(reference):
            done = confirm_payment(case_id, provider, arrived, kinds=kinds)
            new += bool(done.effects)
            if provider == TRANSFER:
                match_transaction(arrived.transaction, case.code)
    return new


def pay_back(case_id: UUID, refund: str, *, reference: str = "", actor: Actor) -> tuple[Done, str]:
    """Confirm a refund, and let the provider the money came through return it; what a person still has to do.

    The refund is confirmed first: should the provider fail, somebody pays by hand, and nobody twice.
    """
    done = perform(case_id, "confirm_refund", {"refund": refund, "reference": reference}, actor=actor)
    item = next(e.refund for e in done.effects if isinstance(e, RefundSet))
    if reference or item.how != "transfer" or not int(item.amount):
        return done, ""
    source = next(
        (p for p in done.state.payments if p.provider and not p.void and int(p.amount) >= int(item.amount)),
        None,
    )
    if source is None:
        return done, ""
    answer = PROVIDERS.get(source.provider).refund(source.transaction, int(item.amount), item.reason)
    return (
        done,
        answer.instruction if not answer.done else f"Đã trả qua {source.provider}: {answer.reference}",
    )


@dataclass(frozen=True, slots=True)
class Matched:
    """What became of a line of a statement: the case it was for, "" while nobody knows."""

    line: StatementLine
    case_code: str
    message: str


def match_statement_line(line: StatementLine, *, by: str = "") -> Matched:
    """Record a line for the case its words name; unmatched when none does. Once, however often it is tried."""
    transfer = book.transfer_in(line.content)
    if transfer is None:
        return Matched(line, "", "Nội dung không có mã hồ sơ nào đang chờ nộp")
    return _record_line(line, transfer.subject_id, (transfer.kind,), by)


def assign_line(line: StatementLine, case_code: str, *, actor: Actor) -> Matched:
    """Record a line for a case a cashier names, whatever its words say."""
    file = queries.open_case(case_code.strip(), actor=actor, purpose="Đối soát tiền chuyển khoản")
    path = file.state.reception.path if file.state.reception else ""
    if not actor.may("cases.cashier", path):
        raise Forbidden("no_right", "Bạn không thu tiền cho nơi tiếp nhận hồ sơ này.")
    return _record_line(line, file.case.id, (), actor.name)


def _record_line(line: StatementLine, case_id: UUID, kinds: tuple[str, ...], by: str) -> Matched:
    with transaction.atomic():
        held = StatementLine.objects.select_for_update().get(id=line.id)
        if held.state != "unmatched":
            return Matched(held, held.subject_key, "Đã ghi nhận trước đó")
        done = confirm_payment(case_id, TRANSFER, as_arrived(held), kinds=kinds, by=by)
        message = _told(done.state)
        match_line(held.id, done.case.code, message)
    return Matched(held, done.case.code, message)


def _told(state: State) -> str:
    words = {
        "paid": "Đã nộp đủ",
        "partly": "Mới nộp một phần",
        "refund_due": "Thừa tiền hoặc hồ sơ đã dừng: phải hoàn trả",
    }
    return words.get(str(state.finance), "Đã ghi nhận")
