"""Where a case stands: its open steps with their branches, rounds of opinions, votes. Pure.

Everything is read from the state; a step that waits for others holds them in `branches`, so that a page can
show who has answered, who has not, and what is not needed any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tinhso.core.cases.rules.moves import HELPERS
from tinhso.core.cases.state import ChildRef, Opinion, State, Token, Visit, Vote
from tinhso.core.forms.texts import Text
from tinhso.core.procedures.flow import ASKING, FORK, branch_steps, branches
from tinhso.core.procedures.model import Definition, Step
from tinhso.core.procedures.steps import STEP_KINDS

#: What an open or past place can be, in words.
STATUS = {
    "open": Text("Đang làm", "In progress"),
    "waiting": Text("Đang chờ", "Waiting"),
    "machine": Text("Hệ thống đang tự thực hiện", "The system is doing it"),
    "stuck": Text(
        "Hệ thống chưa làm được, cần cán bộ xử lý", "The system failed; an officer has to see to it"
    ),
    "paused": Text("Tạm dừng, chờ người nộp", "Paused for the applicant"),
    "done": Text("Xong", "Done"),
    "not_begun": Text("Chưa đến lượt", "Not begun yet"),
    "not_needed": Text("Không cần nữa", "Not needed any more"),
    "other_case": Text("Không thuộc trường hợp này", "Does not apply here"),
    "agreed": Text("Đồng ý", "Agrees"),
    "against": Text("Không đồng ý", "Does not agree"),
    "silent": Text("Im lặng, tính là đồng ý", "Silent, counts as consent"),
    "silent_against": Text("Im lặng, tính là không đồng ý", "Silent, counts as refusal"),
    "void": Text("Không còn tính, hồ sơ đã quay lại bước trước", "Void: the case went back"),
}
#: Where work goes on, by whomever.
ACTIVE = frozenset({"open", "waiting", "machine", "stuck"})


@dataclass(frozen=True, slots=True)
class Related:
    """A sub-case, or the case this one was filed for. `url` is empty for who may not see it.

    `ended` tells how a sub-case ended: "open", "done", "refused" or "stopped".
    """

    id: str
    code: str
    name: str
    unit: str
    status: int
    since: datetime
    due: datetime | None
    finished_at: datetime | None
    url: str
    step: str = ""
    ended: str = "open"


@dataclass(frozen=True, slots=True)
class Place:
    """A piece of the way: an open step, or a branch of one that waits for several.

    `status` is a key of `STATUS`. `need` of `of` branches have to come back. Times are aware; `due` is the
    step's own. `unit` is where it is done, for a sub-case the agency it was filed in.
    """

    step: str
    kind: str
    name: str
    status: str
    token: str = ""
    unit: str = ""
    person: str = ""
    since: datetime | None = None
    due: datetime | None = None
    ended: datetime | None = None
    need: int = 0
    branches: tuple[Place, ...] = ()
    error: str = ""
    tries: int = 0
    again_at: datetime | None = None
    child: str = ""
    first: str = ""
    lang: str = "vi"

    @property
    def of(self) -> int:
        """How many branches there are to come back."""
        return len([b for b in self.branches if b.status != "other_case"])

    @property
    def back(self) -> int:
        """How many came back."""
        return len([b for b in self.branches if b.ended and b.status != "not_needed"])

    @property
    def words(self) -> str:
        """The status in words."""
        return STATUS[self.status].in_(self.lang)

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    def leaves(self) -> Iterator[Place]:
        """The places at which something is done: the branches of what waits, down to the last."""
        if not self.branches:
            yield self
        for branch in self.branches:
            yield from branch.leaves()


def places(state: State, definition: Definition, lang: str = "vi") -> tuple[Place, ...]:
    """The open places of a case, outermost first; steps the engine opened for officers come last."""
    everything = state.tokens + state.parked
    known = {t.id for t in everything}
    tops = [t for t in everything if t.parent not in known]
    tops.sort(key=lambda t: t.do in HELPERS)
    return tuple(_Reader(state, definition, lang).place(t) for t in tops)


def working(found: tuple[Place, ...]) -> list[Place]:
    """The places where an agency works on the case now; not the engine's own reminders."""
    leaves = [leaf for place in found for leaf in place.leaves()]
    return [p for p in leaves if p.active and p.kind not in HELPERS]


@dataclass(frozen=True, slots=True)
class _Reader:
    state: State
    definition: Definition
    lang: str

    def place(self, token: Token) -> Place:
        """An open step with what lies below it."""
        inside: tuple[Place, ...] = ()
        if token.do == FORK:
            inside = tuple(self._branch(token, b.to) for b in branches(self.definition.step(token.step)))
        elif token.do == "consult":
            inside = tuple(self._asked(token))
        child = self._child(token)
        return Place(
            step=token.step,
            kind=token.do,
            name=self._name(token),
            status=self._status(token, child),
            token=token.id,
            unit=child.unit.name if child else "" if token.need else token.unit.name,
            person=token.person_name,
            since=token.entered_at,
            due=token.due_at,
            need=token.need,
            branches=inside,
            error=token.error,
            tries=token.tries,
            again_at=token.retry_at,
            child=child.case_id if child else "",
            first=token.first_name,
            lang=self.lang,
        )

    def _status(self, token: Token, child: ChildRef | None) -> str:
        if token in self.state.parked:
            return "paused"
        if child is not None or token.need:
            return "waiting"
        if token.do != "ask_unit" and STEP_KINDS.get(token.do).background:
            return "stuck" if token.error and not token.retry_at else "machine"
        return "waiting" if token.do in ("ask_applicant", "pay") else "open"

    def _name(self, token: Token) -> str:
        step = self.definition.steps.get(token.step)
        return step.name.in_(self.lang) if step and step.name else STEP_KINDS.get(token.do).title

    def _child(self, token: Token) -> ChildRef | None:
        return next((c for c in self.state.children if c.token == token.id), None)

    def _branch(self, fork: Token, first: str) -> Place:
        """One branch of a fork: where it stands, or how it ended."""
        inside = [
            t for t in self.state.tokens + self.state.parked if t.parent == fork.id and t.branch == first
        ]
        if inside:
            return self.place(inside[0])
        step = self.definition.step(first)
        empty = Place(first, step.do, step.name.in_(self.lang), "other_case", lang=self.lang)
        if first in fork.waiting:
            return replace(empty, status="not_begun")
        if first not in fork.arrived:
            return empty
        steps = branch_steps(self.definition, fork.step, first)
        gone = [v for v in self.state.visits if v.step in steps and v.entered_at >= fork.entered_at]
        last = max(gone, key=lambda v: v.left_at, default=None)
        child = next((c for c in reversed(self.state.children) if c.step in steps), None)
        done = replace(empty, status="done", unit=child.unit.name if child else self._unit(last))
        return replace(done, ended=last.left_at if last else None, child=child.case_id if child else "")

    def _unit(self, visit: Visit | None) -> str:
        """The name of a unit a visit keeps by code, from wherever the state names it."""
        if visit is None:
            return ""
        state = self.state
        named = [
            state.reception,
            state.competent,
            *(o.unit for o in state.opinions),
            *(t.unit for t in state.tokens),
        ]
        return next((u.name for u in named if u is not None and u.code == visit.unit), "")

    def _asked(self, waits: Token) -> Iterator[Place]:
        """The units of a round: those that still have it, then those that answered."""
        for token in self.state.tokens + self.state.parked:
            if token.parent == waits.id:
                yield self.place(token)
        for opinion in self.state.opinions:
            if opinion.step == waits.step and not opinion.void and opinion.at >= waits.entered_at:
                yield Place(
                    waits.step,
                    "ask_unit",
                    self._name(waits),
                    said(opinion),
                    unit=opinion.unit.name,
                    person=opinion.by,
                    ended=opinion.at,
                    lang=self.lang,
                )


def said(opinion: Opinion) -> str:
    """What an opinion amounts to, as a key of `STATUS`."""
    if opinion.void:
        return "void"
    if opinion.silent:
        return "silent" if opinion.agrees else "silent_against"
    return "agreed" if opinion.agrees else "against"


# Rounds of opinions -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """One unit in a round: what it said, or until when it may."""

    unit: str
    status: str
    by: str = ""
    at: datetime | None = None
    due: datetime | None = None
    text: str = ""
    hidden: bool = False
    lang: str = "vi"

    @property
    def words(self) -> str:
        return STATUS[self.status].in_(self.lang)


@dataclass(frozen=True, slots=True)
class Round:
    """A step that asks other units, with everybody asked. `silence` is what not answering means ("" nothing)."""

    step: str
    name: str
    question: str
    silence: str
    answers: tuple[Answer, ...]
    need: int = 0
    open: bool = False

    @property
    def count(self) -> int:
        return len([a for a in self.answers if a.status not in ("void", "not_needed")])


def rounds(
    state: State,
    definition: Definition,
    lang: str = "vi",
    *,
    sees: frozenset[str] | None = None,
    unit_name: Callable[[str], str] = str,
) -> tuple[Round, ...]:
    """Every question put to other units, in the order of the process; `unit_name` names a unit by its code.

    `sees` are codes of the units whose answers the reader may read at a step that is `blind` while others
    have not answered; None reads everything.
    """
    found = [
        _round(state, step, lang, sees, unit_name) for step in definition.steps.values() if step.do in ASKING
    ]
    return tuple(r for r in found if r.answers)


def _round(
    state: State, step: Step, lang: str, sees: frozenset[str] | None, unit_name: Callable[[str], str]
) -> Round:
    """One question with everybody asked: who has not answered, who has, who need not any more."""
    waiting = [t for t in state.tokens + state.parked if t.step == step.id and t.do == "ask_unit"]
    blind = bool(step.options.get("blind")) and bool(waiting) and sees is not None
    answers = [
        Answer(
            t.unit.name, "paused" if t in state.parked else "waiting", t.person_name, due=t.due_at, lang=lang
        )
        for t in waiting
    ]
    for opinion in state.opinions:
        if opinion.step == step.id:
            hide = blind and opinion.unit.code not in (sees or frozenset())
            answers.append(_answer(opinion, lang, hide=hide))
    answers += [
        Answer(unit_name(v.unit), "not_needed", at=v.left_at, lang=lang)
        for v in state.visits
        if v.step == step.id and v.outcome == "not_needed"
    ]
    waits = next((t for t in state.tokens if t.step == step.id and t.need), None)
    return Round(
        step.id,
        step.name.in_(lang),
        plain_text(step.options.get("question"), lang),
        str(step.options.get("silence", "")),
        tuple(answers),
        waits.need if waits else 0,
        bool(waiting),
    )


def _answer(opinion: Opinion, lang: str, *, hide: bool) -> Answer:
    if hide:
        return Answer(opinion.unit.name, "done", at=opinion.at, hidden=True, lang=lang)
    return Answer(opinion.unit.name, said(opinion), opinion.by, opinion.at, text=opinion.text, lang=lang)


def plain_text(value: Any, lang: str) -> str:
    """A text of a definition that may be plain or in two languages."""
    if isinstance(value, dict):
        return str(value.get(lang) or value.get("vi", ""))
    return value.in_(lang) if isinstance(value, Text) else str(value or "")


# Votes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    """A committee's vote so far. `members` is 0 when the definition does not say how many there are."""

    step: str
    name: str
    need: int
    members: int
    votes: tuple[Vote, ...]
    due: datetime | None = None
    open: bool = False
    void: tuple[Vote, ...] = field(default=())

    @property
    def agreed(self) -> int:
        return sum(v.agrees for v in self.votes)

    @property
    def against(self) -> int:
        return len(self.votes) - self.agreed

    @property
    def passed(self) -> bool:
        return self.agreed >= self.need


def tallies(state: State, definition: Definition, lang: str = "vi") -> tuple[Tally, ...]:
    """Every committee that was or is asked to vote, in the order of the process."""
    found = []
    for step in definition.steps.values():
        if step.do != "vote":
            continue
        token = next((t for t in state.tokens + state.parked if t.step == step.id), None)
        votes = [v for v in state.votes if v.step == step.id]
        if token or votes:
            found.append(
                Tally(
                    step.id,
                    step.name.in_(lang),
                    int(step.options.get("need", 1)),
                    int(step.options.get("members", 0)),
                    tuple(v for v in votes if not v.void),
                    token.due_at if token else None,
                    token is not None,
                    tuple(v for v in votes if v.void),
                )
            )
    return tuple(found)
