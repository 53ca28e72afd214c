"""The long work of a plan, step by step: killed anywhere it goes on with what is left, and nothing happens twice.

Writing the structure is one transaction. Moving asks each room what still waits at units that are no more, a group at
a time; so does taking back. Reads go on all the while: nothing but the group in hand is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.db.journal import JournalError, undo
from tinhso.core.jobs.runs import Steps
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.actions import apply_due_changes
from tinhso.core.orgs.models import Unit
from tinhso.core.reorganisation import proof, report
from tinhso.core.reorganisation.models import PlanState, Reorganisation
from tinhso.core.reorganisation.outline import after
from tinhso.core.reorganisation.people import seats
from tinhso.core.reorganisation.picture import Before, Picture, Piece, PlaceNow, Undecided, UnitNow
from tinhso.core.reorganisation.plan import Plan, load
from tinhso.core.reorganisation.queries import decided
from tinhso.core.reorganisation.slots import MOVABLES, Movable, Moving
from tinhso.core.reorganisation.snapshot import before, gone, held_posts
from tinhso.core.reorganisation.structure import Structure
from tinhso.kit.errors import Refusal

#: Things of one transaction: enough to share its cost, few enough that nobody waits for their locks.
GROUP = 50
#: Units and territories show what holds today: others point at them until that was worked out anew.
POINTED_AT = ("orgs.Unit", "orgs.Territory")


def apply(steps: Steps) -> dict[str, Any]:
    """Write the new order; from its day on move what is open, prove it, write the report."""
    row = Reorganisation.objects.get(id=steps.data["plan"])
    if row.state == PlanState.WRITING:
        _write(row, steps)
        row.refresh_from_db()
    if timezone.localdate() < row.on:
        return {"waiting": str(row.on)}
    apply_due_changes(timezone.localdate())
    moving = _moving(row, steps)
    counts = {m.name: _all(steps, moving, m, m.waiting, m.move) for m in MOVABLES}
    _finish(row, counts, steps)
    return counts


def _write(row: Reorganisation, steps: Steps) -> None:
    """The structure, what undoes it and the evidence before: one transaction."""
    plan, cutoff = load(row.source), timezone.now()
    with transaction.atomic():
        here = Reorganisation.objects.select_for_update().get(id=row.id)
        if here.state != PlanState.WRITING:
            return
        was = before(plan.on)
        picture = after(plan, was)
        if picture.faults:
            raise Refusal("faults", picture.faults[0].message)
        seated = seats(picture, plan.people, held_posts(plan.on, gone(picture)), decided(row.id))
        journal = Structure(plan, picture).write([s for s in seated if s.unit])
        apply_due_changes(timezone.localdate())
        here.journal = journal.entries
        here.proof = {"until": cutoff.isoformat(), "before": proof.take(cutoff), "province": _plain(was)}
        here.state = PlanState.MOVING if timezone.localdate() >= row.on else PlanState.WAITING
        here.save(update_fields=["journal", "proof", "state"])
        _audit_units(here, picture, steps)
        steps.step(cursor="structure", done=len(journal.entries))


def _audit_units(row: Reorganisation, picture: Picture, steps: Steps) -> None:
    batch, actor = Batch(), steps.actor()
    for code, way in picture.ways.items():
        told = {"plan": str(row.id), "on": str(row.on), "way": type(way).__name__}
        unit = str(orgs.unit_by_code(code).id)
        record(
            batch, act="reorganisation.end_unit", object_kind="unit", object_id=unit, actor=actor, data=told
        )
    for unit_now in picture.founded():
        told = {"plan": str(row.id), "on": str(row.on), "code": unit_now.code, "name": unit_now.name}
        unit = str(Unit.objects.get(code=unit_now.code).id)
        record(
            batch, act="reorganisation.found_unit", object_kind="unit", object_id=unit, actor=actor, data=told
        )
    batch.send()


# Moving -------------------------------------------------------------------------------------------------------


def _moving(row: Reorganisation, steps: Steps) -> Moving:
    plan: Plan = load(row.source)
    picture = after(plan, _before(row.proof["province"]))
    answers = decided(row.id)

    @cache
    def unit_of(code: str) -> Unit:
        return orgs.unit_by_code(code, row.on)

    def to(old: str, piece: Piece, key: str) -> Unit:
        code = answers.get(key) or picture.destination(old, piece)
        if isinstance(code, Undecided):
            raise Refusal("undecided", _("Chưa ai quyết định %(key)s về đơn vị nào.") % {"key": key})
        return unit_of(code)

    ended = {orgs.unit_by_code(code).id: code for code in picture.ways}
    return Moving(row.id, steps.actor(), timezone.now(), ended, to)


def _all(
    steps: Steps,
    moving: Moving,
    movable: Movable,
    left: Callable[[Moving, UUID | None, int], Any],
    do: Callable[[Moving, Any], int],
) -> int:
    """Do what is left of one kind of work, a group at a time, from the first to the last id; how many."""
    last: UUID | None = None
    done = 0
    while ids := left(moving, last, GROUP):
        with transaction.atomic():
            count = do(moving, ids)
            steps.step(cursor=movable.name, done=count)
        done, last = done + count, ids[-1]
    return done


def _finish(row: Reorganisation, counts: dict[str, int], steps: Steps) -> None:
    until = datetime.fromisoformat(row.proof["until"])
    evidence = proof.take(until)
    left = {m.name: len(m.waiting(_moving(row, steps), None, GROUP)) for m in MOVABLES}
    row.proof = {
        **row.proof,
        "after": evidence,
        "moved": _sum(row.proof.get("moved", {}), counts),
        "left": left,
    }
    stored = report.make(row, steps.actor())
    with transaction.atomic():
        row.state, row.finished_at, row.report_id = PlanState.DONE, timezone.now(), stored.id
        row.save(update_fields=["proof", "state", "finished_at", "report_id"])
        told = {
            "moved": row.proof["moved"],
            "same": all(line.same for line in proof.lines(row.proof["before"], evidence)),
        }
        batch = Batch()
        record(
            batch, act="reorganisation.done", object_kind="reorganisation", object_id=str(row.id), actor=steps.actor(), data=told
        )  # fmt: skip
        batch.send()


def _sum(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {*one, *other}}


# Taking back --------------------------------------------------------------------------------------------------


def revert(steps: Steps) -> dict[str, Any]:
    """Move back what was moved, then undo the structure: refused, with everything as it stands, when others built on it."""
    row = Reorganisation.objects.get(id=steps.data["plan"])
    moving = _moving(row, steps)
    counts = {m.name: _all(steps, moving, m, partial(_moved, m), m.back) for m in MOVABLES}
    try:
        with transaction.atomic():
            undo(row.journal, last=POINTED_AT, settle=lambda: apply_due_changes(timezone.localdate()))
            row.state, row.finished_at = PlanState.REVERTED, timezone.now()
            row.save(update_fields=["state", "finished_at"])
    except JournalError as error:
        for movable in MOVABLES:  # nothing may stay behind at units that are no more
            _all(steps, moving, movable, movable.waiting, movable.move)
        Reorganisation.objects.filter(id=row.id).update(state=PlanState.DONE)
        raise Refusal(
            "built_on",
            _(
                "Không hoàn tác trọn vẹn được nữa: %(what)s đã được dùng hoặc thay đổi sau khi sắp xếp. "
                "Mọi việc vẫn ở đơn vị mới. Muốn trở lại, hãy lập một phương án mới theo chiều ngược lại và chạy thử."
            )
            % {"what": error.model},
        ) from error
    return counts


def _moved(movable: Movable, moving: Moving, last: UUID | None, size: int) -> Sequence[UUID]:
    return movable.moved(moving.plan_id, last, size)


def _plain(was: Before) -> dict[str, Any]:
    """The picture before, for keeping: after the change the directory shows the new order."""
    return {
        "units": [[u.code, u.name, u.kind, u.agency, u.under, u.territory] for u in was.units.values()],
        "places": [[p.code, p.name, p.level, p.parent] for p in was.places.values()],
    }


def _before(kept: dict[str, Any]) -> Before:
    units = {row[0]: UnitNow(*row) for row in kept["units"]}
    places = {row[0]: PlaceNow(*row) for row in kept["places"]}
    return Before(units, places, frozenset())
