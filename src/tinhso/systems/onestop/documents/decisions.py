"""Papers about how a case was decided: a committee's minutes, the list of opinions, a decision by the passing of time."""

from __future__ import annotations

from datetime import date
from typing import Any

from tinhso.core.cases.queries import CaseFile
from tinhso.core.cases.state import Opinion, State, Visit
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.kit import worktime
from tinhso.systems.onestop.documents.deadlines import deadlines
from tinhso.systems.onestop.documents.words import (
    Subject,
    applicant,
    head,
    local,
    moment_text,
    procedure,
    unit_of,
)
from tinhso.systems.onestop.rules.standing import plain_text

VOTED = ("passed", "failed")


def votes_held(state: State) -> list[Visit]:
    """The votes that came to an end, oldest first."""
    return [v for v in state.visits if v.outcome in VOTED]


def is_deemed(state: State) -> bool:
    """Whether the case was decided by the passing of time: a result that nobody signed."""
    return state.result is not None and not state.result.document


def _deciding(subject: Subject) -> Unit:
    unit = unit_of(subject.state.competent)
    assert unit is not None  # noqa: S101  a filed case has one
    return unit


def _common(subject: Subject, short: str) -> dict[str, Any]:
    serial = subject.case.code.rsplit("-", 1)[-1]
    return {
        **head(_deciding(subject), subject.now, number=f"{serial}/{short}"),
        "case_code": subject.case.code,
        "applicant": applicant(subject.state),
        "procedure": procedure(subject.definition),
        "received_at": moment_text(subject.state.accepted_at or subject.state.submitted_at),
    }


def vote_minutes(subject: Subject, round_: int) -> dict[str, Any]:
    """The minutes of a committee's vote: who voted how, what was needed, what came of it."""
    held = votes_held(subject.state)[round_ - 1]
    step = subject.definition.step(held.step)
    votes = [
        v for v in subject.state.votes if v.step == held.step and held.entered_at <= v.at <= held.left_at
    ]
    agreed = sum(v.agrees for v in votes)
    return {
        **_common(subject, "BB-BQ"),
        "step": step.name.vi,
        "began": moment_text(held.entered_at),
        "ended": moment_text(held.left_at),
        "need": int(step.options.get("need", 1)),
        "members": int(step.options.get("members", 0)),
        "agreed": agreed,
        "against": len(votes) - agreed,
        "passed": held.outcome == "passed",
        "votes": [
            {
                "name": v.person_name,
                "vote": "đồng ý" if v.agrees else "không đồng ý",
                "text": v.text,
                "at": moment_text(v.at),
            }
            for v in votes
        ],
        **_signer(_deciding(subject)),
    }


def opinions(subject: Subject, _round: int) -> dict[str, Any]:
    """The list of what the units asked answered, silence included, step by step."""
    definition, state = subject.definition, subject.state
    asked = dict.fromkeys(o.step for o in state.opinions if not o.void)
    steps = [definition.steps[name] for name in asked if name in definition.steps]
    return {
        **_common(subject, "TH-YK"),
        "rounds": [
            {
                "name": step.name.vi,
                "question": plain_text(step.options.get("question"), "vi"),
                "rows": [_opinion(o) for o in state.opinions if o.step == step.id and not o.void],
            }
            for step in steps
        ],
        **_signer(_deciding(subject)),
    }


def _opinion(opinion: Opinion) -> dict[str, str]:
    answer = "đồng ý" if opinion.agrees else "không đồng ý"
    return {
        "unit": opinion.unit.name,
        "by": opinion.by,
        "answer": f"im lặng, tính là {answer}" if opinion.silent else answer,
        "text": "" if opinion.silent else opinion.text,
        "at": moment_text(opinion.at),
    }


def deemed(subject: Subject, _round: int) -> dict[str, Any]:
    """The confirmation of a decision by the passing of time: which, since when, on which ground."""
    result, rule = subject.state.result, subject.definition.deemed
    assert result is not None  # noqa: S101  the form exists only with one
    return {
        **_common(subject, "XN"),
        "result": result.name,
        "since": moment_text(result.signed_at),
        "due_at": moment_text(subject.state.clock.due_original),
        "ground": rule.ground if rule else "",
        **_signer(_deciding(subject)),
    }


def _signer(unit: Unit) -> dict[str, Any]:
    """The agency's own seal signs; the template leaves room for it."""
    return {"authority": None, "signer_title": unit.name, "signer_name": ""}


def milestone_rows(subject: Subject) -> list[dict[str, str]]:
    """Each agency's own deadline, for the receipt of a case that several work on; nothing for one agency alone."""
    file = CaseFile(subject.case, subject.state, subject.definition, (), False)
    plan = deadlines(file, subject.now)
    return [
        {"name": line.name, "unit": line.unit if line.unit != line.name else "", "due": moment_text(line.end)}
        for line in (plan.lines if plan else ())
        if line.kind == "step"
    ]


def new_appointment(subject: Subject) -> str:
    """The moment a drafted apology promises; its bare day when the calendar does not take it."""
    state = subject.state
    assert state.apology is not None  # noqa: S101  asked only for a draft
    day, unit = date.fromisoformat(state.apology.until), _deciding(subject)
    calendar = orgs.calendar_for(unit.path)
    try:
        extended = worktime.extend(state.clock, calendar, day, state.apology.reason, at=subject.now)
    except worktime.ClockError:
        return f"ngày {day:%d/%m/%Y}"
    return moment_text(local(extended.due_current)) if extended.due_current else f"ngày {day:%d/%m/%Y}"
