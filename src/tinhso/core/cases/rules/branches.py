"""Several things at once: parallel branches, a question to several units, a committee, two people for one act."""

from __future__ import annotations

from msgspec.structs import replace

from tinhso.core.access.actor import Actor
from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.effects import (
    CorrectionAsked,
    EffectUnion,
    FirstDone,
    OpinionGiven,
    TokenClosed,
    TokenOpened,
    Voted,
    fold,
)
from tinhso.core.cases.rules.moves import advance, enter, is_true, open_step, situation
from tinhso.core.cases.state import Opinion, State, Token, Vote
from tinhso.core.procedures.flow import branches, needed
from tinhso.core.procedures.model import Definition, Step
from tinhso.kit.errors import Refusal


def enter_fork(
    definition: Definition, step: Step, token: Token, state: State, facts: Facts
) -> list[EffectUnion]:
    """Open the branches that apply: all at once, or one after another where `in_turn` holds.

    Interlinked procedures run side by side when electronic and in turn on paper (Decree 61/2018 art. 19.6).
    """
    here = situation(definition, state, facts)
    names = [b.to for b in branches(step) if is_true(b.when, here, step.name.vi)]
    if not names:
        return advance(definition, state, token, facts, "nothing_to_do")
    in_turn = str(step.options.get("in_turn", ""))
    one_by_one = bool(in_turn) and is_true(in_turn, here, step.name.vi)
    first, later = (names[:1], tuple(names[1:])) if one_by_one else (names, ())
    waits = replace(token, need=needed(step, len(names)), waiting=later)
    effects: list[EffectUnion] = _instead(token, waits)
    for name in first:
        after = fold(state, effects)
        if after.token(waits.id) is None:
            break  # enough branches came back while the others were being opened
        effects += enter(definition, name, after, facts, parent=waits.id, branch=name)
    return effects


def enter_consult(
    definition: Definition, step: Step, token: Token, state: State, facts: Facts
) -> list[EffectUnion]:
    """Ask several units the same question at once; each has its own open step and its own deadline."""
    units = facts.asked_units.get(step.id)
    if units is None:
        raise refuse("no_unit_to_ask", "Không tìm được cơ quan cần hỏi ý kiến từ thông tin trong hồ sơ.")
    if not units:
        return advance(definition, state, token, facts, "nobody_to_ask")
    waits = replace(token, need=needed(step, len(units)), role="", due_at=None, silence="", late="")
    effects: list[EffectUnion] = _instead(token, waits)
    for unit in units:
        asked = open_step(step, state, facts, unit=unit, parent=waits.id, branch=unit.code)
        effects.append(TokenOpened(token=replace(asked, do="ask_unit")))
    return effects


def _instead(token: Token, other: Token) -> list[EffectUnion]:
    """The step that was just opened, with what its kind knows about it."""
    return [TokenClosed(token_id=token.id, outcome="opened"), TokenOpened(token=other)]


class OpinionData(ActData, frozen=True):
    agrees: bool = True
    text: str = ""


def answer(definition: Definition, state: State, data: OpinionData, facts: Facts) -> list[EffectUnion]:
    """An asked unit gives its opinion; the case goes on when enough have."""
    token = state.open(data.token)
    if not data.text.strip():
        raise refuse("required", "Hãy ghi nội dung trả lời.", field="text")
    opinion = Opinion(
        unit=token.unit,
        by=facts.actor.name,
        at=facts.now,
        agrees=data.agrees,
        text=data.text.strip(),
        step=token.step,
    )
    effects: list[EffectUnion] = [OpinionGiven(opinion=opinion)]
    return effects + advance(definition, fold(state, effects), token, facts, "answered")


def silent(definition: Definition, state: State, token: Token, facts: Facts) -> list[EffectUnion]:
    """Where the law counts silence: the unit that did not answer in time agreed, or did not."""
    agrees = token.silence == "consent"
    words = "Quá hạn không trả lời, được coi là đồng ý" if agrees else "Quá hạn không trả lời"
    if ground := definition.step(token.step).options.get("ground"):
        words += f" ({ground})"
    opinion = Opinion(
        unit=token.unit, by="", at=facts.now, agrees=agrees, text=words, step=token.step, silent=True
    )
    effects: list[EffectUnion] = [OpinionGiven(opinion=opinion)]
    return effects + advance(definition, fold(state, effects), token, facts, "silence")


class VoteData(ActData, frozen=True):
    agrees: bool = True
    text: str = ""


def vote(definition: Definition, state: State, data: VoteData, facts: Facts) -> list[EffectUnion]:
    """A member of a committee votes, once. It is decided as soon as the rest cannot change it.

    `need` votes in favour pass; with `members` known, it fails when they cannot be reached any more.
    """
    token = state.open(data.token)
    step = definition.step(token.step)
    me = str(facts.actor.person_id or "")
    if any(v.person_id == me for v in state.votes if v.step == step.id and not v.void):
        raise refuse("voted", "Bạn đã biểu quyết về hồ sơ này.")
    if not data.agrees and not data.text.strip():
        raise refuse("required", "Hãy ghi lý do không đồng ý.", field="text")
    cast = Vote(
        step=step.id,
        person_id=me,
        person_name=facts.actor.name,
        agrees=data.agrees,
        text=data.text.strip(),
        at=facts.now,
    )
    effects: list[EffectUnion] = [Voted(vote=cast)]
    after = fold(state, effects)
    valid = [v for v in after.votes if v.step == step.id and not v.void]
    agreed, against = sum(v.agrees for v in valid), sum(not v.agrees for v in valid)
    need, members = int(step.options["need"]), int(step.options.get("members", 0))
    if agreed >= need:
        return effects + advance(definition, after, token, facts, "passed")
    if members and against > members - need:
        return effects + advance(definition, after, token, facts, "failed")
    return effects


def awaits_second(
    definition: Definition, state: State, token: Token, facts: Facts
) -> list[EffectUnion] | None:
    """For a step two people do: the first is kept and the step stays open; None when it may be left."""
    if not definition.step(token.step).options.get("two_people"):
        return None
    me = str(facts.actor.person_id or "")
    if token.first_by:
        raise refuse("awaits_second", f"{token.first_name} đã làm bước này; cần người thứ hai xác nhận.")
    return [FirstDone(token_id=token.id, person_id=me, person_name=facts.actor.name)]


def may_second(state: State, token: Token | None, actor: Actor) -> Refusal | None:
    """Only after the first of two people, and by somebody else."""
    if token is None or not token.first_by:
        return refuse("no_first", "Bước này chưa có người thứ nhất hoàn thành.")
    if token.first_by == str(actor.person_id or ""):
        return refuse("same_person", "Bước này cần hai người khác nhau; hãy để đồng nghiệp xác nhận.")
    return None


class SecondData(ActData, frozen=True):
    agrees: bool = True
    reason: str = ""


def second(definition: Definition, state: State, data: SecondData, facts: Facts) -> list[EffectUnion]:
    """The second of two people confirms what the first did, or sends it back with the reason."""
    token = state.open(data.token)
    if data.agrees:
        return advance(definition, state, token, facts, "confirmed")
    if not data.reason.strip():
        raise refuse("required", "Hãy ghi lý do không xác nhận.", field="reason")
    return [FirstDone(token_id=token.id), CorrectionAsked(reason=data.reason.strip())]
