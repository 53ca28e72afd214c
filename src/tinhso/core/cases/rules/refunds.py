"""Giving money back: one person asks, another one decides, and what may be kept is kept on a named ground."""

from __future__ import annotations

from msgspec.structs import replace

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import EffectUnion, RefundSet
from tinhso.core.cases.money import KINDS, Back, Refund, counted, paid_on
from tinhso.core.cases.rules.money import LAW, whole
from tinhso.core.cases.state import State
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal
from tinhso.kit.money import vnd
from tinhso.kit.uuid7 import uuid7


class RefundData(ActData, frozen=True):
    """How much goes back (none: all that is too much), why, how and to whom.

    `kept_ground` says why the rest is not paid back; the rest then stays for good.
    """

    amount: str = ""
    reason: str = ""
    how: str = "transfer"
    to: str = ""
    kept_ground: str = ""


def ask_refund(definition: Definition, state: State, data: RefundData, facts: Facts) -> list[EffectUnion]:
    """Propose to give money back, after a stop, a withdrawal, an exemption or an overpayment."""
    sums = state.money
    most = sums.over - sums.asked
    if most <= 0:
        raise refuse("nothing_over", "Không còn khoản nào phải hoàn trả ngoài các đề nghị đang chờ duyệt.")
    amount = whole(data.amount, "amount") if data.amount else most
    kept = most - amount if data.kept_ground.strip() else 0
    if amount > most or (amount == 0 and not kept):
        raise refuse(
            "bad_amount", f"Số tiền hoàn phải lớn hơn 0 và không quá {vnd(most)}.", field="amount", ground=LAW
        )
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do hoàn trả.", field="reason")
    if amount and not data.to.strip():
        raise refuse("required", "Hãy ghi người nhận, và số tài khoản nếu chuyển khoản.", field="to")
    if data.how not in ("cash", "transfer"):
        raise refuse("how", "Hãy chọn trả tiền mặt hoặc chuyển khoản.", field="how")
    refund = Refund(
        id=str(uuid7()),
        at=facts.now,
        amount=str(amount),
        reason=data.reason.strip(),
        how=data.how,
        to=data.to.strip(),
        by=facts.actor.name,
        by_id=str(facts.actor.person_id or ""),
        lines=_from_kinds(state, amount),
        kept=str(kept),
        kept_ground=data.kept_ground.strip(),
    )
    return [RefundSet(refund=refund)]


def _from_kinds(state: State, amount: int) -> tuple[Back, ...]:
    """From which kinds of money an amount goes back: first what came beyond any fee, then phí, then lệ phí."""
    ended = state.status in (Status.STOPPED, Status.NOT_ACCEPTED)
    free = {kind: _over_of(state, kind, ended=ended) for kind in KINDS}
    free[""] = max(0, state.money.over - sum(free.values()))
    for refund in state.refunds:
        if refund.state != "rejected":
            for line in refund.lines:
                free[line.kind] = max(0, free[line.kind] - int(line.amount))
    lines, rest = [], amount
    for kind in ("", *KINDS):
        part = min(free[kind], rest)
        if part > 0:
            lines.append(Back(kind=kind, amount=str(part)))
            rest -= part
    if rest:  # earlier refunds took more of one kind than it had: the rest is told without a kind
        lines.append(Back(kind="", amount=str(rest)))
    return tuple(lines)


def _over_of(state: State, kind: str, *, ended: bool) -> int:
    fees = [f for f in state.fees if f.kind == kind]
    known = {f.id for f in fees}
    gone = sum(
        int(line.amount)
        for p in counted(state.payments)
        for line in p.lines
        if line.kind == kind and line.fee not in known and line.fee not in {f.id for f in state.fees}
    )
    return gone + sum(max(0, paid_on(f, state.payments) - (0 if ended else f.owed)) for f in fees)


class DecideData(ActData, frozen=True):
    """Which refund; for a confirmed one the number of the payment order, for a rejected one the reason."""

    refund: str = ""
    reference: str = ""
    reason: str = ""


def confirm_refund(definition: Definition, state: State, data: DecideData, facts: Facts) -> list[EffectUnion]:
    """Give the money back: never by whoever asked for it."""
    refund = _waiting(state, data)
    if refund.by_id and refund.by_id == str(facts.actor.person_id or ""):
        raise refuse(
            "two_people", "Người lập đề nghị hoàn trả không được tự duyệt. Hãy chuyển người khác duyệt."
        )
    if int(refund.amount) + int(refund.kept) > state.money.over:
        raise refuse(
            "no_longer_over",
            f"Hồ sơ nay chỉ còn {vnd(state.money.over)} phải hoàn. Hãy từ chối đề nghị này và lập lại.",
        )
    return [RefundSet(refund=_decided(refund, facts, "confirmed", reference=data.reference.strip()))]


def reject_refund(definition: Definition, state: State, data: DecideData, facts: Facts) -> list[EffectUnion]:
    """Turn a proposal down; the money stays due until another one is confirmed."""
    refund = _waiting(state, data)
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do không duyệt.", field="reason")
    return [RefundSet(refund=_decided(refund, facts, "rejected", note=data.reason.strip()))]


def _decided(refund: Refund, facts: Facts, state: str, **more: str) -> Refund:
    return replace(refund, state=state, decided_at=facts.now, decided_by=facts.actor.name, **more)


def _waiting(state: State, data: DecideData) -> Refund:
    waiting = [r for r in state.refunds if r.state == "asked"]
    found = [r for r in waiting if r.id == data.refund] if data.refund else waiting
    if len(found) != 1:
        raise refuse("no_refund", "Đề nghị hoàn trả này đã được xử lý, hoặc không có.", field="refund")
    return found[0]


def something_over(state: State) -> Refusal | None:
    """Only money that is too much can go back."""
    sums = state.money
    return (
        None if sums.over > sums.asked else refuse("nothing_over", "Hồ sơ không có khoản nào phải hoàn trả.")
    )


def something_asked(state: State) -> Refusal | None:
    """Only a proposal can be decided."""
    if any(r.state == "asked" for r in state.refunds):
        return None
    return refuse("no_refund", "Hồ sơ không có đề nghị hoàn trả nào đang chờ.")


def something_owed(state: State) -> Refusal | None:
    """Only a fee that is owed can be waived."""
    return (
        None if any(f.owed for f in state.fees) else refuse("nothing_owed", "Hồ sơ không phải nộp khoản nào.")
    )


def something_counted(state: State) -> Refusal | None:
    """Only a payment taken at the counter that still counts can be voided."""
    if any(not p.void and not p.provider for p in state.payments):
        return None
    return refuse("no_payment", "Hồ sơ không có khoản thu nào hủy biên lai được.")
