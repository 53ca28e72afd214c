"""Doing what a case has the engine do: automatic steps, sub-cases, taking back. Everything may run twice."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from tinhso.core.cases.actions.filing import file_case
from tinhso.core.cases.actions.perform import perform
from tinhso.core.cases.automatic import AUTOMATIC, ENGINE, PASSING, Call
from tinhso.core.cases.choices import Status
from tinhso.core.cases.facts import unit_ref
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import PaperState, ParentRef, State, Token, Undo, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs import queries as orgs
from tinhso.kit.errors import Refusal

log = logging.getLogger("tinhso.cases")
DEPTH = 8


@dataclass(frozen=True, slots=True)
class _Work:
    """A case to see to, as it was read."""

    case: Case
    state: State
    now: datetime | None

    def call(self, step: str, token: str) -> Call:
        definition = definition_of(self.case.version_id)
        now = self.now or timezone.now()
        return Call(self.case, self.state, definition, definition.step(step), token, now)

    def act(self, kind: str, **data: Any) -> None:
        """Do an act as the engine; one that came too late or twice changes nothing."""
        try:
            perform(self.case.id, kind, data, actor=ENGINE, now=self.now)
        except Refusal as refusal:
            log.info("the engine's act was not needed", extra={"case": self.case.code, "why": refusal.code})


def settle(case_id: UUID, *, now: datetime | None = None) -> None:
    """Do every automatic step of a case whose moment has come, take back what has to be, stop sub-cases nobody
    waits for. Not inside a transaction: the outside is asked here."""
    case = Case.objects.get(id=case_id)
    work = _Work(case, load_state(case.state), now)
    moment = now or timezone.now()
    for token in work.state.tokens:
        if token.retry_at and token.retry_at <= moment and token.do in AUTOMATIC:
            _run(work, token)
    for undo in work.state.undo:
        if undo.retry_at and undo.retry_at <= moment:
            _take_back(work, undo)
    for child in work.state.orphans:
        _stop(child.case_id, work)


def _run(work: _Work, token: Token) -> None:
    try:
        reply = AUTOMATIC.get(token.do).run(work.call(token.step, token.id))
    except Refusal as refusal:
        final = refusal.code not in PASSING
        work.act("auto_failed", token=token.id, error=refusal.message, final=final)
    except Exception as error:  # whatever the outside did, the case keeps it and tries again
        log.exception("automatic step failed", extra={"case": work.case.code, "step": token.step})
        work.act("auto_failed", token=token.id, error=f"{type(error).__name__}: {error}")
    else:
        if reply is not None:
            work.act("auto_done", token=token.id, reply=reply)


def _take_back(work: _Work, undo: Undo) -> None:
    call = work.call(undo.step, undo.token)
    action = AUTOMATIC.get(call.step.do).undo
    try:
        if action is not None:
            action(call)
    except Exception as error:  # as above
        log.exception("taking back failed", extra={"case": work.case.code, "step": undo.step})
        work.act("undone", step_token=undo.token, error=str(error) or type(error).__name__)
    else:
        work.act("undone", step_token=undo.token)


def file_child(call: Call) -> None:
    """File the case of another agency that a step stands for. Its result comes back by `child_ended`.

    The answers and papers it needs come from this case; filed twice under one token it is one case.
    """
    options, state = call.step.options, call.state
    if _depth(call.case) >= DEPTH:
        raise Refusal("too_deep", f"Hồ sơ liên thông đã lồng nhau {DEPTH} cấp; quy trình cần được xem lại.")
    papers = dict(options.get("papers", {}))
    given = [(mine, state.paper(theirs)) for mine, theirs in papers.items()]
    assert state.applicant is not None  # noqa: S101  a filed case has one
    done = file_case(
        procedure=str(options["procedure"]),
        applicant=state.applicant,
        answers={k: v for k, v in call.values(dict(options.get("answers", {}))).items() if v is not None},
        papers=tuple(PaperState(id=p, files=g.files, source=g.source) for p, g in given if g),
        channel=state.channel,
        key=f"sub:{call.token}",
        actor=ENGINE,
        filer_id=UUID(state.filer_id) if state.filer_id else None,
        return_how="online",
        now=call.now,
        parent=ParentRef(case_id=str(call.case.id), code=call.case.code, token=call.token, step=call.step.id),
    )
    child = done.case
    if options.get("received"):
        _receive(child, call.now)
    known = {
        "token": call.token,
        "case_id": str(child.id),
        "code": child.code,
        "procedure": child.procedure_id,
        "unit": unit_ref(orgs.unit(child.competent_id)),
    }
    try:
        perform(call.case.id, "child_filed", known, actor=ENGINE, now=call.now)
    except Refusal as refusal:
        if refusal.code != "known":  # another worker told the case a moment before: nothing has failed
            raise


def _receive(child: Case, now: datetime) -> None:
    """What the lead case's one-stop has checked and seen counts for the sub-case: it goes straight to its agency.

    A sub-case that lacks something stays with its own one-stop, which sees what it is.
    """
    state = load_state(child.state)
    definition = definition_of(child.version_id)
    shown = [p.id for p in definition.papers if p.kind == "present"] if state.channel == "counter" else []
    try:
        perform(child.id, "accept", {"shown": shown}, actor=ENGINE, now=now)
        perform(child.id, "hand_over", actor=ENGINE, now=now)
    except Refusal as refusal:
        log.info("a sub-case is not received here", extra={"case": child.code, "why": refusal.code})


def _depth(case: Case) -> int:
    """How many cases this one was filed for, one inside the other."""
    depth, parent = 0, load_state(case.state).parent
    while parent is not None and depth <= DEPTH:
        depth += 1
        above = Case.objects.filter(id=parent.case_id).first()
        parent = load_state(above.state).parent if above else None
    return depth


def bring_result(child_id: UUID, *, now: datetime | None = None) -> None:
    """Give the case a sub-case was filed for its result; nothing when that case has moved on."""
    child = Case.objects.get(id=child_id)
    state = load_state(child.state)
    if state.parent is None:
        return
    moment = now or max(timezone.now(), state.acted_at or timezone.now())
    _hand_back(child, state, moment)
    try:
        perform(
            UUID(state.parent.case_id),
            "child_ended",
            {"case_id": str(child.id), "reply": reply_of(child, state)},
            actor=ENGINE,
            now=moment,
        )
    except Refusal as refusal:
        if refusal.code == "not_a_child":  # the parent does not know it yet: the event is delivered again
            raise
        log.info("a sub-case's result was not waited for", extra={"case": child.code, "why": refusal.code})


def _hand_back(child: Case, state: State, now: datetime) -> None:
    """The result of a sub-case goes to the case that asked for it (Decree 61/2018 art. 19.7), by no person's hand."""
    token = state.at("deliver")
    if token is None or state.parent is None:
        return
    to = {"token": token.id, "to": f"Hồ sơ {state.parent.code}", "how": "online"}
    try:
        perform(child.id, "deliver", to, actor=ENGINE, now=now)
    except Refusal as refusal:
        log.info(
            "a sub-case's result was handed over already", extra={"case": child.code, "why": refusal.code}
        )


def reply_of(child: Case, state: State) -> dict[str, Any]:
    """The typed result of a sub-case: how it ended, its papers' numbers, and what its officer filled in."""
    result = state.result
    if result is None:
        status = "refused" if state.status == Status.NOT_ACCEPTED else "stopped"
        return {"status": status, "code": child.code, "reason": state.stop_reason, "fields": {}}
    return {
        "status": "refused" if result.kind == "refusal" else "done",
        "code": child.code,
        "name": result.name,
        "number": result.number,
        "issued_code": result.issued_code,
        "document": result.document,
        "reason": state.refusal_reason,
        "fields": dict(state.draft),
    }


def _stop(child_id: str, work: _Work) -> None:
    """End a sub-case nobody waits for any more; one that is over already only has to be noted."""
    child = Case.objects.get(id=child_id)
    state = load_state(child.state)
    if not Status(state.status).is_finished:
        try:
            perform(
                child.id,
                "stop_by_parent",
                {"reason": f"Hồ sơ {work.case.code} không còn cần kết quả này"},
                actor=ENGINE,
                now=work.now,
            )
        except Refusal as refusal:
            log.info("a sub-case ended by itself", extra={"case": child.code, "why": refusal.code})
    child.refresh_from_db()
    work.act("child_ended", case_id=child_id, reply=reply_of(child, load_state(child.state)))
