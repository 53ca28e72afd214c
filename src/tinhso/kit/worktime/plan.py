"""When work in several steps is due: in sequence, in parallel, any or n of m, each step with its own limit and calendar.

`plan(node, start)` gives every node its span; `explain_plan` tells it in sentences. The stretches of the
critical path, joined, lead from the start to the due date without a gap (`Planned.ledger`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from typing import Literal

from .calendar import Calendar
from .counting import Exclusion, add
from .duration import Duration
from .errors import ClockError
from .explain import amount_text, joined_reasons, moment_text
from .ledger import AmountUnit, Due, Entry

Order = Literal["step", "sequence", "parallel"]


@dataclass(frozen=True, slots=True)
class Node:
    """A step, or steps one after another, or steps at once. Made by `step`, `sequence` and `parallel`.

    A step without `duration` takes no time (a machine does it). `need` says how many of the parallel
    children must be done before what follows starts.
    """

    id: str
    name: str
    order: Order = "step"
    duration: Duration | None = None
    calendar: Calendar | None = None
    cutoff: time | None = None
    exclusions: tuple[Exclusion, ...] = ()
    children: tuple[Node, ...] = ()
    need: int = 0


def step(
    node_id: str,
    duration: Duration | None = None,
    calendar: Calendar | None = None,
    *,
    name: str = "",
    cutoff: time | None = None,
    exclusions: Sequence[Exclusion] = (),
) -> Node:
    """One step with its limit, counted in the hours of `calendar`; `exclusions` are its pauses."""
    if duration is not None and calendar is None:
        raise ClockError(f"Bước “{name or node_id}” có thời hạn nhưng chưa có lịch làm việc.")
    return Node(node_id, name or node_id, "step", duration, calendar, cutoff, tuple(exclusions))


def sequence(node_id: str, *children: Node, name: str = "") -> Node:
    """Steps one after another; each starts when the one before is due."""
    return Node(node_id, name or node_id, "sequence", children=_some(node_id, children))


def parallel(node_id: str, *children: Node, name: str = "", need: int | None = None) -> Node:
    """Steps that start together. What follows waits for all (`need` None), for any (1) or for `need` of them."""
    count = len(_some(node_id, children)) if need is None else need
    if not 1 <= count <= len(children):
        raise ClockError(
            f"Nhóm “{name or node_id}” chỉ có {len(children)} nhánh, không thể chờ {count} nhánh."
        )
    return Node(node_id, name or node_id, "parallel", children=children, need=count)


def _some(node_id: str, children: tuple[Node, ...]) -> tuple[Node, ...]:
    if not children:
        raise ClockError(f"Nhóm “{node_id}” chưa có bước nào.")
    return children


@dataclass(frozen=True, slots=True)
class Planned:
    """A node with its span. `due` is the ledger of a step that takes time; `critical` is False for what
    could be later without moving the whole."""

    node: Node
    start: datetime
    end: datetime
    due: Due | None = None
    children: tuple[Planned, ...] = ()
    critical: bool = True

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Planned]]:
        """This node and everything below it in order, with its depth."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    def find(self, node_id: str) -> Planned | None:
        """The node with that id, itself or below."""
        return next((p for _, p in self.walk() if p.node.id == node_id), None)

    @property
    def critical_path(self) -> tuple[Planned, ...]:
        """The steps, in order, whose limits add up to the due date."""
        return tuple(p for _, p in self.walk() if p.critical and p.node.order == "step")

    @property
    def ledger(self) -> tuple[Entry, ...]:
        """Every stretch from the start to the due date, along the critical path; each starts where the one before ends."""
        return tuple(entry for p in self.critical_path if p.due for entry in p.due.ledger)


def plan(node: Node, start: datetime) -> Planned:
    """The spans of a tree of steps that starts at `start` (aware). `Planned.end` is when the whole is due.

    Parallel groups end when the `need`-th child does; of children that end together the first counts as critical.
    """
    return _marked(_plan(node, _minute(start)), critical=True)


def _plan(node: Node, start: datetime) -> Planned:
    if node.order == "parallel":
        done = tuple(_plan(child, start) for child in node.children)
        return Planned(node, start, sorted(child.end for child in done)[node.need - 1], children=done)
    if node.order == "sequence":
        at, row = start, []
        for child in node.children:
            row.append(_plan(child, at))
            at = row[-1].end
        return Planned(node, start, at, children=tuple(row))
    if node.duration is None or node.calendar is None:
        return Planned(node, start, start)
    due = add(node.calendar, start, node.duration, cutoff=node.cutoff, exclusions=node.exclusions)
    return Planned(node, start, due.at, due)


def _decisive(planned: Planned) -> Planned:
    """The branch of a parallel group that ends when the group does."""
    return next(child for child in planned.children if child.end == planned.end)


def _marked(planned: Planned, *, critical: bool) -> Planned:
    chosen = _decisive(planned) if planned.node.order == "parallel" else None
    children = tuple(
        _marked(child, critical=critical and (chosen is None or chosen is child))
        for child in planned.children
    )
    return replace(planned, children=children, critical=critical)


def _minute(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ClockError("Thời điểm phải có múi giờ.")
    return moment.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One sentence of an explained plan: which node it is about, how deep it lies, whether it decides the due date."""

    id: str
    depth: int
    text: str
    critical: bool


_TEXT = {
    "vi": {
        "step": "{name}: từ {start} đến {end}{counted}",
        "counts": ", tính {amount}",
        "instant": "{name}: xong ngay lúc {end}",
        "sequence": "{name}, lần lượt: từ {start} đến {end}",
        "all": "{name}, làm đồng thời, chờ đủ {of} nhánh: từ {start} đến {end}, quyết định bởi “{last}”",
        "any": "{name}, làm đồng thời, chỉ cần một nhánh: từ {start} đến {end}, nhờ “{last}”",
        "some": "{name}, làm đồng thời, chờ {need} trong {of} nhánh: từ {start} đến {end}, quyết định bởi “{last}”",
        "total": "Tất cả xong lúc {end}; đường quyết định ngày hẹn: {path}",
    },
    "en": {
        "step": "{name}: from {start} to {end}{counted}",
        "counts": ", {amount} counted",
        "instant": "{name}: done at once, {end}",
        "sequence": "{name}, one after another: from {start} to {end}",
        "all": "{name}, at the same time, all {of} branches: from {start} to {end}, decided by “{last}”",
        "any": "{name}, at the same time, any one branch: from {start} to {end}, by “{last}”",
        "some": "{name}, at the same time, {need} of {of} branches: from {start} to {end}, decided by “{last}”",
        "total": "All done {end}; the path that decides the date: {path}",
    },
}


def plan_lines(planned: Planned, lang: str = "vi") -> list[PlanLine]:
    """A sentence for every node, in order, and one for the whole; "vi" or "en", without final stops."""
    zone = _zone(planned)
    lines = [PlanLine(p.node.id, depth, _line(p, zone, lang), p.critical) for depth, p in planned.walk()]
    path = " → ".join(p.node.name for p in planned.critical_path)
    total = _TEXT[lang]["total"].format(end=moment_text(planned.end.astimezone(zone), lang), path=path)
    return [*lines, PlanLine(planned.node.id, 0, total, True)]


def explain_plan(planned: Planned, lang: str = "vi") -> list[str]:
    """The same as plain sentences."""
    return [line.text for line in plan_lines(planned, lang)]


def _zone(planned: Planned) -> tzinfo | None:
    """The zone people read: that of the first calendar."""
    return next((p.node.calendar.zone for _, p in planned.walk() if p.node.calendar), planned.start.tzinfo)


def _line(planned: Planned, zone: tzinfo | None, lang: str) -> str:
    node, text = planned.node, _TEXT[lang]
    words = {
        "name": node.name,
        "start": moment_text(planned.start.astimezone(zone), lang),
        "end": moment_text(planned.end.astimezone(zone), lang),
    }
    if node.order == "parallel":
        kind = "all" if node.need == len(node.children) else "any" if node.need == 1 else "some"
        return text[kind].format(
            **words, need=node.need, of=len(node.children), last=_decisive(planned).node.name
        )
    if node.order == "sequence":
        return text["sequence"].format(**words)
    if planned.due is None:
        return text["instant"].format(**words)
    return text["step"].format(**words, counted=_why(planned.due, lang))


def _why(due: Due, lang: str) -> str:
    """ ", tính 6 giờ 30, Tết Nguyên đán không tính (16–20/02), tạm dừng 3 ngày làm việc vì chờ bổ sung"."""
    counted = sum(e.amount for e in due.ledger if e.kind == "counted")
    unit: AmountUnit = next((e.unit for e in due.ledger if e.kind == "counted"), "day")
    head = _TEXT[lang]["counts"].format(amount=amount_text(counted, unit, lang)) if counted else ""
    return "".join([head, *(f", {reason}" for reason in joined_reasons(due.ledger, lang))])
