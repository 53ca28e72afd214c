"""The hand-overs of a case as its acts tell them: who gave to whom, when, in how much time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tinhso.core.cases import effects as fx
from tinhso.core.cases.models import Act
from tinhso.core.cases.rules.moves import HELPERS
from tinhso.core.cases.state import Token, Vote
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition
from tinhso.core.procedures.steps import STEP_KINDS
from tinhso.kit import worktime
from tinhso.systems.onestop.documents.words import local, minutes_text

CITIZEN_STEPS = ("ask_applicant", "pay")
#: Ways a step ends without anybody having done it.
NOBODYS = ("parked", "stopped", "not_needed", "silence", "deemed", "opened")


@dataclass(frozen=True, slots=True)
class Hop:
    """One step in one pair of hands. `used` and `allowed` are working minutes of the unit; `ended` None while open.

    `path` is the unit's; `waiting` marks the applicant's own time, which is nobody's delay.
    """

    token: str
    step: str
    title: str
    giver: str
    giver_unit: str
    taker: str
    taker_unit: str
    path: str
    started: datetime
    due: datetime | None
    ended: datetime | None
    outcome: str
    allowed: int | None
    allowed_text: str
    used: int
    waiting: bool
    note: str = ""
    votes: tuple[int, int] = (0, 0)

    @property
    def result(self) -> str:
        """`open`, `early`, `on_time` or `late`, in working time: a limit that ends at noon is kept at one o'clock."""
        if self.ended is None:
            return "open"
        if self.allowed is None or self.waiting or self.used == self.allowed:
            return "on_time"
        return "late" if self.used > self.allowed else "early"


def hops_of(definition: Definition, acts: Sequence[Act], now: datetime) -> list[Hop]:
    """Every step the case stood in, oldest first; times are counted with the calendar of the step's unit.

    A step that waits for the applicant and opens again is two hops. What only waits for others (a fork, a round
    of opinions) is not one, for nobody has it in hand; its branches are.
    """
    book = _Book(definition)
    for act in acts:
        for effect in fx.load_effects(act.effects):
            book.follow(effect, act)
    return [_counted(hop, now) for hop in book.hops]


class _Book:
    """The hops so far, in the order they were opened, and which of them each open step is."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.hops: list[Hop] = []
        self.open: dict[str, int] = {}

    def follow(self, effect: fx.EffectUnion, act: Act) -> None:
        """What one effect does."""
        if isinstance(effect, fx.TokenOpened | fx.TokensUnparked):
            for token in (effect.token,) if isinstance(effect, fx.TokenOpened) else effect.tokens:
                self._begin(token, act)
        elif isinstance(effect, fx.TokenClosed | fx.TokensParked | fx.Stopped):
            self._close(effect, act)
        else:
            self._note(effect)

    def _note(self, effect: fx.EffectUnion) -> None:
        """In whose hands a step is, and what was done at it, without leaving it."""
        match effect:
            case fx.TokenTaken(token_id=token_id, person_name=name):
                self._change(token_id, taker=name)
            case fx.FirstDone(token_id=token_id, person_name=name):
                self._change(token_id, taker=name, note=f"{name} làm, chờ người thứ hai" if name else "")
            case fx.ChildOpened(child=child):
                self._change(child.token, taker=f"hồ sơ {child.code}", taker_unit=child.unit.name)
            case fx.Voted(vote=vote):
                self._vote(vote)

    def _close(self, effect: fx.TokenClosed | fx.TokensParked | fx.Stopped, act: Act) -> None:
        match effect:
            case fx.TokenClosed(token_id=token_id, outcome=outcome):
                self._end([token_id], act, outcome)
            case fx.TokensParked(keep=keep):
                self._end([t for t in self.open if t not in keep], act, "parked")
            case _:
                self._end(list(self.open), act, "stopped")

    def _begin(self, token: Token, act: Act) -> None:
        """A step opens. One opened anew within the same act, with more known about it, is the same hop."""
        self._forget(token.id, act)
        if token.do in ("parallel", "consult", *HELPERS):
            return
        self.open[token.id] = len(self.hops)
        self.hops.append(_opened(self.definition, token, *_giver(act)))

    def _forget(self, token_id: str, act: Act) -> None:
        last = self.hops[-1] if self.hops else None
        if last is not None and last.token == token_id and (last.ended, last.outcome) == (act.at, "opened"):
            self.hops.pop()

    def _change(self, token_id: str, **values: Any) -> None:
        if token_id in self.open:
            number = self.open[token_id]
            self.hops[number] = replace(self.hops[number], **values)

    def _vote(self, vote: Vote) -> None:
        hop = next((h for h in reversed(self.hops) if h.step == vote.step and h.ended is None), None)
        if hop is not None:
            yes, no = hop.votes
            self._change(hop.token, votes=(yes + vote.agrees, no + (not vote.agrees)), taker="Hội đồng")

    def _end(self, tokens: Iterable[str], act: Act, outcome: str) -> None:
        """Whoever closed a step nobody had taken is the one who did it."""
        for token in tokens:
            number = self.open.pop(token, None)
            if number is None:
                continue
            hop = self.hops[number]
            taker = hop.taker or (_doer(act) if outcome not in NOBODYS else "")
            if taker == act.actor.get("for_name") and outcome not in NOBODYS:
                taker = _doer(act)  # on the desk of the one acted for, finished by the one who stood in
            note = "" if outcome in ("confirmed", "done") else hop.note
            self.hops[number] = replace(hop, ended=act.at, outcome=outcome, taker=taker, note=note)


def _doer(act: Act) -> str:
    """Who did an act, and on whose behalf: "B thay mặt A"; the engine's own acts are the system's."""
    name, other = act.actor.get("name", ""), act.actor.get("for_name", "")
    if not act.actor.get("person"):
        return "Hệ thống"
    return f"{name} thay mặt {other}" if other and act.actor.get("delegation") else name


def _giver(act: Act) -> tuple[str, str]:
    by = act.actor
    if act.kind == "file" and not by.get("post"):
        return by.get("name", ""), "người nộp hồ sơ"
    unit = orgs.directory().units.get(UUID(by["unit"])) if by.get("unit") else None
    return _doer(act), unit.name if unit else ("người nộp hồ sơ" if by.get("person") else "")


def _opened(definition: Definition, token: Token, giver: str, giver_unit: str) -> Hop:
    step = definition.steps.get(token.step)
    kind = STEP_KINDS.get(token.do)
    waiting = token.do in CITIZEN_STEPS
    machine = kind.background and token.do != "ask_unit"
    within = step.within.text() if step and step.within else ""
    return Hop(
        token=token.id,
        step=token.step,
        title=step.name.vi if step and step.name.vi else kind.task,
        giver=giver,
        giver_unit=giver_unit,
        taker=token.person_name or ("Người nộp hồ sơ" if waiting else "Hệ thống" if machine else ""),
        taker_unit="" if waiting else token.unit.name,
        path=token.unit.path,
        started=token.entered_at,
        due=token.due_at,
        ended=None,
        outcome="",
        allowed=_between(token.unit.path, token.entered_at, token.due_at) if token.due_at else None,
        allowed_text=within,
        used=0,
        waiting=waiting,
    )


def _counted(hop: Hop, now: datetime) -> Hop:
    return replace(hop, used=_between(hop.path, hop.started, hop.ended or now))


def _between(path: str, start: datetime, end: datetime) -> int:
    return worktime.between(orgs.calendar_for(path), start, end)


def slip_rows(hops: Sequence[Hop]) -> list[dict[str, Any]]:
    """Rows of the control slip (form 06)."""
    return [
        {
            "giver": hop.giver,
            "giver_unit": hop.giver_unit,
            "taker": hop.taker or "chưa có người nhận",
            "taker_unit": hop.taker_unit,
            "given_at": f"{local(hop.started):%H:%M, %d/%m/%Y}",
            "allowed": hop.allowed_text or (minutes_text(hop.allowed) if hop.allowed else "không quy định"),
            "used": None if hop.ended is None else minutes_text(hop.used),
            "result": hop.result,
            "note": "; ".join(filter(None, (hop.title, _votes(hop), NOTES.get(hop.outcome, ""), hop.note))),
        }
        for hop in hops
    ]


#: How a step ended, where that is not plain from what came next.
NOTES = {
    "parked": "chờ người nộp",
    "stopped": "dừng giải quyết",
    "returned": "trả lại để sửa",
    "silence": "hết hạn, im lặng",
    "not_needed": "đã đủ kết quả, không cần nữa",
    "by_hand": "ghi kết quả bằng tay",
    "passed": "thông qua",
    "failed": "không thông qua",
    "known": "đã có kết quả từ trước",
    "deemed": "hết hạn, kết quả được coi là đã có",
}


def _votes(hop: Hop) -> str:
    yes, no = hop.votes
    return f"{yes} đồng ý, {no} không đồng ý" if yes or no else ""
