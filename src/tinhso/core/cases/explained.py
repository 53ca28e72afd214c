"""Why a case is due when it is: the legal clock, the clock of the scoring, and every open step, the same for every reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tinhso.core.cases.state import State, Token
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition
from tinhso.kit import worktime
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import Entry

KEPT = {
    "vi": "Hạn đã giao {due} được giữ, dù lịch làm việc hay quy trình nay tính ra khác",
    "en": "The date once set, {due}, is kept although the calendar or the process now gives another",
}


@dataclass(frozen=True, slots=True)
class StepDue:
    """An open step: who has it, until when, and the ledger that leads there (empty when it has no limit of its own)."""

    token: Token
    name: str
    due_at: datetime | None
    ledger: tuple[Entry, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """The due date of a case with its ledger and sentences, and those of its open steps.

    `left`: working minutes left by law, which gives the full time again after a supplement (None without due date).
    `scored`: working minutes used up as Decision 766 counts them, which only subtracts the citizen's time.
    """

    due_original: datetime | None
    due_current: datetime | None
    state: str
    ledger: tuple[Entry, ...]
    sentences: tuple[str, ...]
    steps: tuple[StepDue, ...]
    left: int | None = None
    scored: int | None = None


def explained(definition: Definition, state: State, now: datetime, lang: str = "vi") -> Explained:
    """Everything about the time of a case at a moment; "vi" or "en"."""
    clock, left, scored = state.clock, None, None
    if state.competent is not None and clock.started_at is not None:
        calendar = orgs.calendar_for(state.competent.path)
        left = worktime.remaining(clock, calendar, now)
        scored = worktime.scoring_elapsed(clock, calendar, now)
    return Explained(
        clock.due_original,
        clock.due_current,
        clock.state,
        clock.ledger,
        tuple(worktime.explain(clock, lang)) if clock.started_at else (),
        tuple(_step(definition, token, lang) for token in state.tokens),
        left,
        scored,
    )


def _step(definition: Definition, token: Token, lang: str) -> StepDue:
    step = definition.steps.get(token.step)
    name = step.name.in_(lang) if step and step.name else ""
    if step is None or step.within is None or token.due_at is None:
        return StepDue(token, name, token.due_at, (), ())
    try:
        due = worktime.add(orgs.calendar_for(token.unit.path), token.entered_at, step.within)
    except (Refusal, worktime.ClockError):
        return StepDue(token, name, token.due_at, (), ())
    if due.at != token.due_at:
        kept = KEPT[lang].format(due=f"{token.due_at.astimezone(due.at.tzinfo):%H:%M %d/%m/%Y}")
        return StepDue(token, name, token.due_at, (), (kept,))
    return StepDue(token, name, token.due_at, due.ledger, tuple(worktime.explain(due, lang)))
