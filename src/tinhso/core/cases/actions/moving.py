"""Moving cases to another version of their procedure, a group at a time: judged, written and noted together.

Each case has its own act. A group is one transaction: killed in between, it happened or it did not, and
whoever goes on finds the moved cases no longer under the old version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from django.utils import timezone

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases import effects as fx
from tinhso.core.cases.actions.perform import moment_of, sealed
from tinhso.core.cases.acts import Facts
from tinhso.core.cases.effects import EffectUnion, fold
from tinhso.core.cases.facts import gather
from tinhso.core.cases.models import Case, PlannedCase, VersionPlan
from tinhso.core.cases.rules.versions import (
    MovedData,
    Reason,
    Terms,
    Verdict,
    digest,
    judge,
    judge_rebase,
    patches,
)
from tinhso.core.cases.state import State, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.cases.writers import columns, write_act, write_record, write_tasks
from tinhso.core.db.batch import Batch
from tinhso.core.db.locks import lock_rows
from tinhso.core.orgs import queries as orgs
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import Calendar

#: Cases of one transaction: enough to share its cost, few enough that nobody waits for their locks.
GROUP = 50
REBASE, MIGRATE, BACK = "rebase", "migrate", "unmigrate"


class _Calendars(dict[str, Calendar]):
    """Calendars of units by their ids; the directory keeps them in memory and knows when they change."""

    def __missing__(self, unit_id: str) -> Calendar:
        return orgs.calendar_for(orgs.unit(UUID(unit_id)).path)


CALENDARS = _Calendars()


@dataclass(frozen=True, slots=True)
class Move:
    """Everything that is the same for all cases of a plan."""

    plan: VersionPlan
    old: Definition
    new: Definition
    old_version: UUID
    new_version: UUID
    terms: Terms
    actor: Actor

    @staticmethod
    def of(plan: VersionPlan) -> Move:
        """The move of a plan, done in the name of whoever ordered it, or of the system after a publication."""
        actor = system_actor("versions")
        if plan.kind != REBASE and plan.person_id is not None:
            actor = Actor(plan.person_id, name=plan.person_name, system="versions", channel="system")
        terms = Terms(dict(plan.steps), plan.recount)
        return Move(
            plan, definition_of(plan.frm_id), definition_of(plan.to_id), plan.frm_id, plan.to_id, terms, actor
        )

    def judged(self, state: State, now: datetime, known: bool = False) -> Verdict:
        """What the rules say of one case now; `known` when the dry run saw this very state and found it good."""

        def facts_of(of: State, asked: bool) -> Facts:
            if asked:
                return gather(self.new, of, self.actor, now=now)
            return Facts(now=now, actor=self.actor, calendars=CALENDARS)

        try:
            moment_of(state, now)
            if self.plan.kind == REBASE:
                return judge_rebase(self.old, self.new, state, facts_of)
            return judge(self.old, self.new, state, self.terms, facts_of, dossier_known=known)
        except Refusal as refusal:
            return Verdict((Reason("refused", refusal.message[:200]),), due_now=state.clock.due_current)


def waiting_cases(version_id: UUID, after: str | None) -> QuerySet[Case]:
    """Open cases under a version in the order of their ids, behind one of them."""
    rows = Case.objects.filter(version_id=version_id, finished_at__isnull=True)
    return (rows.filter(id__gt=UUID(after)) if after else rows).order_by("id")


def look(move: Move, cases: Iterable[Case]) -> list[PlannedCase]:
    """The dry run of a group: nothing is written but what the plan says of each."""
    now = timezone.now()
    rows = []
    for case in cases:
        row = _row(move, case, move.judged(load_state(case.state), now), ("can", "cannot"))
        row.seq = case.seq
        rows.append(row)
    batch = Batch()
    for row in rows:
        _keep(batch, row)
    batch.send()
    return rows


def move_group(move: Move, ids: Sequence[UUID]) -> tuple[int, int]:
    """Move those of a group that can; returns (moved, stayed). Inside the caller's transaction."""
    now, batch, moved, stayed = timezone.now(), Batch(), 0, 0
    looked_at = PlannedCase.objects.filter(plan=move.plan, case_id__in=ids, outcome="can")
    seen = {r.case_id: r for r in looked_at.only("case_id", "seq", "due_then")}
    for case in lock_rows(Case, sorted(ids)):
        if case.version_id != move.old_version or case.finished_at is not None:
            continue  # somebody else ended or moved it since
        before, tried = load_state(case.state), seen.get(case.id)
        known = tried is not None and tried.seq == case.seq
        verdict = move.judged(before, now, known)
        row = _row(move, case, verdict, ("moved", "stays"))
        if tried is not None and known and not move.terms.recount:
            row.due_then = tried.due_then
        if verdict.after is None:
            stayed += 1
        else:
            moved += 1
            kind = REBASE if move.plan.kind == REBASE else MIGRATE
            effect = _forward(move, row, before, verdict.after)
            row.seq = _write(batch, move, case, before, effect, kind, now, row.after).seq
        _keep(batch, row)
    batch.send()
    return moved, stayed


def back_group(move: Move, rows: Sequence[PlannedCase]) -> tuple[int, int]:
    """Take a group of moves back where nobody acted since; returns (back, not back). In the caller's transaction."""
    now, batch = timezone.now(), Batch()
    became: dict[str, list[UUID]] = {}
    held = {case.id: case for case in lock_rows(Case, sorted(r.case_id for r in rows))}
    for row in rows:
        case = held[row.case_id]
        reason, before = _why_not_back(move, case, row), load_state(case.state)
        effect = _backward(move, row)
        if not reason and digest(fold(before, [effect])) != row.before:
            reason = "differs"
        if not reason:
            _write(batch, move, case, before, effect, BACK, now, row.before)
        became.setdefault(reason, []).append(row.id)
    batch.send()
    for reason, ids in became.items():
        outcome = "not_back" if reason else "back"
        PlannedCase.objects.filter(id__in=ids).update(outcome=outcome, reason=reason, details=[])
    back = len(became.get("", ()))
    return back, len(rows) - back


def _backward(move: Move, row: PlannedCase) -> fx.VersionMoved:
    undo: dict[str, Any] = row.undo or {}
    return fx.VersionMoved(
        plan=str(move.plan.id),
        frm=str(move.new_version),
        to=str(move.old_version),
        frm_hash=move.new.hash,
        to_hash=move.old.hash,
        before=row.after,
        values=undo.get("values", {}),
        drop=tuple(undo.get("drop", ())),
    )


def _why_not_back(move: Move, case: Case, row: PlannedCase) -> str:
    if case.version_id != move.new_version:
        return "moved_again"
    if case.seq != row.seq:
        return "acted_since"
    try:
        moment_of(load_state(case.state), None)
    except Refusal:
        return "refused"
    return ""


def _forward(move: Move, row: PlannedCase, before: State, after: State) -> fx.VersionMoved:
    """The effect of the move; the row learns both digests and what turns it back."""
    there, back = patches(before, after)
    row.before, row.after = digest(before), digest(after)
    row.undo = {"values": back[0], "drop": list(back[1])}
    return fx.VersionMoved(
        plan=str(move.plan.id),
        frm=str(move.old_version),
        to=str(move.new_version),
        frm_hash=move.old.hash,
        to_hash=move.new.hash,
        before=row.before,
        values=there[0],
        drop=there[1],
    )


def _write(
    batch: Batch,
    move: Move,
    case: Case,
    before: State,
    effect: fx.VersionMoved,
    kind: str,
    at: datetime,
    after_digest: str,
) -> State:
    """The rows of one move: the case with its version, the act, the tasks that change hands, audit and event."""
    definition = move.old if kind == BACK else move.new
    after, at = fold(before, [effect]), moment_of(before, at)
    state = sealed(after, kind, at, move.actor, [effect])
    if (before.tokens, before.parked) != (state.tokens, state.parked):
        write_tasks(batch, definition, case, state, _changed_hands(before, state), at)
    batch.update(
        Case,
        {"id": case.id, "seq": before.seq, "version_id": UUID(effect.frm)},
        must_hit=True,
        version_id=UUID(effect.to),
        **columns(state),
    )
    data = MovedData(plan=str(move.plan.id), before=effect.before, after=after_digest)
    facts = {"from": effect.frm_hash, "to": effect.to_hash}
    told: dict[str, Any] = {"batch": batch, "kind": kind, "actor": move.actor, "state": state, "at": at}
    write_act(case_id=case.id, data=data, effects=[effect], facts=facts, **told)
    write_record(case=case, before=before, definition=definition, **told)
    return state


def _changed_hands(before: State, after: State) -> list[EffectUnion]:
    """What became of the tasks: closed where others do a step now, opened where they do; a step that stays keeps its
    task and the person who took it."""
    old, new = {t.id: t for t in before.tokens}, {t.id: t for t in after.tokens}
    dues = {t.id: t.due_at for t in new.values() if t.id in old and t.due_at and t.due_at != old[t.id].due_at}
    closed: list[EffectUnion] = [fx.TokenClosed(token_id=t, outcome="moved") for t in old if t not in new]
    dated: list[EffectUnion] = [fx.TokensDated(dues=dues)] if dues else []
    return [*closed, *dated, *(fx.TokenOpened(token=t) for t in new.values() if t.id not in old)]


def _row(move: Move, case: Case, verdict: Verdict, words: tuple[str, str]) -> PlannedCase:
    yes, no = words
    return PlannedCase(
        plan=move.plan,
        case_id=case.id,
        outcome=yes if verdict.can else no,
        reason=verdict.reasons[0].code if verdict.reasons else "",
        details=[[r.code, r.about] for r in verdict.reasons],
        due_now=verdict.due_now,
        due_then=verdict.due_then if verdict.due_then != verdict.due_now else None,
    )


_KEEP = """
INSERT INTO cases_plannedcase
    (id, plan_id, case_id, outcome, reason, details, due_now, due_then, seq, before, after, undo)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (plan_id, case_id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
    details = excluded.details, due_now = excluded.due_now, due_then = excluded.due_then, seq = excluded.seq,
    before = excluded.before, after = excluded.after, undo = excluded.undo
"""


def _keep(batch: Batch, row: PlannedCase) -> None:
    """What the plan says of a case now; a case it spoke of before is spoken of anew."""
    details, undo = _json(row.details), _json(row.undo) if row.undo is not None else None
    values = [
        row.id, row.plan_id, row.case_id, row.outcome, row.reason, details, row.due_now, row.due_then, row.seq,
        row.before, row.after, undo,
    ]  # fmt: skip
    batch.execute(_KEEP, values, changes=f"planned {row.case_id}")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
