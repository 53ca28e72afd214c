"""The desk's writes: work handed from one person to another; delegations and absences with their papers and notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access import actions as access
from tinhso.core.access.actions import Terms
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence, Delegation
from tinhso.core.access.queries import delegation, standing_of_person
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.desk.policy import may_hand_on
from tinhso.core.desk.queries import Row, rows_of
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.files.actions import store
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, Run
from tinhso.core.jobs.runs import Steps
from tinhso.core.notify.actions import in_language_of, send
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import Forbidden, NotFound, Refusal

HAND_ON = "desk.hand_on"
GROUND_FILE = "desk.delegation"
#: Somebody chooses at most so many tasks at once.
MOST = 2_000


def hand_on(*, actor: Actor, tasks: Sequence[UUID], to: str, reason: str) -> Run | None:
    """Give tasks that others hold to `to` (a person's id), or put them back for everybody ("").

    One task is done at once (None); several are a run the worker goes through, each refused or done by itself.
    """
    if not tasks:
        raise Refusal("nothing_chosen", _("Hãy chọn ít nhất một việc."), 422, field="tasks")
    if len(tasks) > MOST:
        raise Refusal(
            "too_many", _("Mỗi lần chuyển nhiều nhất %(n)s việc.") % {"n": MOST}, 422, field="tasks"
        )
    if not reason.strip():
        raise Refusal("required", _("Ghi lý do chuyển việc."), 422, field="reason")
    rows = rows_of(list(dict.fromkeys(tasks)))
    if len(rows) == 1:
        hand_on_one(rows[0], to, reason, actor=actor)
        return None
    things = [Thing(str(r.id), f"{r.subject_key} {r.title}", {"to": to, "reason": reason}) for r in rows]
    title = _("Chuyển %(n)s việc") if to else _("Đưa %(n)s việc về hàng chung")
    return runs.start(kind=HAND_ON, title=title % {"n": len(rows)}, actor=actor, things=things)


def hand_on_one(row: Row, to: str, reason: str, *, actor: Actor) -> None:
    """One task to somebody, or back for everybody; `Forbidden` outside the actor's units."""
    kind = TASK_KINDS.get(row.kind) if row.kind in TASK_KINDS else None
    if kind is None or kind.hand_on is None or not may_hand_on(actor, row.kind, row.unit_path):
        raise Forbidden("not_yours", _("Bạn không chuyển được việc của đơn vị này."))
    if to:
        kind.hand_on.give(row, to, reason, actor)
    else:
        kind.hand_on.release(row, reason, actor)


def hand_on_all(steps: Steps) -> dict[str, Any]:
    """The run behind `hand_on`, in the standing of whoever began it."""
    actor = steps.actor()

    def one(item: Item) -> str:
        rows = rows_of([UUID(item.key)])
        if not rows:
            raise NotFound("no_task", "Việc này không còn.")
        hand_on_one(rows[0], item.data["to"], item.data["reason"], actor=actor)
        return "Đã chuyển" if item.data["to"] else "Đã đưa về hàng chung"

    steps.each(one)
    return {}


def give_power(
    *,
    actor: Actor,
    giver_id: UUID,
    post_id: UUID,
    delegate_id: UUID,
    terms: Terms,
    file: UploadedFile | None = None,
) -> Delegation:
    """A delegation with the paper it rests on; both sides are told."""
    with transaction.atomic():
        row = access.delegate(
            actor=actor, giver_id=giver_id, post_id=post_id, delegate_id=delegate_id, terms=terms
        )
        _with_paper(row, file, actor)
        _tell_of(row, actor)
    return row


def pass_on_power(*, actor: Actor, source_id: UUID, delegate_id: UUID, terms: Terms) -> Delegation:
    """What was handed to oneself, handed on where that is allowed; all concerned are told."""
    with transaction.atomic():
        row = access.pass_on(actor=actor, source_id=source_id, delegate_id=delegate_id, terms=terms)
        _tell_of(row, actor)
    return row


def take_back(*, actor: Actor, delegation_id: UUID, reason: str = "") -> Delegation:
    """End a delegation at once; both sides are told."""
    with transaction.atomic():
        row = access.revoke(actor=actor, delegation_id=delegation_id, reason=reason)
        found = delegation(row.id, actor=actor)
        for person in {found.giver_id, found.delegate_id} - {actor.person_id}:
            with in_language_of(person):
                _send(
                    person,
                    f"delegation:{row.id}:end",
                    _("Ủy quyền đã kết thúc"),
                    _("Ủy quyền của %(giver)s cho %(delegate)s không còn hiệu lực.") % _names(found),
                    found,
                )
    return row


def note_absence(
    *,
    actor: Actor,
    person_id: UUID,
    first_day: date,
    last_day: date,
    kind: str,
    note: str = "",
    substitute_id: UUID | None = None,
    ground: str = "",
) -> Absence:
    """An absence; with `ground` (a decision's number) the substitute also gets the powers of the person's posts."""
    with transaction.atomic():
        row = access.record_absence(
            actor=actor, person_id=person_id, first_day=first_day, last_day=last_day, kind=kind, note=note,
            substitute_id=substitute_id,
        )  # fmt: skip
        if substitute_id is not None:
            _tell_substitute(row, actor)
            if ground.strip():
                terms = Terms(max(first_day, timezone.localdate()), last_day, ground)
                for post in standing_of_person(person_id).posts:
                    give_power(
                        actor=actor,
                        giver_id=person_id,
                        post_id=post.id,
                        delegate_id=substitute_id,
                        terms=terms,
                    )
    return row


def _with_paper(row: Delegation, file: UploadedFile | None, actor: Actor) -> None:
    if file is None:
        return
    stored = store(file, actor=actor, purpose=f"{GROUND_FILE}:{row.id}")
    row.file_id = stored.id
    row.save(update_fields=["file_id"])
    batch = Batch()
    record(
        batch,
        act="desk.attach_ground",
        object_kind="delegation",
        object_id=str(row.id),
        actor=actor,
        data={"file": str(stored.id)},
    )
    batch.send()


def _tell_of(row: Delegation, actor: Actor) -> None:
    found = delegation(row.id, actor=actor)
    for person in {found.giver_id, found.delegate_id} - {actor.person_id}:
        with in_language_of(person):
            body = _("%(giver)s ủy quyền cho %(delegate)s từ %(from)s đến hết %(to)s, theo %(ground)s.")
            _send(person, f"delegation:{row.id}", _("Ủy quyền mới"), body % _names(found), found)


def _names(row: Delegation) -> dict[str, str]:
    return {
        "giver": row.giver.full_name,
        "delegate": row.delegate.full_name,
        "from": vi_date(row.first_day),
        "to": vi_date(row.last_day),
        "ground": row.ground,
    }


def _send(person: UUID, key: str, title: str, body: str, row: Delegation) -> None:
    link = reverse("desk:power", args=[row.id])
    send(person_id=person, key=f"{key}:{person}", title=title, body=body, link=link)


def _tell_substitute(row: Absence, actor: Actor) -> None:
    person = row.substitute_id
    if person is None or person == actor.person_id:
        return
    with in_language_of(person):
        body = _("%(name)s vắng mặt từ %(from)s đến hết %(to)s. Việc của người này hiện ở mục Làm thay.") % {
            "name": row.person.full_name,
            "from": vi_date(row.first_day),
            "to": vi_date(row.last_day),
        }
        link = reverse("desk:inbox") + "?xem=thay"
        send(person_id=person, key=f"absence:{row.id}", title=_("Bạn làm thay"), body=body, link=link)
