"""Mending a result after it was given: who may ask, what is kept in both cases, how it ends.

Decree 61/2018 art. 21: the agency that made the mistake mends it without a fee, with an apology.
"""

from __future__ import annotations

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.effects import CorrectionEnded, CorrectionOf, CorrectionOpened, EffectUnion
from tinhso.core.cases.state import CorrectionRef, Corrects, State
from tinhso.core.procedures.model import Definition

GROUND = "Nghị định 61/2018/NĐ-CP Điều 21"
AGENCY = "agency"


class CorrectData(ActData, frozen=True):
    """What is wrong, whose mistake it was (`fault`: `agency` or empty), the apology; the case that mends it."""

    wrong: str = ""
    fault: str = ""
    apology: str = ""
    case_id: str = ""
    code: str = ""


def correct(definition: Definition, state: State, data: CorrectData, facts: Facts) -> list[EffectUnion]:
    """Put down in a case that its result is being mended by another one."""
    check(state, data)
    if data.fault == AGENCY and not (
        state.reception and facts.actor.may("cases.receive", state.reception.path)
    ):
        raise refuse("not_yours", "Việc sai sót do ai được Bộ phận Một cửa xác nhận.", field="fault")
    ref = CorrectionRef(
        case_id=data.case_id,
        code=data.code,
        wrong=data.wrong.strip(),
        at=facts.now,
        fault=data.fault,
        apology=data.apology.strip(),
    )
    return [CorrectionOpened(correction=ref)]


def check(state: State, data: CorrectData) -> None:
    """Go on, or a `Refusal`: nothing to mend, mended already by an open case, or not said what is wrong."""
    if state.result is None or state.result.kind != "result":
        raise refuse("no_result", "Hồ sơ này không có kết quả để đính chính.", ground=GROUND)
    going_on = next((c for c in state.corrections if c.ended_at is None), None)
    if going_on is not None:
        raise refuse("being_corrected", f"Kết quả đang được đính chính ở hồ sơ {going_on.code}.")
    if not data.wrong.strip():
        raise refuse("required", "Hãy ghi chỗ sai trong kết quả và nội dung đúng.", field="wrong")
    if data.fault == AGENCY and not data.apology.strip():
        raise refuse("required", "Hãy viết lời xin lỗi gửi người dân.", field="apology", ground=GROUND)


class CorrectsData(ActData, frozen=True):
    corrects: Corrects = Corrects(case_id="", code="", wrong="")


def mark(definition: Definition, state: State, data: CorrectsData, facts: Facts) -> list[EffectUnion]:
    """Put down in a case which result it mends."""
    if state.corrects is not None:
        raise refuse("marked", "Hồ sơ này đã là hồ sơ đính chính.")
    return [CorrectionOf(corrects=data.corrects)]


class CorrectedData(ActData, frozen=True):
    code: str = ""
    issued_code: str = ""


def end(definition: Definition, state: State, data: CorrectedData, facts: Facts) -> list[EffectUnion]:
    """The mending case is over; nothing when that is known."""
    if all(c.code != data.code or c.ended_at for c in state.corrections):
        raise refuse("ended", "Việc đính chính này đã kết thúc.")
    return [CorrectionEnded(code=data.code, at=facts.now, issued_code=data.issued_code)]
