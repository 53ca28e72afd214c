"""The shape of a process: what follows what, which steps lie inside the branches of a waiting one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tinhso.core.procedures.model import Definition, Next, Step

FORK = "parallel"


def branches(step: Step) -> tuple[Next, ...]:
    """The branches of a step that opens several at once; each leads back to it."""
    return tuple(
        Next(b, "") if isinstance(b, str) else Next(b["to"], b.get("when", ""))
        for b in step.options.get("branches", ())
    )


def targets(step: Step) -> tuple[str, ...]:
    """Every step that may come after this one, its branches included."""
    return tuple(n.to for n in (*branches(step), *step.next))


def needed(step: Step, total: int) -> int:
    """How many of `total` have to come back: `join` is all (by default), any, or a number."""
    join = step.options.get("join", "all")
    wanted = {"all": total, "any": 1}.get(str(join))
    return min(total, int(join) if wanted is None else wanted)


def branch_steps(definition: Definition, fork: str, first: str) -> frozenset[str]:
    """The steps of one branch of a fork, those of inner forks included."""
    found: set[str] = set()
    queue = [first]
    while queue:
        name = queue.pop()
        if name in found or name == fork or name not in definition.steps:
            continue
        found.add(name)
        queue += targets(definition.step(name))
    return frozenset(found)


def inside(definition: Definition, fork: str) -> frozenset[str]:
    """The steps of all branches of a fork."""
    return frozenset().union(*(branch_steps(definition, fork, b.to) for b in branches(definition.step(fork))))


@lru_cache(maxsize=512)
def _level(definition: _Hashed) -> Mapping[str, str]:
    found = dict.fromkeys(definition.held.steps, "")
    forks = {s.id: inside(definition.held, s.id) for s in definition.held.steps.values() if s.do == FORK}
    for fork in sorted(forks, key=lambda f: -len(forks[f])):  # the innermost has the last word
        found |= dict.fromkeys(forks[fork], fork)
    return found


class _Hashed:
    """A definition as a key: equal when its content is."""

    def __init__(self, held: Definition) -> None:
        self.held = held

    def __hash__(self) -> int:
        return hash(self.held.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and other.held.hash == self.held.hash


def enclosing(definition: Definition, step: str) -> str:
    """The fork in whose branch a step lies, or an empty text."""
    return _level(_Hashed(definition)).get(step, "")


def earlier(definition: Definition, step: str) -> tuple[str, ...]:
    """The steps that may come before this one at its own level, in the order of the definition."""
    level = enclosing(definition, step)
    found: set[str] = set()
    queue = [step]
    while queue:
        name = queue.pop()
        for other in definition.steps.values():
            if name in targets(other) and other.id not in found and other.id != step:
                found.add(other.id)
                queue.append(other.id)
    return tuple(s for s in definition.steps if s in found and enclosing(definition, s) == level)


def blank_case(definition: Definition) -> dict[str, Any]:
    """What `case` holds before anything happened, so that a condition may ask for it."""
    steps = definition.steps.values()
    return {
        "opinions": {s.id: {"agreed": 0, "disagreed": 0, "silent": 0} for s in steps if s.do in ASKING},
        "votes": {s.id: {"agreed": 0, "against": 0, "passed": False} for s in steps if s.do == "vote"},
        "replies": {s.id: {"status": "", "fields": {}} for s in steps if s.do in ANSWERED},
        "late": False,
    }


ASKING = ("ask_unit", "consult")
ANSWERED = ("subcase", "exchange", "document")
