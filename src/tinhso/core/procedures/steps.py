"""Step kinds: what `do:` may say in the process of a procedure, and what a definition must give with it.

The kinds themselves come from above: the engine (`core.cases`) and systems add theirs in `wiring.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tinhso.kit.slots import Slot


@dataclass(frozen=True, slots=True)
class StepKind:
    """A kind of step: what its definition needs, and what entering it does beyond opening a token.

    `enter` is the engine's: it is called with the definition, the step, its token, the state of the case and the
    facts, and gives effects (`core.cases.rules.moves.Enter`); nothing in this room calls it.
    `needs` names options a definition must give; `end` marks a kind that ends every path; `waits` one
    whose time is not the agency's; `background` one nobody does: it waits for others or for a machine,
    makes no task and goes on while the case waits for the applicant; `shared` a step of all who hold the role, never
    taken by one; `late` whom a late step of the kind is
    put before (`head`, or a role) unless its definition says otherwise or its silence counts.
    """

    name: str
    title: str
    task: str
    enter: Callable[..., Any] | None = None
    needs: tuple[str, ...] = ()
    end: bool = False
    waits: bool = False
    background: bool = False
    shared: bool = False
    late: str = ""


STEP_KINDS: Slot[StepKind] = Slot("step kinds", StepKind, lambda k: k.name)
