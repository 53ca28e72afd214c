"""Open cases in a reorganisation: each gets an act of its own that says which unit does what from now on.

The clock goes on as it was: no due date moves. What is finished stays where it was; whoever continues a unit sees
its old cases through the rights of the post (`core.access`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import msgspec
from django.db import connection

from tinhso.core.access.actor import Actor
from tinhso.core.cases.actions.perform import _perform_locked
from tinhso.core.cases.acts import ActData, ActKind, Facts
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import EffectUnion, UnitsMoved
from tinhso.core.cases.facts import unit_ref
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import State, UnitRef, dump, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.db.batch import Batch
from tinhso.core.db.locks import lock_rows
from tinhso.core.procedures.flow import blank_case
from tinhso.core.procedures.model import Definition, Situation, value
from tinhso.core.reorganisation.picture import Piece, Undecided
from tinhso.core.reorganisation.slots import Evidence, Movable, Moving, Open, Tally, Trial
from tinhso.kit.expressions import ExpressionError

_FINAL = tuple(int(s) for s in Status if s.is_final)
_WAITING = """
SELECT c.id FROM cases_case c
WHERE (%(after)s::uuid IS NULL OR c.id > %(after)s) AND c.source = '' AND c.status <> ALL(%(final)s) AND (
    c.reception_id = ANY(%(gone)s) OR c.competent_id = ANY(%(gone)s)
    OR (c.state -> 'return_unit' ->> 'id')::uuid = ANY(%(gone)s)
    OR EXISTS (SELECT FROM desk_task t WHERE t.subject_id = c.id AND t.closed_at IS NULL AND t.unit_id = ANY(%(gone)s)))
ORDER BY c.id LIMIT %(limit)s
"""
_COUNTS = """
SELECT competent_id, count(*) FROM cases_case
WHERE source = '' AND status <> ALL(%(final)s) AND competent_id = ANY(%(gone)s) GROUP BY 1
"""


class Places(msgspec.Struct, frozen=True, omit_defaults=True):
    """Units of a case by what they are in it; `tokens` by the open step."""

    reception: UnitRef | None = None
    competent: UnitRef | None = None
    return_unit: UnitRef | None = None
    tokens: dict[str, UnitRef] = {}

    def __bool__(self) -> bool:
        return bool(self.reception or self.competent or self.return_unit or self.tokens)


class MoveData(ActData, frozen=True):
    """Who does what from now on, by which plan; `was` is who did, so that it can be taken back exactly."""

    plan: str = ""
    now: Places = Places()
    was: Places = Places()


def decide(definition: Definition, state: State, data: MoveData, facts: Facts) -> list[EffectUnion]:
    now = data.now
    return [UnitsMoved(data.plan, now.reception, now.competent, now.return_unit, now.tokens)]


MOVE = ActKind(
    "reorganise",
    "Chuyển theo sắp xếp đơn vị",
    "system",
    decide,
    MoveData,
    statuses=frozenset(s for s in Status if not s.is_final),
)
MOVE_BACK = ActKind(
    "reorganise_back", "Chuyển lại đơn vị cũ", "system", decide, MoveData, statuses=MOVE.statuses
)
ACT_KINDS = (MOVE, MOVE_BACK)


# The dry run --------------------------------------------------------------------------------------------------


def look(trial: Trial) -> None:
    """How many cases go where. Those of units whose work goes to one place are counted, the others looked at."""
    whole = [i for i, code in trial.gone.items() if code in trial.whole]
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"final": list(_FINAL), "gone": whole})
        for unit_id, count in cursor.fetchall():
            frm = trial.gone[unit_id]
            to = trial.to(frm, Piece())
            if isinstance(to, str):
                trial.tallies.append(Tally(frm, to, count))
    rest = [i for i in trial.gone if i not in set(whole)]
    found: dict[tuple[str, str], int] = {}
    rows = Case.objects.filter(competent_id__in=rest, source="").exclude(status__in=_FINAL)
    for case in rows.only("id", "code", "version_id", "state", "competent_id", "submitted_at").iterator(500):
        frm = trial.gone[case.competent_id]
        key = _key(case.code, frm)
        to = trial.decided.get(key) or trial.to(frm, piece_of(case))
        if isinstance(to, Undecided):
            trial.open.append(
                Open(key, f"{case.code} · {case.procedure_id}", f"/nghiep-vu/ho-so/{case.code}/", frm, to)
            )
        else:
            found[frm, to] = found.get((frm, to), 0) + 1
    trial.tallies.extend(Tally(frm, to, count) for (frm, to), count in found.items())


def _key(code: str, unit: str) -> str:
    return f"case:{code}@{unit}"


def piece_of(case: Case) -> Piece:
    """What of a case a rule may ask: the territory its competence went by, its procedure and its code."""
    state, definition = load_state(case.state), definition_of(case.version_id)
    place = _place(definition, state) or (state.applicant.territory if state.applicant else "")
    return Piece(place, definition.code, case.code)


def _place(definition: Definition, state: State) -> str:
    if state.submitted_at is None or state.applicant is None:
        return ""
    on = state.submitted_at.astimezone(Facts.zone).date()
    rule = next((r for r in definition.competence if r.holds_on(on)), None)
    if rule is None or not rule.place:
        return ""
    blank = blank_case(definition)
    here = Situation.of(
        definition, state.answers, dump(state.applicant), state.channel, on, state.variant, blank
    )
    try:
        return str(value(rule.place, here) or "")
    except ExpressionError:
        return ""


# Moving -------------------------------------------------------------------------------------------------------


def waiting(moving: Moving, after: UUID | None, limit: int) -> Sequence[UUID]:
    with connection.cursor() as cursor:
        wanted = {"after": after, "final": list(_FINAL), "gone": list(moving.gone), "limit": limit}
        cursor.execute(_WAITING, wanted)
        return [row[0] for row in cursor.fetchall()]


def move(moving: Moving, ids: Sequence[UUID]) -> int:
    """Move a group in the caller's transaction; how many were still to move."""
    batch, done = Batch(), 0
    for case in lock_rows(Case, sorted(ids)):
        state = load_state(case.state)
        was = _gone(state, moving.gone)
        if was and not Status(state.status).is_final:
            now = _others(moving, case, was)
            _write(batch, case, MOVE, MoveData(plan=str(moving.plan_id), now=now, was=was), moving)
            done += 1
    batch.send()
    return done


def _gone(state: State, gone: Mapping[UUID, str]) -> Places:
    """What of a case lies at units that are no more."""

    def only(unit: UnitRef | None) -> UnitRef | None:
        return unit if unit and UUID(unit.id) in gone else None

    tokens = {t.id: t.unit for t in state.tokens + state.parked if only(t.unit)}
    return Places(only(state.reception), only(state.competent), only(state.return_unit), tokens)


def _others(moving: Moving, case: Case, was: Places) -> Places:
    """The same with the units that do the work from now on."""
    piece, found = piece_of(case), dict[str, UnitRef]()

    def now(unit: UnitRef) -> UnitRef:
        if unit.id not in found:
            old = moving.gone[UUID(unit.id)]
            found[unit.id] = unit_ref(moving.to(old, piece, _key(case.code, old)))
        return found[unit.id]

    return _each(was, now)


def _each(places: Places, do: Callable[[UnitRef], UnitRef]) -> Places:
    def one(unit: UnitRef | None) -> UnitRef | None:
        return do(unit) if unit else None

    tokens = {t: do(u) for t, u in places.tokens.items()}
    return Places(one(places.reception), one(places.competent), one(places.return_unit), tokens)


def _write(batch: Batch, case: Case, kind: ActKind, data: MoveData, moving: Moving) -> None:
    by = Actor(moving.actor.person_id, name=moving.actor.name, system="reorganisation", channel="system")
    done = _perform_locked(case, kind, data, by, moving.now, batch)
    reception, competent = done.state.reception, done.state.competent
    assert reception and competent  # noqa: S101, PT018  every filed case has them
    batch.update(Case, {"id": case.id}, reception_id=UUID(reception.id), competent_id=UUID(competent.id))


# Taking back --------------------------------------------------------------------------------------------------


def moved(plan_id: UUID, after: UUID | None, limit: int) -> Sequence[UUID]:
    """The cases a plan moved, in order."""
    rows = Act.objects.filter(kind=MOVE.name, data__plan=str(plan_id))
    rows = rows.filter(case_id__gt=after) if after else rows
    return list(rows.order_by("case_id").values_list("case_id", flat=True)[:limit])


def back(moving: Moving, ids: Sequence[UUID]) -> int:
    """Move a group back to the units it came from, in the caller's transaction; how many did.

    Only what is still where the plan put it goes back: a step opened since lies where its people are.
    """
    batch, done = Batch(), 0
    acts = Act.objects.filter(case_id__in=ids, kind=MOVE.name, data__plan=str(moving.plan_id))
    told = {act.case_id: msgspec.convert(act.data, MoveData) for act in acts}
    for case in lock_rows(Case, sorted(told)):
        state, data = load_state(case.state), told[case.id]
        now = _still(state, data)
        if now and not Status(state.status).is_final:
            _write(batch, case, MOVE_BACK, MoveData(plan=data.plan, now=now, was=data.now), moving)
            done += 1
    batch.send()
    return done


def _still(state: State, data: MoveData) -> Places:
    """Where each part that is still where the plan put it was before."""
    tokens = {t.id: t.unit for t in state.tokens + state.parked}

    def was(put: UnitRef | None, is_now: UnitRef | None, before: UnitRef | None) -> UnitRef | None:
        return before if put and is_now and put.id == is_now.id else None

    kept = {
        t: before
        for t, before in data.was.tokens.items()
        if was(data.now.tokens.get(t), tokens.get(t), before)
    }
    return Places(
        was(data.now.reception, state.reception, data.was.reception),
        was(data.now.competent, state.competent, data.was.competent),
        was(data.now.return_unit, state.return_unit, data.was.return_unit),
        kept,
    )


_ROW = "bit_xor(('x' || left(encode(sha256(convert_to({0}, 'UTF8')), 'hex'), 16))::bit(64)::bigint)"
_ACTS = f"SELECT count(*), {_ROW.format('hash')} FROM cases_act WHERE at < %(until)s"  # noqa: S608  our own text
_CASES = (
    f"SELECT count(*), {_ROW.format('concat_ws(chr(31), id, code, key, procedure_id, version_id, applicant_id, filer_id, channel, submitted_at)')}"  # noqa: S608
    " FROM cases_case WHERE submitted_at < %(until)s"
)
KEPT = (
    Evidence("cases.cases", "Hồ sơ", _CASES),
    Evidence("cases.acts", "Việc đã làm với hồ sơ", _ACTS),
)

CASES = Movable("cases", "Hồ sơ đang giải quyết", look, waiting, move, moved, back)
