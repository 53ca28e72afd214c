"""Branches that can never hold and loops without a way out, by trying every combination of choices they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

from tinhso.core.forms.answers.shown import unanswered
from tinhso.core.forms.definition import Field
from tinhso.core.forms.types import TYPES
from tinhso.core.procedures.checks.kinds import CHANNELS
from tinhso.core.procedures.checks.wrong import Path, Wrong
from tinhso.core.procedures.model import Definition, Step
from tinhso.kit.expressions import Expression, ExpressionError, compile

MOST_COMBINATIONS = 2_000
MOST_OPTIONS = 40
#: Steps whose `next` is read from the first condition that holds; other kinds decide by more than answers.
PLAIN = frozenset({"receive", "work", "ask_unit", "ask_applicant", "pay", "sign", "deliver"})
Domains = dict[str, tuple[Any, ...]]


def branch_faults(definition: Definition) -> list[Wrong]:
    """Variants, papers, exemptions and branches that no answers can ever reach; loops that no answers leave."""
    found = list(_dead(definition))
    return found or list(_loops(definition))


def _dead(definition: Definition) -> Iterator[Wrong]:
    variants = [v.when for v in definition.variants]
    yield from _chain(definition, variants, ("variants",), [v.id for v in definition.variants])
    for n, paper in enumerate(definition.papers):
        yield from _chain(definition, [paper.when], ("papers", n, "when"), [paper.id])
    for n, fee in enumerate(definition.fees):
        for m, e in enumerate(fee.exempt):
            yield from _chain(definition, [e.when], ("fees", n, "exempt", m, "when"), [e.id])
    for step in definition.steps.values():
        if step.do in PLAIN:
            conditions = [n.when for n in step.next]
            yield from _chain(definition, conditions, ("process", step.id, "next"), [n.to for n in step.next])


def _chain(
    definition: Definition, conditions: Sequence[str], path: Path, labels: Sequence[str]
) -> Iterator[Wrong]:
    """Conditions tried in order, the first that holds wins: each must win for some answers."""
    for n, text in enumerate(conditions):
        if not text and n == 0:
            continue
        before = [c for c in conditions[:n] if c]
        if text and text in before:
            yield Wrong(
                path, f"Nhánh “{labels[n]}” có cùng điều kiện với nhánh đứng trước, không bao giờ tới."
            )
            continue
        verdict = _reached(definition, text, before)
        if verdict == "never":
            yield Wrong(path, f"Điều kiện {text!r} của “{labels[n]}” không bao giờ đúng.")
        elif verdict == "taken":
            yield Wrong(path, f"Nhánh “{labels[n]}” không bao giờ tới: các nhánh đứng trước đã lấy hết.")


def _reached(definition: Definition, text: str, before: Sequence[str]) -> str:
    """`yes`, `unknown` (it reads more than choices), `never` holds, or always `taken` by an earlier one."""
    own = _expressions([text]) if text else []
    domains = _domains(definition, own)
    if domains is None:
        return "unknown"
    if text and not any(_true(own[0], values) for values in _combinations(definition, domains)):
        return "never"
    earlier = _expressions(before)
    domains = _domains(definition, [*own, *earlier])
    if not before or domains is None:
        return "unknown" if domains is None else "yes"
    for values in _combinations(definition, domains):
        if (not own or _true(own[0], values)) and not any(_true(e, values) for e in earlier):
            return "yes"
    return "taken"


def _loops(definition: Definition) -> Iterator[Wrong]:
    """A way round that comes back to a step for some answers: answers do not change at work, so it never ends.

    Only steps whose conditions read choices are walked; whoever returns a draft for correction does so by
    an act of their own, which is no branch.
    """
    steps = [s for s in definition.steps.values() if s.do in PLAIN]
    if not _has_cycle(definition):
        return
    expressions = _expressions([n.when for s in steps for n in s.next if n.when])
    domains = _domains(definition, expressions)
    if domains is None:
        return
    for values in _combinations(definition, domains):
        if around := _around(definition, values):
            told = ", ".join(f"{k} = {_at(values, k)}" for k in domains) or "mọi hồ sơ"
            names = " → ".join(around)
            yield Wrong(("process", around[0], "next"), f"Vòng lặp không có lối ra: {names} (khi {told}).")
            return


def _has_cycle(definition: Definition) -> bool:
    done: set[str] = set()

    def visit(name: str, above: frozenset[str]) -> bool:
        if name in above:
            return True
        if name in done or name not in definition.steps:
            return False
        found = any(visit(n.to, above | {name}) for n in definition.step(name).next)
        done.add(name)
        return found

    return visit(definition.first, frozenset())


def _around(definition: Definition, values: Mapping[str, Any]) -> list[str]:
    """The steps of a way that comes back, for these answers; empty when it ends or is not decided by answers."""
    seen: list[str] = []
    step: Step | None = definition.step(definition.first)
    while step is not None and step.do in PLAIN:
        if step.id in seen:
            return [*seen[seen.index(step.id) :], step.id]
        seen.append(step.id)
        step = next(
            (definition.step(n.to) for n in step.next if not n.when or _true(compile(n.when), values)), None
        )
    return []


# Combinations of choices ----------------------------------------------------------------------------------------


def _expressions(texts: Sequence[str]) -> list[Expression]:
    return [compile(text) for text in texts if text]


def _domains(definition: Definition, expressions: Sequence[Expression]) -> Domains | None:
    """What each thing read may be; None when one of them is no choice, or there are too many combinations."""
    domains: Domains = {}
    for name in sorted({n for e in expressions for n in e.names}):
        values = _domain(definition, name)
        if values is None:
            return None
        domains[name] = values
    size = 1
    for values in domains.values():
        size *= len(values)
    return domains if size <= MOST_COMBINATIONS else None


def _domain(definition: Definition, name: str) -> tuple[Any, ...] | None:
    if name == "channel":
        return tuple(sorted(CHANNELS))
    if name == "variant":
        return tuple(v.id for v in definition.variants)
    root, _, rest = name.partition(".")
    if root != "form" or "." in rest:
        return None
    field = definition.form.fields.get(rest)
    return _choices(field) if field else None


@lru_cache(maxsize=4096)
def _choices(field: Field) -> tuple[Any, ...] | None:
    if field.type == "yes_no":
        known: tuple[Any, ...] = (True, False)
    elif field.options and not TYPES[field.type].several and len(field.options) <= MOST_OPTIONS:
        known = tuple(o.value for o in field.options)
    else:
        return None
    return (*known, unanswered(field))


def _combinations(definition: Definition, domains: Domains) -> Iterator[dict[str, Any]]:
    for chosen in product(*domains.values()):
        values: dict[str, Any] = {"form": {}, "channel": "", "variant": ""}
        for name, value in zip(domains, chosen, strict=True):
            if name.startswith("form."):
                values["form"][name[5:]] = value
            else:
                values[name] = value
        yield values


def _true(expression: Expression, values: Mapping[str, Any]) -> bool:
    """A condition that fails for some answers (a gap it does not foresee) does not hold for them."""
    try:
        return expression.evaluate(values) is True
    except ExpressionError:
        return False


def _at(values: Mapping[str, Any], name: str) -> Any:
    return values["form"].get(name[5:]) if name.startswith("form.") else values[name]
