"""Doing an act on a case: lock, load, decide, fold, write, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import who
from tinhso.core.cases.acts import ACTS, ActData, ActKind, Facts, decide, refuse
from tinhso.core.cases.effects import EffectUnion, PapersGiven, fold
from tinhso.core.cases.facts import evidence, gather
from tinhso.core.cases.models import Case
from tinhso.core.cases.moneywriters import write_money
from tinhso.core.cases.state import State, dump, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.cases.writers import chain_hash, columns, write_act, write_papers, write_record, write_tasks
from tinhso.core.db.batch import Batch
from tinhso.core.db.locks import lock_row
from tinhso.core.files.models import StoredFile
from tinhso.core.files.policy import may_open
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound, Refusal, Stale

#: How far the clocks of a province's machines may lie apart.
SKEW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Done:
    """What an act led to."""

    case: Case
    state: State
    effects: tuple[EffectUnion, ...]


def act_data(kind: ActKind, values: ActData | dict[str, Any] | None) -> ActData:
    """The act's data from plain values; a `Refusal` (400) that names the field when they do not fit."""
    if isinstance(values, ActData):
        return values
    try:
        return msgspec.convert(values or {}, kind.data)
    except msgspec.ValidationError as error:
        raise Refusal("bad_data", f"Dữ liệu gửi lên không đúng mẫu: {error}", 400) from error


def perform(
    case_id: UUID,
    act: str,
    data: ActData | dict[str, Any] | None = None,
    *,
    actor: Actor,
    expected_seq: int | None = None,
    now: datetime | None = None,
) -> Done:
    """Do one act on a case, or raise a `Refusal` with nothing changed.

    `expected_seq` is the number of acts the person saw; when others acted since, `Stale`. `now` is
    for replaying and tests; it cannot lie before the case's last act.
    """
    kind = ACTS.get(act)
    values = act_data(kind, data)
    with transaction.atomic():
        case = lock_row(Case, case_id)
        if case is None:
            raise NotFound("no_case", "Không tìm thấy hồ sơ này.")
        if expected_seq is not None and case.seq != expected_seq:
            raise Stale("stale", "Hồ sơ vừa được người khác xử lý. Hãy tải lại trang để xem nội dung mới.")
        return _perform_locked(case, kind, values, actor, now)


def _perform_locked(
    case: Case,
    kind: ActKind,
    values: ActData,
    actor: Actor,
    now: datetime | None,
    shared: Batch | None = None,
) -> Done:
    """The act on a case whose row is held. With `shared` its writes are only collected, for the caller to send."""
    definition = definition_of(case.version_id)
    before = load_state(case.state)
    facts = gather(definition, before, actor, now=moment_of(before, now))
    values, effects = _decided(definition, before, kind, values, facts)
    check_files(effects, actor)
    state = sealed(fold(before, effects), kind.name, facts.now, actor, effects)
    batch, row = shared or Batch(), columns(state)
    write_tasks(batch, definition, case, state, effects, facts.now)
    write_papers(batch, case.id, effects, facts.now)
    write_money(batch, case, state, effects, actor)
    batch.update(Case, {"id": case.id}, **row)
    write_act(
        batch,
        case_id=case.id,
        kind=kind.name,
        data=values,
        actor=actor,
        state=state,
        effects=effects,
        facts=evidence(facts, state),
        at=facts.now,
    )
    write_record(
        batch, case=case, kind=kind.name, actor=actor, before=before, state=state, definition=definition, at=facts.now
    )  # fmt: skip
    if shared is None:
        batch.send(last=True)
    for name, item in row.items():
        setattr(case, name, item)
    return Done(case, state, tuple(effects))


def _decided(
    definition: Definition, before: State, kind: ActKind, values: ActData, facts: Facts
) -> tuple[ActData, list[EffectUnion]]:
    """The effects, and the data with the numbers of receipts; none is taken for what is refused."""
    effects = decide(definition, before, kind, values, facts)
    if kind.prepare is not None:
        values = kind.prepare(before, values, facts)
        effects = decide(definition, before, kind, values, facts)
    return values, effects


def sealed(state: State, kind: str, at: datetime, actor: Actor, effects: list[EffectUnion]) -> State:
    """The state with its next number and the hash that chains it to the act before."""
    seq = state.seq + 1
    mark = chain_hash(state.hash, seq, kind, at, who(actor), dump(effects))
    return msgspec.structs.replace(state, seq=seq, hash=mark, acted_at=at.astimezone(UTC))


def moment_of(state: State, now: datetime | None) -> datetime:
    """When an act happens: never before the last one on the case. A clock a little behind (another machine's) gives the
    moment of the last act; one further behind is refused, for no due date could be trusted."""
    moment, last = (now or timezone.now()).astimezone(UTC), state.acted_at
    if last is None or moment >= last:
        return moment
    if last - moment <= SKEW:
        return last
    raise refuse(
        "clock_back",
        f"Giờ máy chủ ({moment.astimezone(Facts.zone):%H:%M %d/%m/%Y}) đang sớm hơn việc đã ghi gần nhất của hồ sơ "
        f"({last.astimezone(Facts.zone):%H:%M %d/%m/%Y}). Chưa ghi gì; hãy báo quản trị kiểm tra đồng hồ máy chủ rồi làm lại.",
    )


def check_files(effects: list[EffectUnion], actor: Actor) -> None:
    """Files given with an act must be ones the actor may open; `Refusal` otherwise. Ids alone give no access."""
    wanted = {UUID(f) for e in effects if isinstance(e, PapersGiven) for p in e.papers for f in p.files}
    if not wanted or actor.system:
        return
    found = {f.id for f in StoredFile.objects.filter(id__in=wanted) if may_open(actor, f)}
    if found != wanted:
        raise Refusal("no_file", "Không tìm thấy tệp đính kèm. Hãy tải tệp lên lại.", 400, field="papers")
