"""Bringing a case back to work that has come to stand without an open step."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import EffectUnion, Noted, StatusSet, fold
from tinhso.core.cases.rules.moves import enter, resume
from tinhso.core.cases.state import State, Token
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal


class PlaceData(ActData, frozen=True):
    """The step to open, and why it had to be opened by hand."""

    step: str = ""
    reason: str = ""


def has_step(state: State, token: Token | None = None, actor: Actor | None = None) -> Refusal | None:
    """Why no step can be opened by hand, or None: one is open, or waits for the applicant."""
    if state.tokens or state.parked:
        return refuse("has_step", "Hồ sơ đang có bước mở. Chỉ đặt lại bước khi hồ sơ không còn bước nào.")
    return None


def place(definition: Definition, state: State, data: PlaceData, facts: Facts) -> list[EffectUnion]:
    """Open a step of the procedure by hand; refused while any step is open or waits for the applicant."""
    if reason := has_step(state):
        raise reason
    if data.step not in definition.steps:
        raise refuse("no_such_step", "Hãy chọn một bước của quy trình.", field="step")
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi vì sao phải đặt lại bước.", field="reason")
    effects: list[EffectUnion] = [Noted(text=f"Đặt lại bước xử lý: {data.reason.strip()}")]
    if definition.step(data.step).do not in ("receive", "pay") and state.status != Status.PROCESSING:
        effects.append(StatusSet(status=Status.PROCESSING, at=facts.now))
    effects += resume(state, facts)
    return effects + enter(definition, data.step, fold(state, effects), facts)
