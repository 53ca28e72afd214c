"""Plans that move open cases to another version: made, tried, applied, taken back; and the moves after a publication.

The rows of a plan are its memory. Trying, applying and taking back each go on where they were stopped, and
doing any of them again changes nothing that is already done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.cases.actions.moving import (
    GROUP,
    MIGRATE,
    REBASE,
    Move,
    back_group,
    look,
    move_group,
    waiting_cases,
)
from tinhso.core.cases.acts import Facts, refuse
from tinhso.core.cases.models import PlannedCase, ProcedureVersion, VersionPlan
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.cases.versions import definition_of
from tinhso.core.db.batch import Batch
from tinhso.core.jobs import actions as jobs
from tinhso.core.jobs.models import Run
from tinhso.core.jobs.queue import defer
from tinhso.core.jobs.runs import OPEN
from tinhso.core.orgs.policy import require
from tinhso.core.procedures.diff import compare
from tinhso.kit.errors import NotFound

CHECK, APPLY, REVERT = "cases.plan_check", "cases.plan_apply", "cases.plan_revert"
#: Cases of one step of a dry run, which locks nothing.
LOOKED_AT = 200


class Progress(Protocol):
    """What long work reports to: a person's run, or nobody."""

    cursor: Any

    def expect(self, total: int) -> None: ...
    def step(self, *, cursor: Any, done: int = 1, failed: int = 0) -> None: ...


class Unwatched:
    """Progress of work nobody asked for by hand; its memory are the rows of the plan."""

    cursor: Any = None

    def expect(self, total: int) -> None:
        """Nobody waits for it."""

    def step(self, *, cursor: Any, done: int = 1, failed: int = 0) -> None:
        self.cursor = cursor


# Making a plan --------------------------------------------------------------------------------------------------


def make_plan(*, actor: Actor, procedure: str, frm: int, to: int) -> VersionPlan:
    """A plan to move the open cases of version `frm` to version `to`, both of one procedure. It moves nothing yet."""
    require(actor, PUBLISH)
    rows = {
        v.number: v
        for v in ProcedureVersion.objects.defer("source").filter(procedure_id=procedure, number__gt=0)
    }
    if frm not in rows or to not in rows:
        raise refuse("no_version", _("Hãy chọn hai phiên bản của thủ tục này."), field="to")
    if frm == to:
        raise refuse("same_version", _("Hãy chọn hai phiên bản khác nhau."), field="to")
    if rows[to].valid.isempty:
        raise refuse(
            "never_valid", _("Phiên bản này chưa từng có hiệu lực; hãy chọn phiên bản khác."), field="to"
        )
    with transaction.atomic():
        plan = VersionPlan.objects.create(
            procedure_id=procedure,
            frm=rows[frm],
            to=rows[to],
            kind=MIGRATE,
            state="draft",
            starts_on=rows[to].valid.lower or date.min,
            person_id=actor.person_id,
            person_name=actor.name,
            made_at=timezone.now(),
        )
        _audit("cases.plan_make", plan, actor, {"from": frm, "to": to})
    return plan


def change_plan(*, actor: Actor, plan_id: UUID, steps: Mapping[str, str], recount: bool) -> VersionPlan:
    """Say where the steps of the old version lead and whether dates are counted again; the next dry run looks anew.

    `steps` maps step ids; a step that leads nowhere is left out and its cases stay.
    """
    require(actor, PUBLISH)
    with transaction.atomic():
        plan = _held(plan_id, "draft", "checked", "applied", "reverted")
        old, new = definition_of(plan.frm_id), definition_of(plan.to_id)
        for name, target in steps.items():
            if name not in old.steps or target not in new.steps:
                raise refuse("no_step", _("Không có bước này trong phiên bản."), field=f"step-{name}")
        before = {"steps": plan.steps, "recount": plan.recount}
        plan.steps = {n: t for n, t in steps.items() if n != t}
        plan.recount = recount
        plan.state, plan.checked_at = "draft", None
        plan.save(update_fields=["steps", "recount", "state", "checked_at"])
        after = {"steps": plan.steps, "recount": recount}
        _audit("cases.plan_change", plan, actor, {"before": before, "after": after})
    return plan


def start_check(*, actor: Actor, plan_id: UUID) -> Run:
    """Have the worker look at every open case: can it move, if not why, which dates would change. Changes no case."""
    return _start(
        actor, plan_id, CHECK, _("Chạy thử chuyển phiên bản"), ("draft", "checked", "applied", "reverted")
    )


def start_apply(*, actor: Actor, plan_id: UUID) -> Run:
    """Have the worker move what can move. Refused before a dry run of the plan as it stands, and before the new
    version is in force."""
    return _start(actor, plan_id, APPLY, _("Chuyển phiên bản hồ sơ"), ("checked", "applied"))


def start_revert(*, actor: Actor, plan_id: UUID) -> Run:
    """Have the worker take back every move after which nobody acted on the case."""
    return _start(
        actor, plan_id, REVERT, _("Hoàn tác chuyển phiên bản"), ("draft", "checked", "applied", "reverted")
    )


def _start(actor: Actor, plan_id: UUID, kind: str, title: str, states: Sequence[str]) -> Run:
    require(actor, PUBLISH)
    with transaction.atomic():
        plan = _held(plan_id, *states)
        if kind == APPLY and plan.starts_on > timezone.now().astimezone(Facts.zone).date():
            raise refuse(
                "not_yet", _("Phiên bản mới có hiệu lực từ %(day)s; đến ngày đó mới chuyển được hồ sơ.")
                % {"day": f"{plan.starts_on:%d/%m/%Y}"},
            )  # fmt: skip
        if kind == APPLY:
            plan.person_id, plan.person_name = actor.person_id, actor.name
        run = jobs.start(
            kind=kind, title=f"{title} – {plan.procedure_id}", actor=actor, data={"plan": str(plan.id)}
        )
        plan.run_id = run.id
        plan.save(update_fields=["run_id", "person_id", "person_name"])
        _audit(kind, plan, actor, {"run": str(run.id)})
    return run


def _held(plan_id: UUID, *states: str) -> VersionPlan:
    """The plan, locked; refused when it does not exist, when work on it is under way, or in another state."""
    plan = VersionPlan.objects.select_for_update().filter(id=plan_id).first()
    if plan is None:
        raise NotFound("no_plan", _("Không có kế hoạch này."))
    if plan.run_id is not None and Run.objects.filter(id=plan.run_id, state__in=OPEN).exists():
        raise refuse("plan_busy", _("Kế hoạch này đang chạy. Hãy chờ xong hoặc dừng công việc đó trước."))
    if plan.state not in states:
        raise refuse(
            "not_checked", _("Hãy chạy thử trước khi áp dụng: kế hoạch đã đổi hoặc chưa được chạy thử.")
        )
    return plan


# The work -------------------------------------------------------------------------------------------------------


def check(steps: Progress, plan_id: UUID) -> dict[str, Any]:
    """The dry run: every open case of the old version, judged and noted; what an earlier run said is forgotten."""
    plan = VersionPlan.objects.get(id=plan_id)
    move = Move.of(plan)
    if steps.cursor is None:
        PlannedCase.objects.filter(plan=plan, outcome__in=("can", "cannot", "stays")).delete()
        steps.expect(waiting_cases(plan.frm_id, None).count())
    while cases := list(waiting_cases(plan.frm_id, steps.cursor)[:LOOKED_AT]):
        with transaction.atomic():
            rows = look(move, cases)
            failed = sum(r.outcome == "cannot" for r in rows)
            steps.step(cursor=str(cases[-1].id), done=len(rows), failed=failed)
    VersionPlan.objects.filter(id=plan.id).update(state="checked", checked_at=timezone.now())
    return {"plan": str(plan.id)}


def apply(steps: Progress, plan_id: UUID) -> dict[str, Any]:
    """Move every open case of the old version that can move; the others stay and are listed."""
    plan = VersionPlan.objects.get(id=plan_id)
    move = Move.of(plan)
    if steps.cursor is None:
        steps.expect(waiting_cases(plan.frm_id, None).count())
    while ids := list(waiting_cases(plan.frm_id, steps.cursor).values_list("id", flat=True)[:GROUP]):
        with transaction.atomic():
            moved, stayed = move_group(move, ids)
            steps.step(cursor=str(ids[-1]), done=moved + stayed, failed=stayed)
    PlannedCase.objects.filter(plan=plan, outcome="can").delete()  # they ended before they could move
    VersionPlan.objects.filter(id=plan.id).update(state="applied", applied_at=timezone.now())
    return {"plan": str(plan.id)}


def revert(steps: Progress, plan_id: UUID) -> dict[str, Any]:
    """Take back every move of the plan after which nobody acted; the others are listed with the reason."""
    plan = VersionPlan.objects.get(id=plan_id)
    move = Move.of(plan)
    todo = PlannedCase.objects.filter(plan=plan, outcome__in=("moved", "not_back")).order_by("case_id")
    if steps.cursor is None:
        steps.expect(todo.count())
    while rows := list((todo.filter(case_id__gt=UUID(steps.cursor)) if steps.cursor else todo)[:GROUP]):
        with transaction.atomic():
            back, stayed = back_group(move, rows)
            steps.step(cursor=str(rows[-1].case_id), done=back + stayed, failed=stayed)
    VersionPlan.objects.filter(id=plan.id).update(state="reverted", reverted_at=timezone.now())
    return {"plan": str(plan.id)}


# After a publication --------------------------------------------------------------------------------------------


def plan_rebase(
    version: ProcedureVersion, former: ProcedureVersion | None, actor: Actor
) -> VersionPlan | None:
    """After publishing `version`: a plan for the open cases of the former one, when nothing they depend on changed.

    Inside the transaction of the publication. It starts on the day the version does.
    """
    if former is None or not compare(definition_of(former.id), definition_of(version.id)).compatible:
        return None
    plan = VersionPlan.objects.create(
        procedure_id=version.procedure_id, frm=former, to=version, kind=REBASE, state="waiting",
        starts_on=version.valid.lower or date.min, person_id=actor.person_id, person_name=actor.name,
        made_at=timezone.now(),
    )  # fmt: skip
    if plan.starts_on <= timezone.now().astimezone(Facts.zone).date():
        defer("cases.rebase", plan_id=str(plan.id))
    return plan


def rebase_due(today: date | None = None) -> int:
    """Begin, or go on with, every move after a publication whose day has come; returns how many. Safe to repeat."""
    day = today or timezone.now().astimezone(Facts.zone).date()
    due = list(VersionPlan.objects.filter(state="waiting", starts_on__lte=day).values_list("id", flat=True))
    for plan_id in due:
        rebase(plan_id)
    return len(due)


def rebase(plan_id: UUID) -> None:
    """Move the cases of one publication. One worker at a time; killed, the next one goes on."""
    alone(f"plan:{plan_id}", lambda: _rebase(plan_id))


def _rebase(plan_id: UUID) -> None:
    plan = (
        VersionPlan.objects.select_related("to")
        .defer("to__source")
        .filter(id=plan_id, state="waiting")
        .first()
    )
    if plan is None:
        return
    if plan.to.valid.isempty:  # replaced before its first day
        VersionPlan.objects.filter(id=plan.id).update(state="dropped")
        return
    apply(Unwatched(), plan.id)


def alone(name: str, do: Callable[[], None]) -> None:
    """Do something unless another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        if not cursor.fetchone()[0]:
            return
        try:
            do()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


def _audit(act: str, plan: VersionPlan, actor: Actor, data: dict[str, Any]) -> None:
    batch = Batch()
    told = {"procedure": plan.procedure_id, **data}
    record(batch, act=act, object_kind="version_plan", object_id=str(plan.id), actor=actor, data=told)
    batch.send()
