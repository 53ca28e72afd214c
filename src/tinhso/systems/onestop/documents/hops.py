"""The hand-overs of a case as its acts tell them: who gave to whom, when, in how much time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tinhso.core.cases import effects as fx
from tinhso.core.cases.definition.model import Definition
from tinhso.core.cases.models import Act
from tinhso.core.cases.rules.moves import STEP_KINDS
from tinhso.core.cases.state import Token
from tinhso.core.orgs import queries as orgs
from tinhso.kit import worktime
from tinhso.systems.onestop.documents.words import local, minutes_text

CITIZEN_STEPS = ("ask_applicant", "pay")


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

    @property
    def result(self) -> str:
        """`open`, `early`, `on_time` or `late`, in working time: a limit that ends at noon is kept at one o'clock."""
        if self.ended is None:
            return "open"
        if self.allowed is None or self.waiting or self.used == self.allowed:
            return "on_time"
        return "late" if self.used > self.allowed else "early"


def hops_of(definition: Definition, acts: Sequence[Act], now: datetime) -> list[Hop]:
    """Every step the case stood in, oldest first; times are counted with the calendar of the step's unit."""
    opened: dict[str, Hop] = {}
    for act in acts:
        for effect in fx.load_effects(act.effects):
            _follow(opened, effect, act, definition)
    return [_counted(hop, now) for hop in opened.values()]


def _follow(opened: dict[str, Hop], effect: fx.EffectUnion, act: Act, definition: Definition) -> None:
    """What one effect does to the hops so far; they stay in the order they were opened."""
    match effect:
        case fx.TokenOpened(token=token):
            opened[token.id] = _opened(definition, token, *_giver(act))
        case fx.TokensUnparked(tokens=tokens):
            opened.update({t.id: _opened(definition, t, *_giver(act)) for t in tokens})
        case fx.TokenTaken(token_id=token_id, person_id=person, person_name=name):
            if token_id in opened and opened[token_id].ended is None:
                taker = _doer(act) if act.actor.get("for") == person and act.kind != "assign" else name
                opened[token_id] = replace(opened[token_id], taker=taker)
        case fx.TokenReleased(token_id=token_id):
            if token_id in opened and opened[token_id].ended is None:
                opened[token_id] = replace(opened[token_id], taker="")
        case fx.TokenClosed(token_id=token_id, outcome=outcome):
            _end(opened, [token_id], act, outcome)
        case fx.TokensParked():
            _end(opened, list(opened), act, "parked")
        case fx.Stopped():
            _end(opened, list(opened), act, "stopped")


def _doer(act: Act) -> str:
    """Who did an act, and on whose behalf: "B thay mặt A"."""
    name, other = act.actor.get("name", ""), act.actor.get("for_name", "")
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
    within = step.within.text() if step and step.within else ""
    return Hop(
        token=token.id,
        step=token.step,
        title=step.name.vi if step and step.name.vi else kind.task,
        giver=giver,
        giver_unit=giver_unit,
        taker=token.person_name or ("Người nộp hồ sơ" if waiting else ""),
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


def _end(opened: dict[str, Hop], tokens: Iterable[str], act: Act, outcome: str) -> None:
    """Whoever closed a step nobody had taken is the one who did it."""
    for token in tokens:
        hop = opened.get(token)
        if hop is None or hop.ended is not None:
            continue
        taker = hop.taker or (_doer(act) if outcome not in ("parked", "stopped") else "")
        if taker == act.actor.get("for_name") and outcome not in ("parked", "stopped"):
            taker = _doer(act)  # on the desk of the one acted for, finished by the one who stood in
        opened[token] = replace(hop, ended=act.at, outcome=outcome, taker=taker)


def _counted(hop: Hop, now: datetime) -> Hop:
    return replace(hop, used=_between(hop.path, hop.started, hop.ended or now))


def _between(path: str, start: datetime, end: datetime) -> int:
    return worktime.between(orgs.calendar_for(path), start, end)


def slip_rows(hops: Sequence[Hop]) -> list[dict[str, Any]]:
    """Rows of the control slip (form 06)."""
    notes = {
        "parked": "chờ người nộp",
        "stopped": "dừng giải quyết",
        "returned": "trả lại để sửa",
        "silence": "im lặng là đồng ý",
    }
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
            "note": "; ".join(filter(None, (hop.title, notes.get(hop.outcome, "")))),
        }
        for hop in hops
    ]
