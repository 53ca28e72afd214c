"""Two questions programs ask of the one-stop: whose a procedure is, and why a case is due when it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from tinhso.core.cases import queries
from tinhso.core.cases.explained import StepDue, explained
from tinhso.core.cases.state import dump
from tinhso.systems.onestop.queries.competence import AnswerWords, ask

router = Router()


class CompetenceOut(Schema):
    """Whose a procedure is on a day. `since` and `until` (excluded) bound the days on which all of it holds; `next` says
    what the next known date changes. A dossier may also be brought to any other centre of the province."""

    procedure: str
    on: date
    place: str
    receives: dict[str, str]
    decides: dict[str, str]
    rule: str
    grounds: list[str]
    source: str
    version: int
    times: list[dict[str, str]]
    fees: list[dict[str, Any]]
    since: date | None
    until: date | None
    next: dict[str, Any] | None


def _competence_out(words: AnswerWords) -> dict[str, Any]:
    answer, coming = words.answer, words.next
    return {
        "procedure": answer.procedure,
        "on": answer.on,
        "place": answer.place,
        "receives": dump(answer.held.receives),
        "decides": dump(answer.held.decides),
        "rule": words.rule,
        "grounds": list(words.grounds),
        "source": words.source,
        "version": answer.held.version,
        "times": [dump(t) for t in words.times],
        "fees": [dump(f) for f in words.fees],
        "since": words.since,
        "until": words.until,
        "next": {"on": coming.on, "changes": list(coming.lines)} if coming else None,
    }


@router.get(
    "/procedures/{code}/competence",
    response=CompetenceOut,
    auth=None,
    summary="Thủ tục thuộc cơ quan nào, theo ngày và nơi",
)
def get_competence(
    request: HttpRequest,
    code: str,
    on: date | None = None,
    place: str = Query("", description="Mã xã, phường"),
    applicant: Literal["person", "organisation"] = "person",
    channel: Literal["online", "counter", "post"] = "online",
    lang: Literal["vi", "en"] = "vi",
) -> Any:
    day = on or timezone.localdate()
    return _competence_out(ask(code, day, place, applicant, channel, lang))


class StepDueOut(Schema):
    """An open step: who has it, until when, and why. `ledger` is empty when the step has no limit of its own."""

    step: str
    name: str
    unit: str
    due_at: datetime | None
    ledger: list[dict[str, Any]]
    explanation: list[str]


class DueOut(Schema):
    """A due date with its ledger and its explanation in sentences, and the same for every open step.

    `left_minutes`: working minutes left by law, which counts in full again after a supplement. `scored_minutes`: used
    up as Decision 766 counts, which only subtracts the citizen's time.
    """

    due_original: datetime | None
    due_current: datetime | None
    state: str
    ledger: list[dict[str, Any]]
    explanation: list[str]
    left_minutes: int | None
    scored_minutes: int | None
    steps: list[StepDueOut]


@router.get("/cases/{code}/due", response=DueOut, summary="Vì sao hẹn ngày này, và hạn của từng bước đang mở")
def get_due(request: HttpRequest, code: str, lang: Literal["vi", "en"] = "vi") -> Any:
    file = queries.open_case(code, actor=request.actor)  # type: ignore[attr-defined]
    why = explained(file.definition, file.state, timezone.now(), lang)
    return {
        "due_original": why.due_original,
        "due_current": why.due_current,
        "state": why.state,
        "ledger": dump(why.ledger),
        "explanation": list(why.sentences),
        "left_minutes": why.left,
        "scored_minutes": why.scored,
        "steps": [_step_due(step) for step in why.steps],
    }


def _step_due(step: StepDue) -> dict[str, Any]:
    token = step.token
    told = {"ledger": dump(step.ledger), "explanation": list(step.sentences)}
    return {"step": token.step, "name": step.name, "unit": token.unit.name, "due_at": step.due_at, **told}
