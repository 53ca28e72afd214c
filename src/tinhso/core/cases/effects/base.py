"""What every effect is."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from tinhso.core.cases.state import State


class Effect(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """One change of a case's state; every kind has `apply(state) -> state`."""


def change(state: State, token_id: str, **values: Any) -> State:
    """The state with one open step changed."""
    return replace(state, tokens=tuple(replace(t, **values) if t.id == token_id else t for t in state.tokens))
