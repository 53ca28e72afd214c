"""Acts on plans of reorganisation: keep, try, decide, begin, go on, take back."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.jobs import actions as jobs
from tinhso.core.reorganisation import plan as files
from tinhso.core.reorganisation.models import Decision, PlanState, Reorganisation
from tinhso.core.reorganisation.plan import load
from tinhso.core.reorganisation.policy import require_may
from tinhso.core.reorganisation.queries import decided
from tinhso.core.reorganisation.trial import Findings, look
from tinhso.kit.errors import NotFound, Refusal, Stale

APPLY, REVERT = "reorganisation.apply", "reorganisation.revert"


def save(*, actor: Actor, text: str) -> Reorganisation:
    """Keep a plan as it was written. `FaultsError` with every fault of the file; the same plan twice is one."""
    require_may(actor)
    if actor.person_id is None:
        raise ValueError("a plan belongs to the person who wrote it")
    parsed, _document = files.parse(text)
    source = files.source_of(parsed)
    with transaction.atomic():
        row, made = Reorganisation.objects.get_or_create(
            hash=_digest(source),
            defaults={
                "name": parsed.name,
                "text": text,
                "source": source,
                "on": parsed.on,
                "author_id": actor.person_id,
                "author_name": actor.name,
            },
        )
        if made:
            _audit("reorganisation.save", row, actor)
    return row


def discard(*, actor: Actor, plan_id: UUID) -> None:
    """Forget a plan that nothing was done with."""
    require_may(actor)
    with transaction.atomic():
        row = _locked(plan_id, PlanState.DRAFT)
        _audit("reorganisation.discard", row, actor)
        row.delete()


def try_out(*, actor: Actor, plan_id: UUID) -> Findings:
    """The dry run: what the plan would do today. Only what it said is kept."""
    require_may(actor)
    row = Reorganisation.objects.filter(id=plan_id).first()
    if row is None:
        raise NotFound("no_plan", _("Không có phương án này."))
    found = look(load(row.source), decided(row.id))
    kept = {**found.plain(), "at": timezone.now().isoformat()}
    Reorganisation.objects.filter(id=plan_id, state=PlanState.DRAFT).update(trial=kept)
    return found


def decide(*, actor: Actor, plan_id: UUID, key: str, choice: str) -> None:
    """Say where one thing goes that rules could not place; an empty choice takes the decision back."""
    require_may(actor)
    with transaction.atomic():
        row = _locked(plan_id, PlanState.DRAFT)
        if choice.strip():
            kept = {
                "choice": choice.strip(),
                "by_id": actor.person_id,
                "by_name": actor.name,
                "at": timezone.now(),
            }
            Decision.objects.update_or_create(plan=row, key=key, defaults=kept)
        else:
            Decision.objects.filter(plan=row, key=key).delete()
        _audit("reorganisation.decide", row, actor, {"key": key, "choice": choice.strip()})


def begin(*, actor: Actor, plan_id: UUID) -> Reorganisation:
    """Write the new order and, from its day on, move what is open. Refused while anything is undecided or faulty."""
    found = try_out(actor=actor, plan_id=plan_id)
    if not found.ready:
        raise Refusal(
            "not_ready",
            _("Phương án còn %(faults)s lỗi và %(open)s việc chưa ai quyết định. Hãy xem kết quả chạy thử.")
            % {"faults": len(found.faults), "open": found.open_count + len(found.homeless)},
        )
    return _run(actor, plan_id, PlanState.DRAFT, PlanState.WRITING, APPLY, _("Sắp xếp đơn vị: %(name)s"))


def go_on(*, actor: Actor, plan_id: UUID) -> Reorganisation:
    """Move what is open, now that the day has come."""
    require_may(actor)
    return _run(actor, plan_id, PlanState.WAITING, PlanState.MOVING, APPLY, _("Sắp xếp đơn vị: %(name)s"))


def revert(*, actor: Actor, plan_id: UUID) -> Reorganisation:
    """Take a plan back: what was moved goes back, then the units and people are as they were."""
    require_may(actor)
    row = Reorganisation.objects.filter(id=plan_id).only("state").first()
    state = PlanState(row.state) if row else PlanState.DONE
    if state not in (PlanState.DONE, PlanState.WAITING):
        raise Refusal("not_done", _("Chỉ hoàn tác được phương án đã ghi hoặc đã chuyển xong."))
    return _run(actor, plan_id, state, PlanState.REVERTING, REVERT, _("Hoàn tác sắp xếp: %(name)s"))


def _run(actor: Actor, plan_id: UUID, frm: PlanState, to: PlanState, kind: str, title: str) -> Reorganisation:
    with transaction.atomic():
        row = _locked(plan_id, frm)
        run = jobs.start(kind=kind, title=title % {"name": row.name}, actor=actor, data={"plan": str(row.id)})
        row.state, row.run_id = to, run.id
        row.started_at = row.started_at or timezone.now()
        row.save(update_fields=["state", "run_id", "started_at"])
        _audit(kind, row, actor)
    return row


def _locked(plan_id: UUID, state: PlanState) -> Reorganisation:
    row = Reorganisation.objects.select_for_update().filter(id=plan_id).first()
    if row is None:
        raise NotFound("no_plan", _("Không có phương án này."))
    if row.state != state:
        raise Stale("moved_on", _("Phương án đã sang trạng thái khác. Hãy tải lại trang."))
    return row


def _digest(source: dict[str, Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(source, order="sorted")).hexdigest()


def _audit(act: str, row: Reorganisation, actor: Actor, data: dict[str, str] | None = None) -> None:
    batch = Batch()
    told = {"name": row.name, "on": str(row.on), "hash": row.hash, **(data or {})}
    record(batch, act=act, object_kind="reorganisation", object_id=str(row.id), actor=actor, data=told)
    batch.send()
