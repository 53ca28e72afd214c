"""The one effect that lets a case go on under another version of its procedure."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect
from tinhso.core.cases.state import State


class VersionMoved(Effect, frozen=True):
    """The case goes on under version `to`. `before` is the digest of the state it had; `values` and `drop` are what
    the move changes of it, by field: usually nothing but where its open steps stand now."""

    plan: str
    frm: str
    to: str
    frm_hash: str
    to_hash: str
    before: str
    values: dict[str, Any] = {}
    drop: tuple[str, ...] = ()

    def apply(self, state: State) -> State:
        if not self.values and not self.drop:
            return state
        read = msgspec.convert(
            self.values, State
        )  # what is not named stays at its default, which `drop` takes from here
        return replace(state, **{name: getattr(read, name) for name in (*self.values, *self.drop)})
