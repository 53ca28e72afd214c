"""Recording that somebody is away, and who does their work meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence
from tinhso.core.access.policy import house_of, looks_after
from tinhso.core.access.queries.standing import HeldPost, standing_of_person
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs import queries as orgs
from tinhso.core.people.models import Person
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import Forbidden, NotFound, Refusal


def record_absence(
    *,
    actor: Actor,
    person_id: UUID,
    first_day: date,
    last_day: date,
    kind: str,
    note: str = "",
    substitute_id: UUID | None = None,
) -> Absence:
    """Note that a person is away from the first day to the last (both included), and who stands in.

    By the person, or by a head or administrator of a unit where the person holds a post. The first day may lie
    in the past (somebody fell ill yesterday), the last may not. Standing in gives no right by itself.
    """
    _check_days(first_day, last_day, kind)
    days = DateRange(first_day, last_day + timedelta(days=1))
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).filter(id=person_id).first()
        posts = standing_of_person(person_id).posts
        _require_right(actor, person_id, posts)
        _refuse_overlap(person_id, days)
        if substitute_id is not None:
            _check_substitute(person_id, substitute_id, posts, days)
        row = Absence.objects.create(
            person_id=person_id,
            valid=days,
            kind=kind,
            note=note.strip()[:300],
            substitute_id=substitute_id,
            recorded_by_id=actor.person_id,
        )
        _audit("access.record_absence", row, actor)
    return row


def end_absence(*, actor: Actor, absence_id: UUID, on: date | None = None) -> Absence:
    """The person is back from the day `on` (today); before the first day the absence is called off. Twice is once."""
    day = on or timezone.localdate()
    with transaction.atomic():
        row = Absence.objects.select_for_update().filter(id=absence_id).first()
        if row is None:
            raise NotFound("no_absence", _("Không có lần vắng mặt này."))
        _require_right(actor, row.person_id, standing_of_person(row.person_id).posts)
        if row.cancelled_at is not None or row.last_day < day:
            return row
        if day <= row.first_day:
            row.cancelled_at = timezone.now()
        else:
            row.valid = DateRange(row.first_day, day)
        row.save(update_fields=["cancelled_at", "valid"])
        _audit("access.end_absence", row, actor)
    return row


def _check_days(first_day: date, last_day: date, kind: str) -> None:
    if last_day < first_day:
        raise Refusal(
            "ends_first", _("Ngày kết thúc không được trước ngày bắt đầu."), status=422, field="last_day"
        )
    if last_day < timezone.localdate():
        raise Refusal("past", _("Thời gian vắng mặt này đã qua."), status=422, field="last_day")
    if kind not in Absence.Kind.values:
        raise Refusal("no_kind", _("Chọn lý do vắng mặt."), status=422, field="kind")


def _require_right(actor: Actor, person_id: UUID, posts: tuple[HeldPost, ...]) -> None:
    if not posts:
        raise Refusal("not_staff", _("Người này không giữ vị trí công tác nào."), status=422, field="person")
    if actor.system or actor.person_id == person_id or looks_after(actor, [p.unit_path for p in posts]):
        return
    raise Forbidden(
        "not_yours", _("Chỉ chính người đó, người phụ trách hoặc quản trị mới ghi vắng mặt được.")
    )


def _refuse_overlap(person_id: UUID, days: DateRange) -> None:
    other = Absence.objects.filter(
        person_id=person_id, cancelled_at__isnull=True, valid__overlap=days
    ).first()
    if other is not None:
        raise Refusal(
            "overlaps",
            _("Đã ghi vắng mặt từ %(from)s đến %(to)s.")
            % {"from": vi_date(other.first_day), "to": vi_date(other.last_day)},
            field="first_day",
        )


def _check_substitute(
    person_id: UUID, substitute_id: UUID, posts: tuple[HeldPost, ...], days: DateRange
) -> None:
    """Somebody else of the same agency, who is there in that time."""
    if substitute_id == person_id:
        raise Refusal("to_oneself", _("Chọn người khác làm thay."), status=422, field="substitute")
    houses = [house_of(orgs.unit(p.unit_id)).path for p in posts]
    theirs = [p.unit_path for p in standing_of_person(substitute_id).posts]
    if not any(t == h or t.startswith(h + ".") for t in theirs for h in houses):
        raise Refusal("outside", _("Người làm thay phải thuộc cùng cơ quan."), status=422, field="substitute")
    if Absence.objects.filter(
        person_id=substitute_id, cancelled_at__isnull=True, valid__overlap=days
    ).exists():
        raise Refusal(
            "away_too", _("Người này cũng vắng mặt trong thời gian đó."), status=422, field="substitute"
        )


def _audit(act: str, row: Absence, actor: Actor) -> None:
    data = {
        "person": str(row.person_id),
        "from": row.first_day.isoformat(),
        "to": row.last_day.isoformat(),
        "kind": row.kind,
        "substitute": str(row.substitute_id or ""),
        "called_off": row.cancelled_at is not None,
    }
    batch = Batch()
    record(batch, act=act, object_kind="person", object_id=str(row.person_id), actor=actor, data=data)
    batch.send()
