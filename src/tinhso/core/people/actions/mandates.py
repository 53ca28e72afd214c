"""Acts on mandates: who may act for whom."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people import rules
from tinhso.core.people.actions.persons import Particulars, asked, audit, find_or_create_person, locked
from tinhso.core.people.models import Account, Mandate, MandateKind, Person
from tinhso.core.people.policy import is_trusted
from tinhso.kit.dates import PartialDate
from tinhso.kit.errors import Forbidden, NotFound, Refusal
from tinhso.kit.text import fold

DECLARED = "Tự khai, đối chiếu giấy tờ khi nộp hồ sơ"


def record_mandate(
    *,
    actor: ActorLike,
    agent_id: UUID,
    principal_id: UUID,
    kind: str,
    ground: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Mandate:
    """Let `agent` act for `principal`. Recording the same again changes nothing.

    The counter and administrators record any; a person authorises somebody to act for oneself; a parent
    or guardian declares to act for a minor who has no account of their own (checked against papers later).
    """
    _check_dates(kind, valid_from, valid_to)
    if agent_id == principal_id:
        raise Refusal("for_oneself", _("Không cần ủy quyền cho chính mình."), status=422, field="agent")
    with transaction.atomic():
        principal = locked(principal_id)
        if not Person.objects.filter(id=agent_id).exists():
            raise NotFound("unknown_person", _("Không có người này."))
        _require_may_record(actor, agent_id, principal, kind)
        same = Mandate.objects.filter(agent_id=agent_id, principal=principal, kind=kind, valid_to=valid_to)
        if found := same.filter(valid_from__lte=valid_from).first():
            return found
        mandate = Mandate.objects.create(
            agent_id=agent_id,
            principal=principal,
            kind=kind,
            ground=ground.strip(),
            valid_from=valid_from,
            valid_to=valid_to,
        )
        audit("people.record_mandate", principal, actor, _told(mandate))
    return mandate


def _told(mandate: Mandate) -> dict[str, str]:
    """A mandate as the log keeps it."""
    return {
        "agent": str(mandate.agent_id),
        "kind": mandate.kind,
        "ground": mandate.ground,
        "from": str(mandate.valid_from),
        "to": str(mandate.valid_to or ""),
    }


def end_mandate(*, actor: ActorLike, mandate_id: UUID, on: date) -> Mandate:
    """End a mandate on a day (the first day it holds no more); the principal, the agent or the counter may."""
    with transaction.atomic():
        mandate = (
            Mandate.objects.select_for_update(of=("self",))
            .select_related("principal")
            .filter(id=mandate_id)
            .first()
        )
        if mandate is None:
            raise NotFound("unknown_mandate", _("Không có ủy quyền này."))
        if actor.person_id not in (mandate.agent_id, mandate.principal_id) and not is_trusted(actor):
            raise Forbidden("not_yours", _("Chỉ người ủy quyền hoặc người được ủy quyền mới chấm dứt được."))
        if on <= mandate.valid_from:
            raise Refusal("too_early", _("Ngày chấm dứt phải sau ngày bắt đầu."), status=422, field="on")
        mandate.valid_to = on
        mandate.save(update_fields=["valid_to"])
        audit("people.end_mandate", mandate.principal, actor, {"agent": str(mandate.agent_id), "on": str(on)})
    return mandate


def find_or_create_child(
    *,
    actor: ActorLike,
    guardian_id: UUID,
    says: Particulars,
    kind: str = MandateKind.PARENT,
    ground: str = DECLARED,
) -> Person:
    """The child a parent or guardian means; one without a number is known by name and birth date among their own.

    Made with the mandate when not known yet. Refuses a child without birth date or of full age.
    """
    today = timezone.localdate()
    birth = asked("birth", lambda: rules.read_birth(says.birth, today))
    if not birth:
        raise Refusal("no_birth", _("Nhập ngày sinh của trẻ."), status=422, field="birth")
    if not rules.is_minor(birth, today):
        raise Refusal(
            "of_full_age", _("Người đã đủ 18 tuổi tự nộp hoặc ủy quyền."), status=422, field="birth"
        )
    with transaction.atomic():
        own = Mandate.objects.filter(agent_id=guardian_id, kind__in=rules.PARENTAL).select_related(
            "principal"
        )
        name = fold(says.full_name)
        known = (m.principal for m in own if m.principal.folded_name == name and m.principal.birth == birth)
        child = next(known, None) if not says.number.strip() else None
        child = child or find_or_create_person(actor=actor, says=says)
        record_mandate(
            actor=actor,
            agent_id=guardian_id,
            principal_id=child.id,
            kind=kind,
            ground=ground,
            valid_from=PartialDate.parse(birth).first,
        )
    return child


def _check_dates(kind: str, valid_from: date, valid_to: date | None) -> None:
    if kind not in MandateKind.values:
        raise Refusal("unknown_kind", _("Không có loại ủy quyền này."), status=422, field="kind")
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal("ends_first", _("Ngày kết thúc phải sau ngày bắt đầu."), status=422, field="valid_to")


def _require_may_record(actor: ActorLike, agent_id: UUID, principal: Person, kind: str) -> None:
    if is_trusted(actor) or actor.person_id == principal.id:
        return
    declares = actor.person_id == agent_id and kind in rules.PARENTAL
    minor = rules.is_minor(principal.birth, timezone.localdate())
    if declares and minor and not Account.objects.filter(person=principal).exists():
        return
    raise Forbidden(
        "not_yours", _("Việc ủy quyền này phải do chính người ủy quyền lập, hoặc lập tại Bộ phận Một cửa.")
    )
