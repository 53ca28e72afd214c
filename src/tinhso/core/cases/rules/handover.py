"""Work that changes hands: a step given back to all who could do it. Giving it to somebody is `steps.assign`."""

from __future__ import annotations

from tinhso.core.access.actor import Actor
from tinhso.core.cases.acts import ActData, ActKind, Facts, refuse
from tinhso.core.cases.effects import EffectUnion, TokenReleased
from tinhso.core.cases.state import State, Token
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Forbidden, Refusal


class ReleaseData(ActData, frozen=True):
    """Why the step is given back; a head says so, whoever holds it need not."""

    reason: str = ""


def may_release(state: State, token: Token | None, actor: Actor) -> Refusal | None:
    """Only what somebody holds, by that person, or by whoever may give work to others there."""
    if token is None or not token.person_id:
        return Forbidden("no_right", "Bước này chưa có ai nhận.")
    if token.person_id == actor.desk_name[0] or actor.may("cases.assign", token.unit.path):
        return None
    return Forbidden("no_right", "Chỉ người đang giữ hoặc người phụ trách mới trả lại bước này được.")


def release(definition: Definition, state: State, data: ReleaseData, facts: Facts) -> list[EffectUnion]:
    """Put a step back: it is open again to everybody who holds its role at its unit."""
    token = state.token(data.token)
    if token is None:
        raise refuse("step_gone", "Bước này đã được xử lý xong hoặc đã chuyển nơi khác. Hãy tải lại trang.")
    if token.person_id != facts.actor.desk_name[0] and not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do đưa việc của người khác về hàng chung.", field="reason")
    return [TokenReleased(token_id=token.id)]


RELEASE = ActKind(
    "release",
    "Trả về hàng chung",
    "cases.assign|cases.work|cases.receive|cases.sign|cases.deliver|cases.cashier",
    release,
    ReleaseData,
    at="token",
    also=may_release,
)
