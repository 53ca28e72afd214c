"""Filing, accepting, refusing, handing over, asking once for what is missing, and the answer."""

from __future__ import annotations

from typing import Any

from tinhso.core.cases.acts import ActData, Facts, refuse
from tinhso.core.cases.choices import Channel, Status
from tinhso.core.cases.effects import (
    Answered,
    EffectUnion,
    FeesSet,
    Filed,
    PapersGiven,
    ParentSet,
    StatusSet,
    Stopped,
    SupplementAnswered,
    SupplementAsked,
    TokenClosed,
    TokensParked,
    TokensUnparked,
    TokenTaken,
    VariantSet,
    fold,
)
from tinhso.core.cases.rules.dossier import admit, missing_papers
from tinhso.core.cases.rules.money import fees_granted, fees_on_filing
from tinhso.core.cases.rules.moves import (
    advance,
    enter,
    going_on,
    pause,
    reopened,
    set_clock,
    situation,
)
from tinhso.core.cases.state import Item, PaperState, ParentRef, Party, State, Supplement, Token, UnitRef
from tinhso.core.procedures.dossier import papers_for, variant_for
from tinhso.core.procedures.model import Definition
from tinhso.kit import worktime

CHECK_TIME = worktime.Duration.parse("8 hours")
ONCE = "Nghị định 61/2018/NĐ-CP Điều 15 khoản 3 (hướng dẫn một lần, đầy đủ)"
RESTART = "Nghị định 61/2018/NĐ-CP Điều 19 khoản 4"


class FileData(ActData, frozen=True):
    """A dossier as filed; `reception` and `competent` come from the competence rules."""

    applicant: Party = Party(id="", kind="", full_name="")
    filer_id: str = ""
    channel: str = Channel.ONLINE
    reception: UnitRef = UnitRef(id="", code="", name="", path="")
    competent: UnitRef = UnitRef(id="", code="", name="", path="")
    answers: dict[str, Any] = {}
    papers: tuple[PaperState, ...] = ()
    return_how: str = "counter"
    return_address: str = ""
    return_unit: UnitRef | None = None
    parent: ParentRef | None = None


def file(definition: Definition, state: State, data: FileData, facts: Facts) -> list[EffectUnion]:
    """A new dossier: status 1 and a task for the one-stop, to be checked within 8 working hours."""
    admit(definition, data.applicant.kind, data.channel)
    effects: list[EffectUnion] = [
        Filed(
            applicant=data.applicant,
            filer_id=data.filer_id,
            channel=data.channel,
            reception=data.reception,
            competent=data.competent,
            at=facts.now,
            return_how=data.return_how,
            return_address=data.return_address,
            return_unit=data.return_unit,
        ),
        Answered(answers=data.answers),
        PapersGiven(papers=data.papers),
        StatusSet(status=Status.NEW, at=facts.now),
    ]
    if data.parent is not None:
        effects.append(ParentSet(parent=data.parent))
    filed = fold(state, effects)
    here = situation(definition, filed, facts)
    if data.channel == Channel.ONLINE:
        lacking = missing_papers(definition, here, data.papers, at_counter=False)
        if lacking:
            names = "; ".join(p.name.vi for p in lacking)
            raise refuse(
                "papers_missing", f"Hồ sơ còn thiếu: {names}. Hãy đính kèm rồi nộp lại.", field="papers"
            )
    effects += [
        VariantSet(variant=variant_for(definition, here).id),
        FeesSet(fees=fees_on_filing(definition, fold(state, effects), facts)),
    ]
    return effects + enter(definition, definition.first, fold(state, effects), facts)


class AcceptData(ActData, frozen=True):
    """Papers whose originals were shown at the counter are listed in `shown`."""

    shown: tuple[str, ...] = ()


def accept(definition: Definition, state: State, data: AcceptData, facts: Facts) -> list[EffectUnion]:
    """Accept a full and valid dossier: the legal clock starts and the receipt can be printed."""
    token = _receive_token(state)
    shown = tuple(
        PaperState(id=p, shown=True, source="shown", files=(state.paper(p) or PaperState(id=p)).files)
        for p in data.shown
    )
    effects: list[EffectUnion] = [PapersGiven(papers=shown)] if shown else []
    here = situation(definition, fold(state, effects), facts)
    lacking = missing_papers(
        definition, here, fold(state, effects).papers, at_counter=state.channel == Channel.COUNTER
    )
    if lacking:
        names = "; ".join(p.name.vi for p in lacking)
        raise refuse(
            "papers_missing",
            f"Chưa đủ giấy tờ để tiếp nhận: {names}. Đính kèm, hoặc yêu cầu bổ sung.",
            ground=ONCE,
        )
    variant = variant_for(definition, here)
    assert state.competent is not None  # noqa: S101  a filed case has one
    calendar = facts.calendar(state.competent)
    clock = worktime.start(calendar, facts.now, variant.time, cutoff=variant.cutoff)
    effects += [
        VariantSet(variant=variant.id),
        FeesSet(fees=fees_granted(definition, fold(state, effects), facts)),
        set_clock(clock, calendar),
        StatusSet(status=Status.ACCEPTED, at=facts.now),
    ]
    if token.person_id == "" and facts.actor.person_id is not None:
        effects.append(_taken(token, facts))
    return effects


def hand_over(definition: Definition, state: State, data: ActData, facts: Facts) -> list[EffectUnion]:
    """Send an accepted dossier to the unit that decides."""
    effects: list[EffectUnion] = [StatusSet(status=Status.PROCESSING, at=facts.now)]
    return effects + advance(definition, fold(state, effects), _receive_token(state), facts, "handed_over")


class RefuseData(ActData, frozen=True):
    reason: str = ""
    ground: str = ""
    instead: str = ""


def refuse_reception(
    definition: Definition, state: State, data: RefuseData, facts: Facts
) -> list[EffectUnion]:
    """Not take the dossier, with the reason and the legal ground (form 03)."""
    _need(data.reason, "reason", "Hãy ghi lý do từ chối để người dân biết phải làm gì.")
    _need(data.ground, "ground", "Hãy ghi căn cứ pháp lý của việc từ chối.")
    reason = f"{data.reason} (căn cứ: {data.ground})"
    return [
        Stopped(reason=reason if not data.instead else f"{reason}. Nơi cần đến: {data.instead}"),
        StatusSet(status=Status.NOT_ACCEPTED, at=facts.now),
    ]


class AskData(ActData, frozen=True):
    """What is missing: papers of the definition with a reason each; `note` for anything else."""

    items: tuple[Item, ...] = ()
    note: str = ""
    approved_reason: str = ""


def ask_supplement(definition: Definition, state: State, data: AskData, facts: Facts) -> list[EffectUnion]:
    """Ask once and completely for what is missing (form 02); the clock waits for the citizen.

    A second round is a fault that is scored; it needs somebody with `cases.approve` and a reason.
    """
    if not data.items and not data.note.strip():
        raise refuse(
            "nothing_asked", "Hãy chọn giấy tờ còn thiếu hoặc ghi nội dung cần bổ sung.", field="items"
        )
    known = {p.id for p in papers_for(definition, situation(definition, state, facts))} | {
        p.id for p in definition.papers
    }
    for item in data.items:
        if item.paper not in known:
            raise refuse("unknown_paper", "Giấy tờ được yêu cầu không thuộc thành phần hồ sơ.", field="items")
        _need(item.reason, "items", "Hãy ghi rõ vì sao cần bổ sung từng giấy tờ.")
    if state.supplements:
        path = state.reception.path if state.reception else ""
        competent = state.competent.path if state.competent else ""
        if not (facts.actor.may("cases.approve", path) or facts.actor.may("cases.approve", competent)):
            raise refuse("second_supplement", "Yêu cầu bổ sung lần hai phải do lãnh đạo duyệt.", ground=ONCE)
        _need(data.approved_reason, "approved_reason", "Hãy ghi lý do phải yêu cầu bổ sung lần hai.")
    assert state.competent is not None  # noqa: S101
    answer_by = worktime.add(facts.calendar(state.competent), facts.now, definition.supplement_within).at
    supplement = Supplement(
        round=len(state.supplements) + 1,
        asked_at=facts.now,
        items=data.items,
        note=data.note.strip(),
        answer_by=answer_by,
        from_status=state.status,
    )
    return [
        SupplementAsked(supplement=supplement),
        *pause(state, facts, "Chờ người dân bổ sung hồ sơ", RESTART),
        TokensParked(keep=going_on(state)),
        StatusSet(status=Status.SUPPLEMENT, at=facts.now),
    ]


class SupplementData(ActData, frozen=True):
    answers: dict[str, Any] | None = None
    papers: tuple[PaperState, ...] = ()


def answer_supplement(
    definition: Definition, state: State, data: SupplementData, facts: Facts
) -> list[EffectUnion]:
    """The citizen brings what was asked: the full time starts again (Decree 61/2018 art. 19.4)."""
    asked = state.open_supplement
    if asked is None:
        raise refuse("nothing_asked", "Hồ sơ không có yêu cầu bổ sung nào đang chờ.")
    brought = {p.id for p in data.papers}
    lacking = [i.paper for i in asked.items if i.paper not in brought]
    if lacking:
        names = "; ".join((definition.paper(p).name.vi if definition.paper(p) else p) for p in lacking)  # type: ignore[union-attr]
        raise refuse("papers_missing", f"Còn thiếu giấy tờ được yêu cầu: {names}.", field="papers")
    effects: list[EffectUnion] = [SupplementAnswered(at=facts.now), PapersGiven(papers=data.papers)]
    if data.answers is not None:
        effects.append(Answered(answers=data.answers))
    if state.clock.state == "paused" and state.competent is not None:
        calendar = facts.calendar(state.competent)
        effects.append(set_clock(worktime.restart(state.clock, calendar, facts.now), calendar))
    proposal = state.at("stop_proposal")
    if proposal is not None:  # somebody was already asked whether to stop the case
        effects.append(TokenClosed(token_id=proposal.id, outcome="answered"))
    effects.append(TokensUnparked(tokens=tuple(reopened(definition, t, facts) for t in state.parked)))
    back = Status.NEW if asked.from_status == Status.NEW else Status.PROCESSING
    if asked.from_status == Status.ACCEPTED:
        back = Status.ACCEPTED
    effects.append(StatusSet(status=back, at=facts.now))
    return effects


def _receive_token(state: State) -> Token:
    token = state.at("receive")
    if token is None:
        raise refuse("already_received", "Hồ sơ đã được người khác tiếp nhận. Hãy tải lại trang.")
    return token


def _taken(token: Token, facts: Facts) -> EffectUnion:
    return TokenTaken(
        token_id=token.id, person_id=facts.actor.desk_name[0], person_name=facts.actor.desk_name[1]
    )


def _need(text: str, field: str, message: str) -> None:
    if not text.strip():
        raise refuse("required", message, field=field)
