"""A result found wrong after it was given, and the case that mends it (Decree 61/2018 art. 21)."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect
from tinhso.core.cases.state import CorrectionRef, Corrects, State
from tinhso.core.procedures.fees import Fee

OWN_FAULT = "Cơ quan sửa sai sót của mình"
OWN_FAULT_GROUND = "Nghị định 61/2018/NĐ-CP Điều 21"
GRANTED_BY = "Hệ thống"


def free_of_fault(state: State, fees: tuple[Fee, ...]) -> tuple[Fee, ...]:
    """Mending the agency's own mistake costs the citizen nothing, whatever sets the fees; what was paid stays as paid."""
    if state.corrects is None or state.corrects.fault != "agency":
        return fees
    return tuple(
        f
        if f.paid_at or f.exempt_by
        else replace(f, exempt=OWN_FAULT, exempt_ground=OWN_FAULT_GROUND, exempt_by=GRANTED_BY)
        for f in fees
    )


class CorrectionOpened(Effect, frozen=True):
    correction: CorrectionRef

    def apply(self, state: State) -> State:
        return replace(state, corrections=(*state.corrections, self.correction))


class CorrectionOf(Effect, frozen=True):
    corrects: Corrects

    def apply(self, state: State) -> State:
        marked = replace(state, corrects=self.corrects)
        return replace(marked, fees=free_of_fault(marked, marked.fees))


class CorrectionEnded(Effect, frozen=True):
    """The other case is over; with `issued_code` the paper that takes the place of this case's result."""

    code: str
    at: datetime
    issued_code: str = ""

    def apply(self, state: State) -> State:
        ended = tuple(
            replace(c, ended_at=self.at, issued_code=self.issued_code) if c.code == self.code else c
            for c in state.corrections
        )
        return replace(state, corrections=ended)
