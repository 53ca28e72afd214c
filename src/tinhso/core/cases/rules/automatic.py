"""Automatic steps and sub-cases: tried by a machine, tried again, and done by a person where it fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.effects import (
    AutoAgain,
    AutoTried,
    ChildEnded,
    ChildOpened,
    EffectUnion,
    Noted,
    Replied,
    TokenClosed,
    TokenOpened,
    UndoSet,
    fold,
)
from tinhso.core.cases.rules.moves import advance, close, helper
from tinhso.core.cases.state import ChildRef, State, Token, Undo, UnitRef
from tinhso.core.procedures.model import Definition, Step

#: Minutes until the next try; after the last of them a person is asked.
WAITS = (1, 5, 15, 60, 240)


def enter_automatic(
    definition: Definition, step: Step, token: Token, state: State, facts: Facts
) -> list[EffectUnion]:
    """Open a step that the engine does itself, at once. What was brought before is not asked for again."""
    if state.replies.get(step.id):
        return advance(definition, state, token, facts, "known")
    now = replace(token, retry_at=facts.now)
    return [TokenClosed(token_id=token.id, outcome="opened"), TokenOpened(token=now)]


class ReplyData(ActData, frozen=True):
    """What came back, by field; `status` tells how it ended."""

    reply: dict[str, Any] = {}


def auto_done(definition: Definition, state: State, data: ReplyData, facts: Facts) -> list[EffectUnion]:
    """The machine did the step."""
    token = state.open(data.token)
    return _replied(definition, state, token, {"status": "done", **data.reply}, facts, by_hand=False)


class FailedData(ActData, frozen=True):
    """Why it failed; `final` when trying again is of no use."""

    error: str = ""
    final: bool = False


def auto_failed(definition: Definition, state: State, data: FailedData, facts: Facts) -> list[EffectUnion]:
    """The machine failed: again after a while, and after the last try a person has to see to it."""
    token = state.open(data.token)
    again = None
    if not data.final and token.tries < len(WAITS):
        again = facts.now + timedelta(minutes=WAITS[token.tries])
    return [AutoTried(token_id=token.id, error=data.error[:500], retry_at=again)]


def retry(definition: Definition, state: State, data: ActData, facts: Facts) -> list[EffectUnion]:
    """A person lets the machine try again, from the beginning."""
    token = _failed(state, data)
    return [AutoAgain(token_id=token.id, at=facts.now)]


class ByHandData(ActData, frozen=True):
    """What a person found out themself, and how."""

    status: str = "done"
    fields: dict[str, Any] = {}
    evidence: str = ""


def by_hand(definition: Definition, state: State, data: ByHandData, facts: Facts) -> list[EffectUnion]:
    """A person does what the machine could not, and says on what evidence."""
    token = _failed(state, data)
    if not data.evidence.strip():
        raise refuse(
            "required",
            "Hãy ghi căn cứ (văn bản, cuộc gọi, người xác nhận) của kết quả ghi tay.",
            field="evidence",
        )
    reply = {"status": data.status, "fields": dict(data.fields), "evidence": data.evidence.strip()}
    return _replied(definition, state, token, reply, facts, by_hand=True)


def _failed(state: State, data: ActData) -> Token:
    token = state.open(data.token)
    if not token.error or token.retry_at is not None:
        raise refuse("still_trying", "Hệ thống đang tự thực hiện bước này; chưa cần làm tay.")
    return token


def _replied(
    definition: Definition, state: State, token: Token, reply: dict[str, Any], facts: Facts, *, by_hand: bool
) -> list[EffectUnion]:
    effects: list[EffectUnion] = [Replied(step=token.step, reply=reply, by_hand=by_hand)]
    outcome = "by_hand" if by_hand else str(reply["status"])
    return effects + advance(definition, fold(state, effects), token, facts, outcome)


class ChildData(ActData, frozen=True):
    """The case that was filed in another agency for a step of this one."""

    case_id: str = ""
    code: str = ""
    procedure: str = ""
    unit: UnitRef = UnitRef(id="", code="", name="", path="")


def child_filed(definition: Definition, state: State, data: ChildData, facts: Facts) -> list[EffectUnion]:
    """Remember the sub-case; the step now waits for its result. Told twice, nothing changes."""
    if any(c.case_id == data.case_id for c in state.children):
        raise refuse("known", "Hồ sơ con đã được ghi nhận.")
    token = state.open(data.token)
    child = ChildRef(
        token=token.id,
        step=token.step,
        case_id=data.case_id,
        code=data.code,
        procedure=data.procedure,
        unit=data.unit,
        at=facts.now,
    )
    return [ChildOpened(child=child), AutoAgain(token_id=token.id)]


class ChildEndData(ActData, frozen=True):
    """How a sub-case ended (`done`, `refused`, `stopped`) and the typed result it brings."""

    case_id: str = ""
    reply: dict[str, Any] = {}


def child_ended(definition: Definition, state: State, data: ChildEndData, facts: Facts) -> list[EffectUnion]:
    """A sub-case brings its result. A second answer, or one for a step no longer open, only marks the sub-case."""
    child = next((c for c in state.children if c.case_id == data.case_id), None)
    if child is None:
        raise refuse("not_a_child", "Hồ sơ này không phải hồ sơ con của hồ sơ đang mở.")
    status = str(data.reply.get("status", "done"))
    if child.status == status:
        raise refuse("known", "Kết quả của hồ sơ con đã được ghi nhận.")
    effects: list[EffectUnion] = [ChildEnded(case_id=child.case_id, status=status, at=facts.now)]
    token = state.token(child.token)
    if token is None or child.status != "open":
        return effects
    return effects + _replied(definition, fold(state, effects), token, data.reply, facts, by_hand=False)


def to_undo(definition: Definition, state: State, steps: tuple[str, ...], facts: Facts) -> list[EffectUnion]:
    """What the machine did at these steps has to be taken back outside, where the definition says how."""
    done = [v for v in state.visits if v.step in steps and v.step in state.replies and v.outcome != "by_hand"]
    asked = tuple(
        Undo(token=v.token, step=v.step, retry_at=facts.now)
        for v in {v.step: v for v in done}.values()
        if definition.step(v.step).options.get("undo")
    )
    return [UndoSet(undo=(*state.undo, *asked))] if asked else []


class UndoData(ActData, frozen=True):
    """Whose outside effect was taken back, or why not yet."""

    step_token: str = ""
    error: str = ""


def undone(definition: Definition, state: State, data: UndoData, facts: Facts) -> list[EffectUnion]:
    """An outside effect was taken back; or it failed and is tried again, in the end by a person."""
    found = next((u for u in state.undo if u.token == data.step_token), None)
    if found is None:
        raise refuse("known", "Việc thu hồi này đã xong.")
    rest = tuple(u for u in state.undo if u is not found)
    if not data.error:
        return [UndoSet(undo=rest)]
    again = facts.now + timedelta(minutes=WAITS[found.tries]) if found.tries < len(WAITS) else None
    failed = replace(found, tries=found.tries + 1, error=data.error[:500], retry_at=again)
    effects: list[EffectUnion] = [UndoSet(undo=(*rest, failed))]
    if again is None and state.competent is not None:
        step = definition.step(found.step)
        by_person = helper("undo", state.competent, step.role, facts)
        effects.append(TokenOpened(token=replace(by_person, branch=found.token)))
    return effects


class TakenBackData(ActData, frozen=True):
    evidence: str = ""


def taken_back(definition: Definition, state: State, data: TakenBackData, facts: Facts) -> list[EffectUnion]:
    """A person took back outside what the machine could not, and says on what evidence."""
    token = state.open(data.token)
    if not data.evidence.strip():
        raise refuse("required", "Hãy ghi căn cứ của việc thu hồi.", field="evidence")
    rest = tuple(u for u in state.undo if u.token != token.branch)
    return [
        UndoSet(undo=rest),
        Noted(text=f"Đã thu hồi bằng tay: {data.evidence.strip()[:3900]}"),
        close(token, facts, "taken_back"),
    ]
