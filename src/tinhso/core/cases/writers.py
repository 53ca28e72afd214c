"""Writing what an act did: the case's row, the act, the tasks it opened and closed, the audit entry, the event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tinhso.contracts.cases import CaseChanged, SubcaseEnded
from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record, who
from tinhso.core.cases import effects as fx
from tinhso.core.cases.acts import ActData
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case, CasePaper
from tinhso.core.cases.rules.moves import is_task
from tinhso.core.cases.state import State, Token, dump
from tinhso.core.db.batch import Batch
from tinhso.core.desk.models import Task
from tinhso.core.events.outbox import emit
from tinhso.core.jobs.queue import defer
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit.uuid7 import uuid7

OWN_FILES = "UPDATE files_storedfile SET purpose = 'cases.paper' WHERE id = ANY(%s)"
# Both name what the index of open tasks names; without `closed_at IS NULL` every act would read the whole table.
CLOSE_TASK = "UPDATE desk_task SET closed_at = %s, outcome = %s WHERE subject_id = %s AND token = %s AND closed_at IS NULL"
GIVE_TASK = "UPDATE desk_task SET person_id = %s WHERE subject_id = %s AND token = %s AND closed_at IS NULL"
MOVE_TASK = "UPDATE desk_task SET unit_id = %s WHERE subject_id = %s AND token = %s AND closed_at IS NULL"
OPEN_TASKS = (
    "UPDATE desk_task SET closed_at = %s, outcome = %s "
    "WHERE subject_id = %s AND closed_at IS NULL AND token <> ALL(%s)"
)
ENDED = (Status.NOT_ACCEPTED, Status.STOPPED, Status.DONE)


def chain_hash(previous: str, seq: int, kind: str, at: datetime, actor: dict[str, str], effects: Any) -> str:
    """The hash of an act in its case's chain: over the hash before it and its content as
    canonical JSON, the moment in UTC as the database gives it back."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = [previous, seq, kind, moment, actor, effects]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def columns(state: State) -> dict[str, Any]:
    """The columns of a case that repeat its state, for lists."""
    return {
        "seq": state.seq,
        "state": dump(state),
        "status": state.status,
        "finance": str(state.finance),
        "delivery": str(state.delivery),
        "clock": state.clock.state,
        "submitted_at": state.submitted_at,
        "accepted_at": state.accepted_at,
        "due_original": state.clock.due_original,
        "due_current": state.clock.due_current,
        "finished_at": state.finished_at,
        "returned_at": state.returned_at,
        "wake_at": state.wake_at,
    }


def write_act(
    batch: Batch,
    *,
    case_id: UUID,
    kind: str,
    data: ActData,
    actor: Actor,
    state: State,
    effects: list[fx.EffectUnion],
    facts: dict[str, Any],
    at: datetime,
) -> None:
    """Add the act's row; `state` is the state after it, with its seq and hash."""
    batch.insert(
        Act,
        case_id=case_id,
        seq=state.seq,
        kind=kind,
        at=at,
        actor=who(actor),
        data=dump(data),
        effects=dump(effects),
        facts=facts,
        hash=state.hash,
    )


def write_papers(batch: Batch, case_id: UUID, effects: list[fx.EffectUnion], at: datetime) -> None:
    """Tie the files given by an act to the case; from now on the case decides who may open them."""
    given = [
        (p.id, UUID(f)) for e in effects if isinstance(e, fx.PapersGiven) for p in e.papers for f in p.files
    ]
    if given:
        batch.execute(OWN_FILES, [[file for _, file in given]], changes="files_storedfile")
    for paper, file in given:
        batch.insert(CasePaper, case_id=case_id, paper=paper, file_id=file, at=at)


def _closed(batch: Batch, case: Case, effect: fx.TokenClosed, at: datetime) -> None:
    values = [at, effect.outcome[:40], case.id, effect.token_id]
    batch.execute(CLOSE_TASK, values, changes=effect.token_id)


def _given(batch: Batch, case: Case, effect: fx.TokenTaken, at: datetime) -> None:
    batch.execute(GIVE_TASK, [UUID(effect.person_id), case.id, effect.token_id], changes=effect.token_id)


def _to_another(batch: Batch, case: Case, effect: fx.FirstDone | fx.TokenReleased, at: datetime) -> None:
    batch.execute(GIVE_TASK, [None, case.id, effect.token_id], changes=effect.token_id)


def _machine_again(batch: Batch, case: Case, effect: fx.AutoAgain, at: datetime) -> None:
    batch.execute(CLOSE_TASK, [at, "again", case.id, effect.token_id])  # the same task may be opened again


def _parked(batch: Batch, case: Case, effect: fx.TokensParked, at: datetime) -> None:
    batch.execute(OPEN_TASKS, [at, "parked", case.id, list(effect.keep)])


def _stopped(batch: Batch, case: Case, effect: fx.Stopped, at: datetime) -> None:
    batch.execute(OPEN_TASKS, [at, "stopped", case.id, []])


def _redated(batch: Batch, case: Case, effect: fx.TokensDated, at: datetime) -> None:
    for token_id, due in effect.dues.items():
        batch.update(Task, {"subject_id": case.id, "token": token_id}, due_at=due)


def _elsewhere(batch: Batch, case: Case, effect: fx.UnitsMoved, at: datetime) -> None:
    for token, unit in effect.tokens.items():
        batch.execute(MOVE_TASK, [UUID(unit.id), case.id, token], changes=token)


#: What an effect does to the tasks that were open before the act.
ON_TASKS: dict[type, Callable[[Batch, Case, Any, datetime], None]] = {
    fx.TokenClosed: _closed,
    fx.TokenTaken: _given,
    fx.FirstDone: _to_another,
    fx.TokenReleased: _to_another,
    fx.AutoAgain: _machine_again,
    fx.TokensParked: _parked,
    fx.Stopped: _stopped,
    fx.TokensDated: _redated,
    fx.UnitsMoved: _elsewhere,
}


def write_tasks(
    batch: Batch,
    definition: Definition,
    case: Case,
    state: State,
    effects: list[fx.EffectUnion],
    at: datetime,
) -> None:
    """Open, close and give tasks as the tokens moved."""
    opened: set[str] = set()
    for effect in effects:
        writer = ON_TASKS.get(type(effect))
        if writer is not None and getattr(effect, "token_id", "") not in opened:
            writer(batch, case, effect, at)
        match effect:
            case fx.TokenOpened(token=token):
                opened.add(token.id)
            case fx.TokensUnparked(tokens=tokens):
                opened |= {t.id for t in tokens}
            case fx.AutoTried(token_id=name):
                opened.add(name)
    for token in state.tokens:  # what opened and closed again within one act never was a task
        if token.id in opened and is_task(token):
            _open_task(batch, definition, case, token, at)


def _open_task(batch: Batch, definition: Definition, case: Case, token: Token, at: datetime) -> None:
    step = definition.steps.get(token.step)
    kind = STEP_KINDS.get(token.do)
    batch.insert(
        Task,
        id=uuid7(),
        kind=f"case.{token.do}",
        subject_id=case.id,
        subject_key=case.code,
        token=token.id,
        title=(step.name.vi if step and step.name else kind.task)[:300],
        about=f"{definition.name.vi} · {case.applicant_name}"[:300],
        unit_id=UUID(token.unit.id),
        role=token.role or ("cashier" if token.do == "pay" else ""),
        person_id=UUID(token.person_id) if token.person_id else None,
        opened_at=at,
        due_at=token.due_at,
        urgent=False,
        outcome="",
    )


def _holders(state: State) -> tuple[Any, ...]:
    """Who has to do with a case: its people, and every unit that received it, decides, or has an open step."""
    units = {u.path for u in (state.reception, state.competent, *(t.unit for t in state.tokens)) if u}
    return state.applicant, state.filer_id, units


def write_record(
    batch: Batch,
    *,
    case: Case,
    kind: str,
    actor: Actor,
    before: State,
    state: State,
    definition: Definition,
    at: datetime,
) -> None:
    """The audit entry and the event of an act."""
    record(
        batch,
        act=f"cases.{kind}",
        object_kind="case",
        object_id=str(case.id),
        actor=actor,
        data={"code": case.code, "seq": state.seq, "hash": state.hash, "status": state.status},
    )
    emit(batch, _changed(case, kind, before, state, definition, at), subject_id=str(case.id))
    if state.parent is not None and state.status in ENDED and before.status != state.status:
        ended = SubcaseEnded(str(case.id), state.parent.case_id, state.parent.token, state.status)
        emit(batch, ended, subject_id=str(case.id))
    if state.for_machine(at):
        defer("cases.settle", case_id=str(case.id))


def _changed(
    case: Case, kind: str, before: State, state: State, definition: Definition, at: datetime
) -> CaseChanged:
    return CaseChanged(
        case_id=str(case.id),
        case_code=case.code,
        seq=state.seq,
        act=kind,
        at=at,
        status=state.status,
        status_before=before.status,
        procedure=definition.code,
        procedure_name=definition.name.vi,
        applicant_id=str(case.applicant_id),
        filer_id=state.filer_id,
        reception_id=state.reception.id if state.reception else "",
        competent_id=state.competent.id if state.competent else "",
        due_current=state.clock.due_current,
        holders_changed=_holders(before) != _holders(state),
    )
