"""Proving the stored states: every case's acts folded anew, every act's hash in its chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

import msgspec

from tinhso.core.cases.effects import fold, load_effects
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import State, dump, load_state
from tinhso.core.cases.writers import chain_hash


@dataclass(frozen=True, slots=True)
class Difference:
    """A case whose stored state is not the fold of its acts, or whose chain is broken, and where."""

    case: str
    seq: int
    what: str


def rebuilt(case_id: UUID) -> tuple[State, Difference | None]:
    """A case's state from its acts alone, with the first break of the chain if there is one."""
    state = State()
    for act in Act.objects.filter(case_id=case_id).order_by("seq"):
        mark = chain_hash(state.hash, act.seq, act.kind, act.at, act.actor, act.effects)
        if act.seq != state.seq + 1:
            return state, Difference(str(case_id), act.seq, f"thiếu hành vi số {state.seq + 1}")
        if mark != act.hash:
            return state, Difference(str(case_id), act.seq, "hành vi đã bị sửa sau khi ghi")
        folded = fold(state, load_effects(act.effects))
        state = msgspec.structs.replace(folded, seq=act.seq, hash=act.hash, acted_at=act.at.astimezone(UTC))
    return state, None


def differences(limit: int | None = None) -> Iterator[Difference]:
    """Every case that does not hold; `limit` looks at the latest so many cases only."""
    rows = Case.objects.order_by("-id")
    for case in (rows[:limit] if limit else rows).iterator(chunk_size=500):
        state, broken = rebuilt(case.id)
        if broken:
            yield broken
        elif not _same(state, load_state(case.state)):
            yield Difference(
                case.code, case.seq, "trạng thái lưu khác với trạng thái dựng lại từ các hành vi"
            )


def _same(rebuilt_state: State, stored: State) -> bool:
    """Whether two states are one; a state stored before acts kept their moment in it has none."""
    if stored.acted_at is None:
        rebuilt_state = msgspec.structs.replace(rebuilt_state, acted_at=None)
    return bool(dump(rebuilt_state) == dump(stored))
