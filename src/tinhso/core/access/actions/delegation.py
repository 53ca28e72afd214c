"""Handing on what a post allows, and taking it back (ủy quyền, phân công làm thay)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access import rules
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence, Delegation, Holding, SignatureForm
from tinhso.core.access.policy import house_of, is_administrator, is_head
from tinhso.core.access.queries.standing import HeldPost, open_posts, standing_of_person
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs import queries as orgs
from tinhso.kit.dates import vi_date
from tinhso.kit.errors import Forbidden, NotFound, Refusal

DECREE = "Nghị định 30/2020/NĐ-CP Điều 13 khoản 3"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is handed on, from the first day to the last (both included), on which ground.

    `permissions` empty means everything the post allows; `form` is how signatures are headed ("" = what fits the
    delegate's own title); `ground` the number of the decision, `text` and `file_id` what it says.
    """

    first_day: date
    last_day: date
    ground: str
    permissions: frozenset[str] = frozenset()
    form: str = ""
    text: str = ""
    file_id: UUID | None = None
    may_pass_on: bool = False

    @property
    def days(self) -> DateRange:
        return DateRange(self.first_day, self.last_day + timedelta(days=1))


def delegate(*, actor: Actor, giver_id: UUID, post_id: UUID, delegate_id: UUID, terms: Terms) -> Delegation:
    """Let `delegate_id` act for the giver in a post. A `Refusal` says what stands against it.

    Allowed to the giver in their own standing, to a head for somebody recorded as away in that time, and to an
    administrator of the unit.
    """
    _check_terms(terms)
    with transaction.atomic():
        post = _held_post(post_id)
        _lock_holding(giver_id, post_id, terms)
        _require_right(actor, giver_id, post, terms)
        _check_delegate(actor, giver_id, delegate_id, post)
        return _create(actor, giver_id, post, delegate_id, terms, None)


def pass_on(*, actor: Actor, source_id: UUID, delegate_id: UUID, terms: Terms) -> Delegation:
    """Hand on what was handed to oneself, where that was allowed: not the signature, and within its days and scope."""
    _check_terms(terms)
    with transaction.atomic():
        source = _locked(source_id)
        post = _held_post(source.post_id)
        _lock_holding(source.giver_id, source.post_id, terms)
        if source.delegate_id != actor.person_id or source.revoked_at is not None:
            raise NotFound("no_delegation", _("Không tìm thấy lần ủy quyền này."))
        if not source.may_pass_on:
            raise Refusal("chain", _("Ủy quyền này không cho phép ủy quyền lại."), field="delegate")
        if not (source.first_day <= terms.first_day and terms.last_day <= source.last_day):
            raise Refusal(
                "outside_source",
                _("Chỉ ủy quyền lại trong thời gian được ủy quyền: %(from)s – %(to)s.")
                % {"from": vi_date(source.first_day), "to": vi_date(source.last_day)},
                status=422,
                field="last_day",
            )
        _check_delegate(actor, source.giver_id, delegate_id, post)
        if delegate_id == actor.person_id:
            raise _to_oneself()
        narrowed = _within_source(terms, source, post)
        return _create(actor, source.giver_id, post, delegate_id, narrowed, source)


def revoke(*, actor: Actor, delegation_id: UUID, reason: str = "", now: Any = None) -> Delegation:
    """End a delegation at once, and those passed on from it. Twice is once."""
    with transaction.atomic():
        row = _locked(delegation_id)
        path = orgs.unit(row.post.unit_id).path
        mine = (
            actor.person_id in {row.giver_id, row.delegate_id, row.given_by_id}
            and actor.person_id is not None
        )
        if not (actor.system or mine or is_head(actor, path) or is_administrator(actor, path)):
            raise Forbidden("not_yours", _("Bạn không thu hồi được ủy quyền này."))
        moment = now or timezone.now()
        for one in [row, *row.passed_on.select_for_update().filter(revoked_at__isnull=True)]:
            if one.revoked_at is not None:
                continue
            one.revoked_at, one.revoked_by_id, one.revoke_reason = (
                moment,
                actor.person_id,
                reason.strip()[:300],
            )
            one.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
            _audit("access.revoke_delegation", one, actor, {"reason": one.revoke_reason})
        return row


def _check_terms(terms: Terms) -> None:
    if terms.first_day < timezone.localdate():
        raise Refusal("past", _("Ngày bắt đầu phải từ hôm nay trở đi."), status=422, field="first_day")
    if terms.last_day < terms.first_day:
        raise Refusal(
            "ends_first", _("Ngày kết thúc không được trước ngày bắt đầu."), status=422, field="last_day"
        )
    if not terms.ground.strip():
        raise Refusal(
            "no_ground",
            _("Ghi số văn bản giao ủy quyền, ví dụ 12/QĐ-UBND."),
            status=422,
            ground=DECREE,
            field="ground",
        )
    if terms.form and terms.form not in SignatureForm.values:
        raise Refusal("no_form", _("Chọn hình thức ký."), status=422, field="form")


def _held_post(post_id: UUID) -> HeldPost:
    post = open_posts().get(post_id)
    if post is None:
        raise NotFound("unknown_post", _("Không có vị trí công tác này."))
    return post


def _lock_holding(giver_id: UUID, post_id: UUID, terms: Terms) -> None:
    """The giver holds the post all that time; locked, so that two delegations of one post are judged one by one."""
    held = Holding.objects.select_for_update().filter(person_id=giver_id, post_id=post_id)
    held = held.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=terms.last_day), valid_from__lte=terms.first_day
    )
    if held.first() is None:
        raise Refusal(
            "not_held",
            _("Người ủy quyền không giữ vị trí này trong suốt thời gian đó."),
            status=422,
            field="post",
        )


def _require_right(actor: Actor, giver_id: UUID, post: HeldPost, terms: Terms) -> None:
    """The giver themself, an administrator, or a head for somebody away who hands on no more than they may do."""
    if actor.system or is_administrator(actor, post.unit_path):
        return
    if actor.stands_for is not None and giver_id in (actor.person_id, actor.stands_for.person_id):
        raise Refusal(
            "chain",
            _("Bạn đang làm thay người khác. Hãy trở về vị trí của mình, hoặc mở ủy quyền đã nhận."),
            field="post",
        )
    if giver_id == actor.person_id:
        return
    if not is_head(actor, post.unit_path):
        raise Forbidden(
            "not_yours", _("Chỉ người giữ vị trí, người phụ trách hoặc quản trị mới ủy quyền được.")
        )
    chosen = terms.permissions or rules.lendable(post.grants)
    if any(p in rules.LEADING and not actor.may(p, post.unit_path) for p in chosen):
        raise Forbidden("above_you", _("Bạn không ủy quyền hộ được quyền mà chính bạn không có."))
    if not Absence.objects.filter(
        person_id=giver_id, cancelled_at__isnull=True, valid__contains=terms.days
    ).exists():
        raise Refusal(
            "not_absent",
            _("Người này chưa được ghi vắng mặt trong suốt thời gian đó. Hãy ghi vắng mặt trước."),
            field="giver",
        )


def _to_oneself() -> Refusal:
    return Refusal("to_oneself", _("Không ủy quyền cho chính mình."), status=422, field="delegate")


def _check_delegate(actor: Actor, giver_id: UUID, delegate_id: UUID, post: HeldPost) -> None:
    if delegate_id == giver_id:
        raise _to_oneself()
    own = standing_of_person(delegate_id).posts
    if not own:
        raise Refusal(
            "not_staff", _("Người nhận ủy quyền không giữ vị trí công tác nào."), status=422, field="delegate"
        )
    if actor.system or is_administrator(actor, post.unit_path):
        return
    house = house_of(orgs.unit(post.unit_id)).path
    if not any(p.unit_path == house or p.unit_path.startswith(house + ".") for p in own):
        raise Refusal(
            "outside",
            _("Người nhận ở ngoài cơ quan này. Chỉ quản trị mới ủy quyền ra ngoài cơ quan được."),
            status=422,
            field="delegate",
        )


def _within_source(terms: Terms, source: Delegation, post: HeldPost) -> Terms:
    """The terms with their scope spelt out: chosen ones must be in the source, none means all that may be passed on."""
    held = frozenset(source.permissions) or rules.lendable(post.grants)
    if terms.permissions & rules.NOT_PASSED_ON:
        raise Refusal(
            "sign_not_passed_on",
            _("Người được ký thừa ủy quyền không được ủy quyền ký lại cho người khác."),
            ground=DECREE,
            field="permissions",
        )
    if not terms.permissions <= held:
        raise Refusal("outside_source", _("Bạn không có quyền đó để ủy quyền lại."), field="permissions")
    chosen = (terms.permissions or held) - rules.NOT_PASSED_ON
    return Terms(terms.first_day, terms.last_day, terms.ground, chosen, terms.form, terms.text, terms.file_id)


def _create(
    actor: Actor, giver_id: UUID, post: HeldPost, delegate_id: UUID, terms: Terms, source: Delegation | None
) -> Delegation:
    wrong = terms.permissions - rules.lendable(post.grants)
    if wrong or not rules.lent_grants(post.grants, terms.permissions):
        raise Refusal(
            "not_lendable", _("Vị trí này không có quyền đó để ủy quyền."), status=422, field="permissions"
        )
    _refuse_overlap(giver_id, post, terms, source)
    own_title = standing_of_person(delegate_id).posts[0].title
    form = terms.form or rules.signature_form(own_title)
    if form == SignatureForm.FOR_HEAD and not rules.is_deputy(own_title):
        raise Refusal(
            "not_deputy",
            _("“KT.” chỉ dành cho cấp phó ký thay cấp trưởng. Chọn “TUQ.” cho người khác."),
            status=422,
            ground="Nghị định 30/2020/NĐ-CP Phụ lục I phần II mục 5",
            field="form",
        )
    row = Delegation.objects.create(
        giver_id=giver_id,
        post_id=post.id,
        delegate_id=delegate_id,
        valid=terms.days,
        permissions=sorted(terms.permissions),
        form=form,
        ground=terms.ground.strip()[:300],
        text=terms.text.strip(),
        file_id=terms.file_id,
        may_pass_on=terms.may_pass_on,
        source=source,
        given_by_id=actor.person_id,
    )
    _audit("access.delegate", row, actor, _told(row))
    return row


def _refuse_overlap(giver_id: UUID, post: HeldPost, terms: Terms, source: Delegation | None) -> None:
    """The same scope in the same days goes to one person only: by the holder, and by whoever passes it on."""
    others = Delegation.objects.filter(
        giver_id=giver_id, post_id=post.id, revoked_at__isnull=True, source=source
    )
    for other in others.filter(valid__overlap=terms.days).select_related("delegate"):
        if rules.scopes_meet(other.permissions, terms.permissions):
            raise Refusal(
                "overlaps",
                _("Quyền này đã ủy quyền cho %(name)s từ %(from)s đến %(to)s. Thu hồi ủy quyền đó trước.")
                % {
                    "name": other.delegate.full_name,
                    "from": vi_date(other.first_day),
                    "to": vi_date(other.last_day),
                },
                field="first_day",
            )


def _locked(delegation_id: UUID) -> Delegation:
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("post")
    found = rows.filter(id=delegation_id).first()
    if found is None:
        raise NotFound("no_delegation", _("Không tìm thấy lần ủy quyền này."))
    return found


def _told(row: Delegation) -> dict[str, Any]:
    return {
        "giver": str(row.giver_id),
        "post": str(row.post_id),
        "delegate": str(row.delegate_id),
        "from": row.first_day.isoformat(),
        "to": row.last_day.isoformat(),
        "permissions": row.permissions,
        "form": row.form,
        "ground": row.ground,
        "source": str(row.source_id or ""),
    }


def _audit(act: str, row: Delegation, actor: Actor, data: dict[str, Any]) -> None:
    batch = Batch()
    record(batch, act=act, object_kind="delegation", object_id=str(row.id), actor=actor, data=data)
    batch.send()
