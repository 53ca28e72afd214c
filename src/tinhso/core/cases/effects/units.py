"""The one effect of a reorganisation: what is open lies at other units from now on."""

from __future__ import annotations

from msgspec.structs import replace

from tinhso.core.cases.effects.base import Effect
from tinhso.core.cases.state import State, Token, UnitRef


class UnitsMoved(Effect, frozen=True):
    """Who receives, decides, hands out and does the open steps (by token) from now on; what is not named stays.

    What happened stays as it was told: opinions, steps gone through, results keep the names of their day.
    """

    plan: str
    reception: UnitRef | None = None
    competent: UnitRef | None = None
    return_unit: UnitRef | None = None
    tokens: dict[str, UnitRef] = {}

    def apply(self, state: State) -> State:
        def moved(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
            return tuple(replace(t, unit=self.tokens.get(t.id, t.unit)) for t in tokens)

        return replace(
            state,
            reception=self.reception or state.reception,
            competent=self.competent or state.competent,
            return_unit=self.return_unit or state.return_unit,
            tokens=moved(state.tokens),
            parked=moved(state.parked),
        )
