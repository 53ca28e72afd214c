"""The work of the deciding agency: taking and assigning, drafting, asking, signing, returning for correction."""

from __future__ import annotations

from typing import Any

from tinhso.core.access.actor import Actor
from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import (
    CorrectionAsked,
    Drafted,
    EffectUnion,
    Numbered,
    ResultSet,
    StatusSet,
    TokenTaken,
    Voided,
    fold,
)
from tinhso.core.cases.rules.automatic import to_undo
from tinhso.core.cases.rules.branches import awaits_second
from tinhso.core.cases.rules.moves import advance, close, move_to
from tinhso.core.cases.state import Result, State, Token
from tinhso.core.procedures.flow import branch_steps, earlier, enclosing
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal


class TakeData(ActData, frozen=True):
    pass


def take(definition: Definition, state: State, data: TakeData, facts: Facts) -> list[EffectUnion]:
    """Take an open step for oneself; refused when somebody else has it, unless that one is away and one stands in."""
    token = state.open(data.token)
    me, name = facts.actor.desk_name
    if token.person_id and token.person_id != me and not facts.stands_in(token.person_id):
        raise refuse("taken", f"{token.person_name} đang xử lý bước này.")
    return [TokenTaken(token_id=token.id, person_id=me, person_name=name)]


class AssignData(ActData, frozen=True):
    person_id: str = ""
    person_name: str = ""
    reason: str = ""


def assign(definition: Definition, state: State, data: AssignData, facts: Facts) -> list[EffectUnion]:
    """Give an open step to a person (who holds the role is checked by the action, which knows the posts)."""
    if not data.person_id:
        raise refuse("nobody", "Hãy chọn người xử lý.", field="person_id")
    token = state.open(data.token)
    return [TokenTaken(token_id=token.id, person_id=data.person_id, person_name=data.person_name)]


class DraftData(ActData, frozen=True):
    """What the officer fills in for the result, already checked against the result's fields."""

    fields: dict[str, Any] = {}


def draft(definition: Definition, state: State, data: DraftData, facts: Facts) -> list[EffectUnion]:
    """Keep the draft of the result; the step stays open."""
    token = _own(state.open(data.token), facts)
    effects: list[EffectUnion] = [Drafted(fields=data.fields, by=str(facts.actor.person_id or ""))]
    return effects + _take_if_free(token, facts)


class CompleteData(ActData, frozen=True):
    """Finish a work step. With `fields` the draft is replaced; `complete_fields` says the result form is filled."""

    fields: dict[str, Any] | None = None
    complete_fields: bool = True


def complete(definition: Definition, state: State, data: CompleteData, facts: Facts) -> list[EffectUnion]:
    """Finish a work step and move on; a step that drafts the result needs the draft to be filled in."""
    token = _own(state.open(data.token), facts)
    step = definition.step(token.step)
    effects: list[EffectUnion] = []
    if data.fields is not None:
        effects.append(Drafted(fields=data.fields, by=str(facts.actor.person_id or "")))
    drafted = fold(state, effects)
    needs_draft = bool(step.options.get("document")) and definition.result.fields is not None
    if needs_draft and not (drafted.draft_by and data.complete_fields):
        raise refuse("no_draft", "Hãy điền đủ thông tin của dự thảo kết quả trước khi trình.", field="fields")
    if drafted.correction and not effects:
        effects.append(CorrectionAsked(reason=""))
    after = fold(state, effects)
    waits = awaits_second(definition, after, token, facts)
    return effects + (advance(definition, after, token, facts) if waits is None else waits)


class ProposeRefusalData(ActData, frozen=True):
    reason: str = ""
    ground: str = ""


def propose_refusal(
    definition: Definition, state: State, data: ProposeRefusalData, facts: Facts
) -> list[EffectUnion]:
    """Draft a reasoned refusal and send it to whoever signs; a refusal is a result too (Decree 61/2018 art. 19.8)."""
    token = _own(state.open(data.token), facts)
    if not data.reason.strip() or not data.ground.strip():
        raise refuse("required", "Hãy ghi lý do và căn cứ pháp lý của việc không giải quyết.", field="reason")
    target = next((s.id for s in definition.steps.values() if s.do == "sign"), None)
    if target is None:
        raise refuse("no_signature", "Quy trình này không có bước ký.")
    effects: list[EffectUnion] = [
        Drafted(
            fields=state.draft,
            by=str(facts.actor.person_id or ""),
            refusal_reason=data.reason.strip(),
            refusal_ground=data.ground.strip(),
        )
    ]
    return effects + move_to(definition, fold(state, effects), token, target, facts, "refusal")


def confirm(definition: Definition, state: State, data: ActData, facts: Facts) -> list[EffectUnion]:
    """The applicant finds the draft right."""
    return consent(definition, state, state.open(data.token), facts, "confirmed")


def consent(
    definition: Definition, state: State, token: Token, facts: Facts, outcome: str
) -> list[EffectUnion]:
    """Go on after the applicant's yes, or their silence where the definition counts it as consent."""
    if outcome == "silence" and definition.step(token.step).options.get("silence") != "consent":
        raise refuse("silence_means_nothing", "Bước này cần người dân trả lời.")
    return advance(definition, state, token, facts, outcome)


class ObjectData(ActData, frozen=True):
    text: str = ""


def object_to_draft(
    definition: Definition, state: State, data: ObjectData, facts: Facts
) -> list[EffectUnion]:
    """The applicant finds a mistake: back to whoever drafted it."""
    if not data.text.strip():
        raise refuse("required", "Hãy ghi chỗ cần sửa.", field="text")
    token = state.open(data.token)
    effects: list[EffectUnion] = [CorrectionAsked(reason=f"Người dân đề nghị sửa: {data.text.strip()}")]
    target = _drafting_step(definition, token.step)
    return effects + move_to(definition, fold(state, effects), token, target, facts, "objected")


class ReturnData(ActData, frozen=True):
    """Why, and to which earlier step; without one to whoever drafted."""

    reason: str = ""
    to_step: str = ""


def return_for_correction(
    definition: Definition, state: State, data: ReturnData, facts: Facts
) -> list[EffectUnion]:
    """Send the case back with the reason. What the steps in between brought is taken back with it."""
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do trả lại để người soạn sửa.", field="reason")
    token = state.open(data.token)
    target = data.to_step or _drafting_step(definition, token.step)
    if target not in returns_to(definition, state, token.step):
        raise refuse(
            "not_earlier", "Chỉ trả lại được về một bước hồ sơ đã đi qua trên nhánh này.", field="to_step"
        )
    undone = behind(definition, state, target)
    effects: list[EffectUnion] = [
        CorrectionAsked(reason=data.reason.strip()),
        *to_undo(definition, state, undone, facts),
        Voided(steps=undone),
    ]
    return effects + move_to(definition, fold(state, effects), token, target, facts, "returned")


def may_return(state: State, token: Token | None, actor: Actor) -> Refusal | None:
    """There must be something to go back to: a step between reception and this one."""
    if token is not None and any(v.outcome != "handed_over" for v in state.visits):
        return None
    return refuse("not_earlier", "Hồ sơ chưa qua bước nào có thể trả lại.")


def returns_to(definition: Definition, state: State, step: str) -> tuple[str, ...]:
    """The steps a case may be sent back to from this one: earlier ones of people that it went through."""
    gone = {v.step for v in state.visits}
    return tuple(
        s
        for s in earlier(definition, step)
        if s in gone and definition.step(s).do not in ("receive", "ask_applicant", "deliver")
    )


def behind(definition: Definition, state: State, target: str) -> tuple[str, ...]:
    """The steps gone through since `target` was last begun, itself included: a round or a vote begins anew.

    Only those that follow from it: what other branches did meanwhile stands, and so do results of sub-cases.
    """
    begun = max(v.entered_at for v in state.visits if v.step == target)
    follow = branch_steps(definition, enclosing(definition, target), target)
    steps = [v.step for v in state.visits if v.entered_at >= begun and v.step in follow]
    return tuple(dict.fromkeys(s for s in steps if definition.step(s).do != "subcase"))


class NumberData(ActData, frozen=True):
    number: str = ""


def number(definition: Definition, state: State, data: NumberData, facts: Facts) -> list[EffectUnion]:
    """Keep the number the result will carry; taken once, used again when signing has to be repeated."""
    if state.number:
        raise refuse("numbered", "Kết quả đã có số.")
    return [Numbered(number=data.number)]


class SignData(ActData, frozen=True):
    """The signed result: the stored file, its public code, and the draft it was made from (`seq`)."""

    document: str = ""
    issued_code: str = ""
    signed_by: str = ""
    seq: int = 0


def sign(definition: Definition, state: State, data: SignData, facts: Facts) -> list[EffectUnion]:
    """Put the signed result into the case. Refused when the case moved after the paper was made."""
    token = state.open(data.token)
    if data.seq and data.seq != state.seq:
        raise refuse("stale", "Hồ sơ vừa có thay đổi trong lúc ký. Hãy xem lại dự thảo rồi ký lại.")
    refusal = bool(state.refusal_reason)
    result = Result(
        kind="refusal" if refusal else "result",
        name="Thông báo không giải quyết hồ sơ" if refusal else definition.result.name.vi,
        code="" if refusal else definition.result.code,
        number=state.number,
        document=data.document,
        signed_at=facts.now,
        signed_by=data.signed_by,
        issued_code=data.issued_code,
    )
    effects: list[EffectUnion] = [ResultSet(result=result)]
    after = fold(state, effects)
    if refusal:
        deliver = next(s.id for s in definition.steps.values() if s.do == "deliver")
        return effects + move_to(definition, after, token, deliver, facts, "refused")
    return effects + advance(definition, after, token, facts, "signed")


class DeliverData(ActData, frozen=True):
    to: str = ""
    how: str = "counter"


def deliver(definition: Definition, state: State, data: DeliverData, facts: Facts) -> list[EffectUnion]:
    """Hand the result over; the case is complete."""
    token = state.open(data.token)
    return [
        close(token, facts, "delivered"),
        StatusSet(status=Status.RETURNED, at=facts.now),
    ]


def _own(token: Token, facts: Facts) -> Token:
    """Work on a step that somebody else took is refused, unless one may assign it anyway."""
    me, _ = facts.actor.desk_name
    others = token.person_id and token.person_id != me
    if others and not (facts.actor.may("cases.assign", token.unit.path) or facts.stands_in(token.person_id)):
        raise refuse("taken", f"{token.person_name} đang xử lý bước này.")
    return token


def _take_if_free(token: Token, facts: Facts) -> list[EffectUnion]:
    if token.person_id or facts.actor.person_id is None:
        return []
    person_id, name = facts.actor.desk_name
    return [TokenTaken(token_id=token.id, person_id=person_id, person_name=name)]


def _drafting_step(definition: Definition, step_id: str) -> str:
    """Where a correction goes: the nearest step before this one that drafts the result, else the first work step."""
    order = list(definition.steps.values())
    before = order[: next(i for i, s in enumerate(order) if s.id == step_id)]
    for step in reversed(before):
        if step.do == "work" and step.options.get("document"):
            return step.id
    work = next((s.id for s in order if s.do == "work"), None)
    if work is None:
        raise refuse("nobody_drafts", "Quy trình này không có bước soạn thảo để trả lại.")
    return work
