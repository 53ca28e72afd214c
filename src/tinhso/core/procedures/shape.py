"""Checks on the shape of a process: branches that come back, and working times that fit into the legal one."""

from __future__ import annotations

from collections.abc import Iterator

from tinhso.core.procedures.checks.wrong import Path, Wrong
from tinhso.core.procedures.flow import FORK, branch_steps, branches, enclosing, targets
from tinhso.core.procedures.model import Definition, Step
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit.worktime import Duration

HOURS_A_DAY = 8
FEWEST_BRANCHES = 2


def waiting(definition: Definition) -> Iterator[Wrong]:
    """Steps that wait for several: enough to wait for, and branches that come back and share nothing."""
    for step in definition.steps.values():
        yield from _join(step, ("process", step.id))
        if step.do == FORK:
            yield from _branches(definition, step)
    yield from _borders(definition)


def _branches(definition: Definition, fork: Step) -> Iterator[Wrong]:
    at: Path = ("process", fork.id, "branches")
    if len(branches(fork)) < FEWEST_BRANCHES:
        yield Wrong(at, "Bước song song cần ít nhất hai nhánh.")
    owner: dict[str, str] = {}
    for branch in branches(fork):
        held = branch_steps(definition, fork.id, branch.to)
        if fork.id not in {t for name in held for t in targets(definition.step(name))}:
            yield Wrong(at, f"Nhánh “{branch.to}” không quay về bước “{fork.id}”.")
        for name in sorted(held):
            if STEP_KINDS.get(definition.step(name).do).end:
                yield Wrong(at, f"Nhánh “{branch.to}” kết thúc hồ sơ ở bước “{name}”.")
            elif owner.setdefault(name, branch.to) != branch.to:
                yield Wrong(at, f"Bước “{name}” nằm trong hai nhánh song song.")


def _borders(definition: Definition) -> Iterator[Wrong]:
    """Nobody walks into a branch but through its fork, or out of it but back to the fork."""
    for step in definition.steps.values():
        home = enclosing(definition, step.id)
        allowed = {b.to for b in branches(step)} | {home}
        for name in sorted(set(targets(step)) - allowed):
            if enclosing(definition, name) != home:
                yield Wrong(
                    ("process", step.id, "next"), f"Không đi thẳng vào hoặc ra khỏi nhánh tới bước “{name}”."
                )


def _join(step: Step, at: Path) -> Iterator[Wrong]:
    join = step.options.get("join", "all")
    if join not in ("all", "any") and not (isinstance(join, int) and join > 0):
        yield Wrong((*at, "join"), "Ghi “all”, “any” hoặc số nhánh cần chờ (từ 1).")
    need, members = step.options.get("need", 1), step.options.get("members")
    if members is not None and int(need) > int(members):
        yield Wrong((*at, "need"), f"Cần {need} phiếu đồng ý nhưng hội đồng chỉ có {members} người.")


def times(definition: Definition) -> Iterator[Wrong]:
    for n, variant in enumerate(definition.variants):
        limit = _hours(variant.time)
        total, path = longest(definition, definition.first, variant.id)
        if total > limit:
            names = " → ".join(path)
            yield Wrong(
                ("variants", n, "time"),
                f"Tổng thời gian các bước {names} là {total:g} giờ, quá thời hạn {variant.time} ({limit:g} giờ).",
            )


def longest(
    definition: Definition, name: str, variant: str, until: str = "", seen: frozenset[str] = frozenset()
) -> tuple[float, tuple[str, ...]]:
    """Working hours of the slowest way from a step to the end (or back to the fork `until`), and its steps.

    Branches count as the slowest of them, or all together where they may follow one another. Ways that go
    round and those of other variants are left out.
    """
    step = definition.step(name)
    free = STEP_KINDS.get(step.do).waits or bool(step.options.get("not_counted"))
    own = 0.0 if free else _hours(step.within)
    inner: tuple[str, ...] = ()
    if step.do == FORK:
        ways = [
            longest(definition, b.to, variant, name, seen | {name})
            for b in branches(step)
            if not _of_others(b.when, variant)
        ]
        in_turn = str(step.options.get("in_turn", ""))
        one_by_one = bool(in_turn) and not _of_others(in_turn, variant)
        own = sum(w[0] for w in ways) if one_by_one else max((w[0] for w in ways), default=0)
        inner = max(ways, default=(0, ()))[1]
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for following in step.next:
        if following.to not in seen | {name, until} and not _of_others(following.when, variant):
            best = max(best, longest(definition, following.to, variant, until, seen | {name}))
        if following.when == f"variant == '{variant}'":
            break  # this branch is always taken for this variant
    return own + best[0], (name, *inner, *best[1])


def _of_others(condition: str, variant: str) -> bool:
    """Whether a condition names variants, and not this one."""
    return condition.startswith("variant == ") and f"'{variant}'" not in condition


def _hours(duration: Duration | None) -> float:
    """Working hours of a duration for comparing internal with legal time (a calendar day counts as a working day at most)."""
    if duration is None:
        return 0
    return {
        "working_hour": float(duration.qty),
        "working_day": float(duration.qty) * HOURS_A_DAY,
        "day": float(duration.qty) * HOURS_A_DAY,
        "month": float(duration.qty) * 22 * HOURS_A_DAY,
        "same_day": float(HOURS_A_DAY),
    }[duration.unit]
