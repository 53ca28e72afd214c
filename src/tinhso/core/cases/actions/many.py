"""One act on several cases: each decided for itself, all written together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions.perform import Done, _perform_locked, act_data
from tinhso.core.cases.acts import ACTS, ActData
from tinhso.core.cases.models import Case
from tinhso.core.cases.policy import fitting_data
from tinhso.core.cases.state import load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.db.batch import Batch
from tinhso.core.db.locks import lock_rows
from tinhso.kit.errors import NotFound, Refusal, Stale

CHANGED = "Hồ sơ đã có người khác xử lý sau khi bạn chọn."


@dataclass(frozen=True, slots=True)
class Order:
    """One case of many: `seen` is the number of acts it had when it was chosen, None when that does not matter."""

    case_id: UUID
    seen: int | None = None


def perform_many(
    orders: Sequence[Order],
    act: str,
    data: ActData | dict[str, Any] | None = None,
    *,
    actor: Actor,
    now: datetime | None = None,
) -> dict[UUID, Done | Refusal]:
    """Do an act on several cases in the caller's transaction; returns what became of each.

    A case that refuses changes nothing and hinders no other: it is decided before anything is written.
    `Stale` is the refusal of a case that has moved since it was `seen`. The rows are locked in the order of
    their ids. A database error undoes the whole group and goes on to the caller, who may do them one by one.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("several acts belong inside one transaction, which also keeps their outcome")
    kind, values = ACTS.get(act), act_data(ACTS.get(act), data)
    found: dict[UUID, Done | Refusal] = {}
    with transaction.atomic():
        held = {case.id: case for case in lock_rows(Case, sorted({o.case_id for o in orders}))}
        batch = Batch()
        for order in sorted(orders, key=lambda o: o.case_id):
            case = held.get(order.case_id)
            try:
                if case is None:
                    raise NotFound("no_case", "Không tìm thấy hồ sơ này.")
                if order.seen is not None and case.seq != order.seen:
                    raise Stale("stale", CHANGED)
                state = load_state(case.state)
                meant = fitting_data(kind, values, definition_of(case.version_id), state, actor)
                own = Batch()  # of a case that refuses nothing is sent
                found[order.case_id] = _perform_locked(case, kind, meant, actor, now, own)
                batch.add(own)
            except Refusal as refusal:
                found[order.case_id] = refusal
        batch.send()
    return found
