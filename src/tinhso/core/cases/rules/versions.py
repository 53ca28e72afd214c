"""Whether a running case may go on under another version of its procedure, and what that changes. Pure.

A version is fixed at filing. It only changes by an act of its own: `rebase` where nothing the case depends on
differs, `migrate` where a person planned it, `unmigrate` to go back. What was promised stays promised: fees
told and dates given are kept unless the plan says that dates are counted again, and then they only move later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as with_
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from tinhso.core.cases.acts import ActData, Facts, new_token, refuse
from tinhso.core.cases.effects import EffectUnion
from tinhso.core.cases.rules.dossier import missing_papers
from tinhso.core.cases.rules.moves import unit_of
from tinhso.core.cases.rules.refitting import unfit
from tinhso.core.cases.state import State, Token, dump
from tinhso.core.forms.answers import validate
from tinhso.core.forms.env import Env
from tinhso.core.procedures.dossier import variant_for
from tinhso.core.procedures.fees import fees_for
from tinhso.core.procedures.model import Definition, Situation, Step
from tinhso.kit import worktime
from tinhso.kit.errors import Refusal
from tinhso.kit.expressions import ExpressionError
from tinhso.kit.worktime import Clock, ClockError

#: Steps a person does; a case may be put from one kind to another. The others carry more than a task.
DONE_BY_HAND = frozenset({"work", "ask_unit", "sign"})
REASON = "Chuyển hồ sơ sang phiên bản thủ tục mới"


class MovedData(ActData, frozen=True):
    """What the act of a move keeps: the plan, and the digests of the state before and after."""

    plan: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan decides: where cases of an old step stand in the new version, and whether dates are counted again."""

    steps: Mapping[str, str] = field(default_factory=dict)
    recount: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case cannot move: a code of `REASONS`, and what it is about."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`after` is the state under the new version (None when it cannot move). `due_then` is the date the new limits
    would give, whether or not the plan applies it; `due_now` the one promised."""

    reasons: tuple[Reason, ...]
    after: State | None = None
    due_now: datetime | None = None
    due_then: datetime | None = None

    @property
    def can(self) -> bool:
        return self.after is not None


#: Calendars and the moment; with True also which units steps ask.
FactsOf = Callable[[State, bool], Facts]


def digest(state: State) -> str:
    """SHA-256 of a state without its number, its moment and its place in the chain: equal when nothing else differs."""
    bare = replace(state, seq=0, hash="", acted_at=None)
    return hashlib.sha256(msgspec.json.encode(bare, order="sorted")).hexdigest()


NOTHING = State()
#: What every act changes.
OWN = frozenset({"seq", "hash", "acted_at"})
Patch = tuple[dict[str, Any], tuple[str, ...]]


def patches(before: State, after: State) -> tuple[Patch, Patch]:
    """What turns the first state into the second (fields that differ, fields that went back to nothing), and back."""
    names = [n for n in State.__struct_fields__ if n not in OWN and getattr(before, n) != getattr(after, n)]
    return _patch(after, names), _patch(before, names)


def _patch(to: State, names: list[str]) -> Patch:
    values = dump({name: getattr(to, name) for name in names if getattr(to, name) != getattr(NOTHING, name)})
    return values, tuple(name for name in names if name not in values)


def judge(
    old: Definition,
    new: Definition,
    state: State,
    terms: Terms,
    facts_of: FactsOf,
    *,
    dossier_known: bool = False,
) -> Verdict:
    """Whether a case may move under these terms. `facts_of` is only asked where a step changes hands or a date moves.

    With `dossier_known` the same state was judged before and its answers, papers, fees and variant did.
    """
    if state.finished_at is not None:
        return Verdict((Reason("finished"),))
    reasons = list(_elsewhere(old, new, state, terms))
    if not dossier_known:
        reasons = [
            *_answers(old, new, state),
            *_papers(old, new, state),
            *_money_and_time(old, new, state),
            *reasons,
        ]
    moved, cannot = _standing(old, new, state, terms, facts_of)
    reasons += cannot
    now = state.clock.due_current
    if reasons:
        return Verdict(tuple(dict.fromkeys(reasons)), due_now=now)
    seen = dossier_known and not terms.recount  # the date the new limits would give is on record already
    clock = state.clock if seen else _clock(new, state, facts_of)
    after = replace(
        state,
        tokens=tuple(moved[t.id] for t in state.tokens),
        parked=tuple(moved[t.id] for t in state.parked),
        clock=clock if terms.recount else state.clock,
    )
    return Verdict((), after, now, clock.due_current)


def _standing(
    old: Definition, new: Definition, state: State, terms: Terms, facts_of: FactsOf
) -> tuple[dict[str, Token], list[Reason]]:
    """Where each open step stands in the new version, by its id; and why some stand nowhere."""
    moved: dict[str, Token] = {}
    reasons: list[Reason] = []
    for token in state.tokens + state.parked:
        try:
            moved[token.id] = _stands(old, new, token, terms, state, facts_of)
        except _CannotError as cannot:
            reasons.append(cannot.reason)
    return moved, reasons


def judge_rebase(old: Definition, new: Definition, state: State, facts_of: FactsOf) -> Verdict:
    """The same for a move nobody decided on: nothing may differ that the case depends on."""
    found = judge(old, new, state, Terms(), facts_of)
    if not found.can:
        return found
    changes = [
        *(Reason("step_changed", t.step) for t in state.tokens + state.parked if _differs(old, new, t.step)),
        *([Reason("time_changed")] if _time(old, state) != _time(new, state) else []),
        *([Reason("fees_changed")] if _due_fees(old, state) != _due_fees(new, state) else []),
        *([Reason("state_changed")] if found.after != state else []),
    ]
    return Verdict(tuple(changes), None, found.due_now, found.due_then) if changes else found


def by_plan_only(definition: Definition, state: State, data: MovedData, facts: Facts) -> list[EffectUnion]:
    """No page, program or timer may name these acts: they are written by the plan that judged the case."""
    raise refuse("by_plan_only", "Phiên bản của hồ sơ chỉ thay đổi qua một kế hoạch chuyển phiên bản.")


# What a case depends on -----------------------------------------------------------------------------------------


class _CannotError(Exception):
    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.reason = Reason(code, about)


def _filed(state: State) -> Any:
    assert state.submitted_at is not None  # noqa: S101  a stored case was filed
    return state.submitted_at.astimezone(Facts.zone).date()


def _here(definition: Definition, state: State) -> Situation:
    applicant = dump(state.applicant) if state.applicant else {}
    return Situation.of(definition, state.answers, applicant, state.channel, _filed(state), state.variant)


def _answers(old: Definition, new: Definition, state: State) -> Iterator[Reason]:
    """Answers given once must do for the new form too; nobody answers for the applicant."""
    applicant = dump(state.applicant) if state.applicant else {}
    env = Env(_filed(state), applicant, state.channel, state.variant)
    for name, blank in unfit(old.form, new.form, state.answers, env):
        yield Reason("unanswered" if blank else "answer_unfit", _label(new, name))
    fields = new.result.fields
    drafted = (
        state.draft and not state.refusal_reason and any(t.do == "sign" for t in state.tokens + state.parked)
    )
    if fields is not None and drafted and old.result.fields != fields:
        inner = with_(env, extra={"form": {**new.blank, **state.answers}})
        for path in validate(fields, state.draft, inner):
            found = fields.fields.get(path.split("-")[0])
            yield Reason("draft_unfit", found.label.vi if found else path)


def _label(definition: Definition, name: str) -> str:
    found = definition.form.fields.get(name)
    return found.label.vi if found else name


def _papers(old: Definition, new: Definition, state: State) -> Iterator[Reason]:
    asked = state.open_supplement
    for item in asked.items if asked else ():
        if new.paper(item.paper) is None:
            yield Reason("asked_paper_gone", item.paper)
    if old.papers == new.papers:
        return
    counter = state.channel == "counter"
    before = {p.id for p in missing_papers(old, _here(old, state), state.papers, at_counter=counter)}
    for paper in missing_papers(new, _here(new, state), state.papers, at_counter=counter):
        if paper.id not in before:
            yield Reason("paper_missing", paper.name.vi)


def _money_and_time(old: Definition, new: Definition, state: State) -> Iterator[Reason]:
    """The case stays what it was called, and fees not yet settled stay what was told."""
    if all(v.id != state.variant for v in new.variants):
        yield Reason("variant_gone", state.variant)
    elif (old.variants, old.form) != (new.variants, new.form):
        try:
            found = variant_for(new, _here(new, state)).id
        except ExpressionError:
            found = ""
        if found != state.variant:
            yield Reason("variant_other", state.variant)
    if state.accepted_at is None and _due_fees(old, state) != _due_fees(new, state):
        yield Reason("fees_changed")


def _elsewhere(old: Definition, new: Definition, state: State, terms: Terms) -> Iterator[Reason]:
    """Work that others already began on this case's account."""
    for child in state.children:
        target = terms.steps.get(child.step, child.step)
        if child.status == "open" and old.steps.get(child.step) != new.steps.get(target):
            yield Reason("open_subcase", child.code)
    for undo in state.undo:
        if undo.step not in new.steps:
            yield Reason("undo_pending", undo.step)
    same = (old.result.document, old.result.series, old.result.number_format, old.result.code)
    then = (new.result.document, new.result.series, new.result.number_format, new.result.code)
    if state.number and same != then:
        yield Reason("numbered", state.number)


def _stands(
    old: Definition, new: Definition, token: Token, terms: Terms, state: State, facts_of: FactsOf
) -> Token:
    """The open step in the new version. It stays the same task unless somebody else has to do it."""
    if token.step not in old.steps:
        return token  # a step of the engine itself, such as the decision on a withdrawal
    former, name = old.step(token.step), terms.steps.get(token.step, token.step)
    step = new.steps.get(name)
    if step is None:
        raise _CannotError("step_gone", former.name.vi or token.step)
    if step.do != former.do and not {step.do, former.do} <= DONE_BY_HAND:
        raise _CannotError("step_of_other_kind", former.name.vi or token.step)
    for branch in filter(None, (token.branch, *token.arrived, *token.waiting)):
        if branch in old.steps and branch not in new.steps:
            raise _CannotError("branch_gone", branch)
    if (former.do, former.role, former.at) == (step.do, step.role, step.at):
        kept = token if name == token.step else replace(token, step=name)
        return _timed(kept, former, step, facts_of, state) if terms.recount else kept
    return _handed(token, step, former, terms, state, facts_of)


def _handed(token: Token, step: Step, former: Step, terms: Terms, state: State, facts_of: FactsOf) -> Token:
    """A step that others do from now on: another task, with the date the first one had."""
    if token.parent or token.waiting or token.arrived:
        raise _CannotError("inside_branches", former.name.vi or token.step)
    unit = token.unit
    if step.at != former.at:
        try:
            unit = unit_of(step, state, facts_of(state, True))
        except Refusal as refusal:
            raise _CannotError("no_unit", step.name.vi or step.id) from refusal
    made = new_token(
        step=step.id, do=step.do, unit=unit, role=step.role, entered_at=token.entered_at, due_at=token.due_at
    )
    return _timed(made, former, step, facts_of, state) if terms.recount else made


def _timed(token: Token, former: Step, step: Step, facts_of: FactsOf, state: State) -> Token:
    if step.within is None or former.within == step.within:
        return token
    calendar = facts_of(state, False).calendar(token.unit)
    return replace(token, due_at=worktime.add(calendar, token.entered_at, step.within).at)


def _clock(new: Definition, state: State, facts_of: FactsOf) -> Clock:
    """The legal clock as the new version would count it. It never gives an earlier date than the one promised."""
    clock, variant = state.clock, new.variant(state.variant)
    if clock.duration is None or (clock.duration, clock.cutoff) == (variant.time, variant.cutoff):
        return clock
    other = with_(clock, duration=variant.time, cutoff=variant.cutoff)
    if clock.state != "running" or state.competent is None:
        return other  # counted when it runs again
    facts = facts_of(state, False)
    try:
        return worktime.recount(other, facts.calendar(state.competent), facts.now, REASON)
    except ClockError:
        return clock


def _differs(old: Definition, new: Definition, step: str) -> bool:
    """Whether a step differs in more than what people read."""
    one, other = old.steps.get(step), new.steps.get(step)
    if one is None or other is None:
        return one is not other
    options = [{k: v for k, v in s.options.items() if not _is_text(v)} for s in (one, other)]
    return with_(one, name=other.name, options={}) != with_(other, options={}) or options[0] != options[1]


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and "vi" in value


def _time(definition: Definition, state: State) -> tuple[Any, ...]:
    variant = definition.variant(state.variant)
    return (variant.time, variant.cutoff, definition.supplement_within)


def _due_fees(definition: Definition, state: State) -> Any:
    """The fees of the day of filing, without their names; a fee that cannot be worked out is told as such."""
    try:
        return [
            (f.id, f.kind, f.amount, bool(f.exempt))
            for f in fees_for(definition, _here(definition, state), _filed(state))
        ]
    except ExpressionError as error:
        return error.text
