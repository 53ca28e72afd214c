"""Ending what somebody holds at a moment, moving to another post, and leaving for good."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actions.office import appoint, audit_post, locked_post
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.kit.errors import Forbidden, NotFound, Refusal


def end_holding_at(
    *, actor: Actor, holding_id: UUID, at: datetime | None = None, ground: str = ""
) -> Holding:
    """End a holding at a moment, now unless one to come is given. Its rights end that moment, everywhere: whoever asks
    for an actor afterwards (a page, a key, a running list, a delegation) finds the post no more."""
    with transaction.atomic():
        holding = Holding.objects.select_for_update().filter(id=holding_id).first()
        if holding is None:
            raise NotFound("unknown_holding", _("Không có phân công này."))
        post = locked_post(actor, holding.post_id)
        now = timezone.now()
        if _is_over(holding, now):
            raise Refusal("over", _("Người này đã thôi giữ vị trí đó."))
        moment = max(at, now) if at else now
        before = {"to": str(holding.valid_to or ""), "at": str(holding.ended_at or "")}
        _set_end(holding, moment, now)
        holding.save(update_fields=["valid_to", "ended_at"])
        told = {
            "person": str(holding.person_id),
            "before": before,
            "at": moment.isoformat(),
            "ground": ground,
        }
        audit_post("access.end_holding_at", post, actor, told)
    return holding


def _is_over(holding: Holding, now: datetime) -> bool:
    today = timezone.localdate(now)
    return (holding.valid_to is not None and holding.valid_to <= today) or (
        holding.ended_at is not None and holding.ended_at <= now
    )


def _set_end(holding: Holding, moment: datetime, now: datetime) -> None:
    day = timezone.localdate(moment)
    if moment <= now:
        holding.valid_to, holding.ended_at = max(day, holding.valid_from), moment
    elif timezone.localtime(moment).time() == time(0) and day > holding.valid_from:
        holding.valid_to, holding.ended_at = day, None
    else:
        holding.valid_to, holding.ended_at = max(day, holding.valid_from) + timedelta(days=1), moment


def move(*, actor: Actor, holding_id: UUID, post_id: UUID, on: date, ground: str = "") -> Holding:
    """From one post to another on a day: the old one ends as the new one begins, both or neither."""
    with transaction.atomic():
        holding = Holding.objects.filter(id=holding_id).first()
        if holding is None:
            raise NotFound("unknown_holding", _("Không có phân công này."))
        if holding.post_id == post_id:
            raise Refusal("same_post", _("Người này đang giữ chính vị trí đó."), status=422, field="post")
        if on < timezone.localdate():
            raise Refusal("past", _("Ngày chuyển không thể trước hôm nay."), status=422, field="on")
        midnight = timezone.make_aware(datetime.combine(on, time(0)))
        end_holding_at(actor=actor, holding_id=holding_id, at=midnight, ground=ground)
        return appoint(
            actor=actor, person_id=holding.person_id, post_id=post_id, valid_from=on, ground=ground
        )


def leave(*, actor: Actor, person_id: UUID, at: datetime | None = None, ground: str = "") -> int:
    """End everything somebody holds, now or at a moment to come; how many posts. Refused when a post lies outside
    the actor's units: who looks after it must end it too. The account stays: a former official is a citizen."""
    now = timezone.now()
    with transaction.atomic():
        rows = list(
            Holding.objects.select_for_update(of=("self",))
            .filter(person_id=person_id)
            .select_related("post__unit")
            .order_by("id")
        )
        held = [h for h in rows if not _is_over(h, now)]
        if not held:
            raise Refusal("none_held", _("Người này không giữ vị trí nào."))
        try:
            for holding in held:
                end_holding_at(actor=actor, holding_id=holding.id, at=at, ground=ground)
        except Forbidden as error:
            raise Forbidden(
                "outside", _("Người này còn giữ vị trí ở đơn vị khác. Cho thôi từng vị trí của đơn vị bạn.")
            ) from error
    return len(held)
