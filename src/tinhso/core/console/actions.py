"""What administrators do that spans rooms: each calls the room's own action after asking whether it may be done here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from tinhso.core.access.actor import Actor
from tinhso.core.api import actions as api
from tinhso.core.api.models import ApiToken
from tinhso.core.audit.actions import record
from tinhso.core.audit.queries import verify
from tinhso.core.cases.actions.publish import Published, publish
from tinhso.core.console.policy import AUDIT, OPERATE, require_over
from tinhso.core.db.batch import Batch
from tinhso.core.events.dispatch import revive
from tinhso.core.events.models import Delivery
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Run
from tinhso.core.jobs.runs import Steps
from tinhso.core.orgs.policy import require
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.core.procedures.files import Judgement
from tinhso.kit.errors import NotFound, Refusal

VERIFY = "audit.verify"
#: No letters or digits that look alike on paper: the password is read aloud or copied by hand.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 4, 4
LONGEST_KEY_DAYS = 400


def new_secret() -> str:
    """A password of four groups of four, 79 bits: "k7wm-2xqp-…"."""
    return "-".join("".join(secrets.choice(_LETTERS) for _n in range(_LENGTH)) for _g in range(_GROUPS))


def open_account(*, actor: Actor, person_id: UUID, username: str) -> tuple[Account, str]:
    """An account for somebody in the actor's units, and its first password, told once."""
    require_over(actor, person_id)
    secret = new_secret()
    return people.create_account(actor=actor, person_id=person_id, username=username, password=secret), secret


def reset_password(*, actor: Actor, account_id: UUID) -> str:
    """Another password, told once; open sessions end."""
    account = _account(account_id)
    require_over(actor, account.person_id)
    secret = new_secret()
    people.set_password(actor=actor, account_id=account.id, password=secret)
    return secret


def set_account_active(*, actor: Actor, account_id: UUID, active: bool) -> None:
    """Lock or unlock an account of somebody in the actor's units."""
    account = _account(account_id)
    require_over(actor, account.person_id)
    people.set_active(actor=actor, account_id=account.id, active=active)


def make_key(*, actor: Actor, username: str, name: str, days: int) -> str:
    """An API key that acts as an account, told once; it ends after `days` (at most 400)."""
    require(actor, OPERATE)
    account = Account.objects.filter(username=username.strip().lower()).first()
    if account is None:
        raise Refusal("unknown_account", _("Không có tài khoản mang tên này."), status=422, field="username")
    require_over(actor, account.person_id)
    if not name.strip():
        raise Refusal("no_name", _("Ghi tên chương trình sẽ dùng khóa này."), status=422, field="name")
    if not 1 <= days <= LONGEST_KEY_DAYS:
        message = _("Khóa có hạn từ 1 đến %(n)s ngày.") % {"n": LONGEST_KEY_DAYS}
        raise Refusal("bad_days", message, status=422, field="days")
    expires: datetime = timezone.now() + timedelta(days=days)
    return api.make_token(account_id=account.id, name=name.strip(), actor=actor, expires_at=expires)


def end_key(*, actor: Actor, key_id: UUID) -> None:
    """Stop a key at once."""
    require(actor, OPERATE)
    token = ApiToken.objects.select_related("account").filter(id=key_id).first()
    if token is None:
        raise NotFound("unknown_key", _("Không có khóa này."))
    require_over(actor, token.account.person_id)
    api.end_token(token.id, actor=actor)


def retry_delivery(*, actor: Actor, delivery_id: int) -> None:
    """Give a dead delivery another series of tries; does nothing to one that is already done or waiting."""
    require(actor, OPERATE)
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(id=delivery_id).first()
        if delivery is None:
            raise NotFound("unknown_delivery", _("Không có lượt chuyển này."))
        before = {"attempts": delivery.attempts, "error": delivery.error[:200]}
        if revive(delivery.id):
            told: dict[str, object] = {"handler": delivery.handler, "before": before}
            _audit("events.revive", "delivery", str(delivery_id), actor, told)


def retry_job(*, actor: Actor, job_id: int) -> None:
    """Put a failed job back in its queue."""
    require(actor, OPERATE)
    with transaction.atomic():
        job = ProcrastinateJob.objects.filter(id=job_id).first()
        if job is None:
            raise NotFound("unknown_job", _("Không có công việc này."))
        if job.status != "failed":
            raise Refusal("not_failed", _("Công việc này không còn ở trạng thái hỏng."))
        app.job_manager.retry_job_by_id(job_id=job_id, retry_at=timezone.now())
        _audit(
            "jobs.retry",
            "job",
            str(job_id),
            actor,
            {"task": job.task_name, "before": {"attempts": job.attempts}},
        )


def start_verification(*, actor: Actor) -> Run:
    """Have the worker prove the log of acts; the run tells what it found."""
    require(actor, AUDIT)
    if actor.person_id is None:
        raise Refusal("no_person", _("Cần một người yêu cầu kiểm tra."))
    return runs.start(
        kind=VERIFY,
        title=_("Kiểm tra chuỗi nhật ký"),
        actor=actor,
        total=1,
        data={"back": reverse("console:verification")},
    )


def verify_for_run(steps: Steps) -> dict[str, object]:
    """Prove the log of acts: `whole`, and a `message` with the figures or the broken places."""
    found = verify()
    steps.step(cursor=None)
    if found.breaks:
        first = "; ".join(f"{b.lane}/{b.entry or b.seq}: {b.what}" for b in found.breaks[:5])
        return {"whole": False, "message": f"Nhật ký hỏng ở {len(found.breaks)} chỗ. {first}"}
    told = f"{found.entries} mục trong {found.lanes} chuỗi đều nối đúng; {found.seals} niêm phong đều khớp."
    return {"whole": True, "message": told}


def publish_judged(
    *, actor: Actor, code: str, files: Mapping[str, str], judged: Judgement, valid_from: date
) -> Published:
    """Publish a definition whose check passed. Refuses another procedure's code and faults not mended."""
    if judged.entry is None or judged.entry.source is None:
        raise Refusal("faults", _("Định nghĩa còn lỗi; hãy sửa hết rồi công bố."), status=422)
    if judged.differing:
        raise Refusal(
            "examples", _("Có ví dụ không còn đúng; hãy sửa ví dụ hoặc định nghĩa rồi công bố."), status=422
        )
    if judged.entry.code != code:
        message = _("Tệp là của thủ tục %(other)s, không phải %(code)s.") % {
            "other": judged.entry.code,
            "code": code,
        }
        raise Refusal("other_code", message, status=422)
    return publish(judged.entry.source, actor=actor, valid_from=valid_from, files=files)


def _account(account_id: UUID) -> Account:
    found = Account.objects.filter(id=account_id).first()
    if found is None:
        raise NotFound("unknown_account", _("Không có tài khoản này."))
    return found


def _audit(act: str, kind: str, object_id: str, actor: Actor, data: dict[str, object]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind=kind, object_id=object_id, actor=actor, data=data)
    batch.send()
