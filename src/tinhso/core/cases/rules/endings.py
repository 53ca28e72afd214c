"""Withdrawal, stopping, the apology with its one new appointment, rating, remarks."""

from __future__ import annotations

from datetime import date

from tinhso.core.cases.acts import ActData, Facts, new_token, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import (
    ClockSet,
    EffectUnion,
    Noted,
    Rated,
    StatusSet,
    Stopped,
    TokenClosed,
    TokenOpened,
    TokensParked,
    TokensUnparked,
    WithdrawalAsked,
    WithdrawalRejected,
    fold,
)
from tinhso.core.cases.rules.moves import ABOUT_TIME, close, going_on, pause, resume, set_clock
from tinhso.core.cases.state import Rating, State
from tinhso.core.procedures.model import Definition
from tinhso.kit import worktime

BEST = 5
DECISION_TIME = worktime.Duration.parse("8 hours")


class ReasonData(ActData, frozen=True):
    reason: str = ""


def withdraw(definition: Definition, state: State, data: ReasonData, facts: Facts) -> list[EffectUnion]:
    """The applicant asks to withdraw; before acceptance it is done at once, later somebody decides."""
    if not data.reason.strip():
        raise refuse("required", "Hãy cho biết lý do rút hồ sơ.", field="reason")
    effects: list[EffectUnion] = [WithdrawalAsked(reason=data.reason.strip())]
    if state.status == Status.NEW:
        return [
            *effects,
            Stopped(reason="Người nộp rút hồ sơ"),
            StatusSet(status=Status.STOPPED, at=facts.now),
        ]
    assert state.reception is not None  # noqa: S101  a filed case has one
    token = new_token(
        step="withdrawal",
        do="withdrawal",
        unit=state.reception,
        role="one_stop_clerk",
        entered_at=facts.now,
        due_at=worktime.add(facts.calendar(state.reception), facts.now, DECISION_TIME).at,
    )
    return [
        *effects,
        *pause(state, facts, "Người dân yêu cầu rút hồ sơ", ""),
        TokensParked(keep=going_on(state)),
        TokenOpened(token=token),
        StatusSet(status=Status.WITHDRAWAL, at=facts.now),
    ]


def approve_withdrawal(
    definition: Definition, state: State, data: ActData, facts: Facts
) -> list[EffectUnion]:
    """Let the applicant have the papers back; what was paid is to be refunded."""
    return [
        Stopped(reason=f"Người nộp rút hồ sơ: {state.withdrawal_reason}"),
        *_stop_clock(state, facts, "Rút hồ sơ"),
        StatusSet(status=Status.STOPPED, at=facts.now),
    ]


def reject_withdrawal(
    definition: Definition, state: State, data: ReasonData, facts: Facts
) -> list[EffectUnion]:
    """The case goes on where it was, with what was left of its time."""
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do không cho rút.", field="reason")
    former = state.withdrawal_from
    effects: list[EffectUnion] = [
        TokenClosed(token_id=t.id, outcome="rejected") for t in state.tokens if t.do == "withdrawal"
    ]
    effects += [WithdrawalRejected(), TokensUnparked(tokens=state.parked)]
    if former in (Status.PROCESSING, Status.ACCEPTED):
        effects += resume(fold(state, effects), facts)
    return [*effects, StatusSet(status=former, at=facts.now), Noted(text=data.reason.strip())]


def stop(definition: Definition, state: State, data: ReasonData, facts: Facts) -> list[EffectUnion]:
    """End a case that waits in vain for the citizen (form 05)."""
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do dừng giải quyết.", field="reason")
    asked = state.open_supplement
    if state.status == Status.SUPPLEMENT and asked and asked.answer_by > facts.now:
        raise refuse(
            "too_early", f"Chưa hết hạn bổ sung ({asked.answer_by.astimezone(facts.zone):%H:%M %d/%m/%Y})."
        )
    return [
        Stopped(reason=data.reason.strip()),
        *_stop_clock(state, facts, "Dừng giải quyết"),
        StatusSet(status=Status.STOPPED, at=facts.now),
    ]


def stop_by_parent(definition: Definition, state: State, data: ReasonData, facts: Facts) -> list[EffectUnion]:
    """End a sub-case whose result nobody waits for any more."""
    return [
        Stopped(reason=data.reason),
        *_stop_clock(state, facts, "Dừng giải quyết"),
        StatusSet(status=Status.STOPPED, at=facts.now),
    ]


class ExtendData(ActData, frozen=True):
    """The new appointment's date and the reason the letter of apology gives."""

    until: date = date.min
    reason: str = ""


def extend(definition: Definition, state: State, data: ExtendData, facts: Facts) -> list[EffectUnion]:
    """Apologise and make one new appointment, a day before the old one at the latest (Decree 61/2018 art. 19.9)."""
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do trễ hẹn để xin lỗi người dân.", field="reason")
    assert state.competent is not None  # noqa: S101
    try:
        clock = worktime.extend(
            state.clock, facts.calendar(state.competent), data.until, data.reason.strip(), at=facts.now
        )
    except worktime.ClockError as error:
        raise refuse(
            "no_extension", str(error), ground="Nghị định 61/2018/NĐ-CP Điều 19 khoản 9", field="until"
        ) from error
    effects: list[EffectUnion] = [set_clock(clock, facts.calendar(state.competent))]
    return effects + [close(t, facts, "extended") for t in state.tokens if t.do in ABOUT_TIME]


class RateData(ActData, frozen=True):
    stars: int = 0
    text: str = ""


def rate(definition: Definition, state: State, data: RateData, facts: Facts) -> list[EffectUnion]:
    """The applicant's satisfaction, once, when the work is over."""
    if state.rating is not None:
        raise refuse("rated", "Bạn đã đánh giá hồ sơ này. Cảm ơn bạn.")
    if not 1 <= data.stars <= BEST:
        raise refuse("stars", f"Hãy chọn từ 1 đến {BEST}.", field="stars")
    return [Rated(rating=Rating(stars=data.stars, text=data.text.strip()[:2000], at=facts.now))]


class NoteData(ActData, frozen=True):
    text: str = ""


def note(definition: Definition, state: State, data: NoteData, facts: Facts) -> list[EffectUnion]:
    """A remark for the file, seen by the agencies."""
    if not data.text.strip():
        raise refuse("required", "Hãy ghi nội dung ghi chú.", field="text")
    return [Noted(text=data.text.strip()[:4000])]


def _stop_clock(state: State, facts: Facts, reason: str) -> list[EffectUnion]:
    if state.clock.state in ("running", "paused"):
        return [ClockSet(clock=worktime.stop(state.clock, facts.now, reason))]
    return []
