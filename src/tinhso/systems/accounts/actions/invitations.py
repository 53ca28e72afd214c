"""Inviting people to set their first password: once, by mail or by letter, for so many days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.queries import standing_of_person
from tinhso.core.audit.actions import record
from tinhso.core.console.policy import require_over
from tinhso.core.db.batch import Batch
from tinhso.core.notify.actions import send
from tinhso.core.people import actions as people
from tinhso.core.people import queries as known
from tinhso.core.people.models import Account
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.accounts.models import Invitation, Staff
from tinhso.systems.accounts.queries.codes import code
from tinhso.systems.accounts.rules.codes import hash_of, read_code

LASTS = timedelta(days=30)
LINK = "accounts.invitation"
#: Codes tried from one network within an hour; far more than mistyping needs, far fewer than guessing does.
TRIES = 40


def address_of(key: str) -> str:
    """The link of an open invitation, as a mail goes out; the page that asks for a code when it is open no more."""
    invitation = Invitation.objects.filter(id=key).first()
    if invitation is None or invitation.state != "open":
        return reverse("accounts:enter_code")
    return reverse("accounts:accept", args=[code(invitation)])


def invite_many(
    batch: Batch, *, actor: Actor, rows: Sequence[tuple[Account, UUID | None, str]], send: bool = True
) -> list[Invitation]:
    """Invite the holders of new accounts, in the caller's transaction: (account, unit, e-mail or "") each.

    `send` False keeps the invitations for letters and for later.
    """
    now = timezone.now()
    made = [
        Invitation(
            account=account, unit_id=unit, email=email, made_by=actor.person_id, expires_at=now + LASTS
        )
        for account, unit, email in rows
    ]
    for invitation in made:
        invitation.hash = hash_of(code(invitation))
    Invitation.objects.bulk_create(made)
    for invitation in made:
        _note(batch, "accounts.invite", invitation, actor)
        if send and invitation.email:
            _tell(batch, invitation)
    return made


def invite(*, actor: Actor, person_id: UUID, username: str = "", email: str = "") -> Invitation:
    """Invite one person of the actor's units; the account is made when there is none. Refuses who signed in before."""
    require_over(actor, person_id)
    person = known.person(person_id)
    with transaction.atomic():
        account = next((a for a in known.accounts_of(person_id, actor=actor) if a.is_active), None)
        if account is None:
            name = username.strip() or _username_of(person_id)
            account = people.create_account(actor=actor, person_id=person_id, username=name)
        if account.last_login or account.has_usable_password():
            raise Refusal(
                "has_password", _("Người này đã có mật khẩu. Khi quên thì dùng “Đặt lại mật khẩu”.")
            )
        if Invitation.objects.filter(account=account).exists():
            return again(actor=actor, invitation_id=Invitation.objects.get(account=account).id)
        batch = Batch()
        found = invite_many(
            batch, actor=actor, rows=[(account, _unit_of(person_id), email.strip() or person.email)]
        )
        batch.send()
    return found[0]


def _username_of(person_id: UUID) -> str:
    staff = Staff.objects.filter(person_id=person_id).first()
    name = staff.code.lower() if staff else known.number_of(known.person(person_id))
    if not name:
        raise Refusal("no_username", _("Nhập tên đăng nhập."), status=422, field="username")
    return name


def _unit_of(person_id: UUID) -> UUID | None:
    posts = standing_of_person(person_id).posts
    return posts[0].unit_id if posts else None


def again(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """A new code with new days; the one of before opens nothing any more. Refuses one that was used."""
    with transaction.atomic():
        invitation = _locked(actor, invitation_id)
        if invitation.used_at:
            raise Refusal("used", _("Người này đã đặt mật khẩu theo lời mời."))
        invitation.round += 1
        invitation.hash = hash_of(code(invitation))
        invitation.expires_at, invitation.withdrawn_at, invitation.printed_at = (
            timezone.now() + LASTS,
            None,
            None,
        )
        invitation.save()
        batch = Batch()
        _note(batch, "accounts.invite_again", invitation, actor)
        if invitation.email:
            _tell(batch, invitation)
        batch.send()
    return invitation


def withdraw(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Let an invitation open nothing any more; the account stays, without password."""
    with transaction.atomic():
        invitation = _locked(actor, invitation_id)
        if invitation.used_at:
            raise Refusal(
                "used", _("Người này đã đặt mật khẩu theo lời mời. Muốn chặn đăng nhập thì khóa tài khoản.")
            )
        invitation.withdrawn_at = invitation.withdrawn_at or timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        batch = Batch()
        _note(batch, "accounts.withdraw_invitation", invitation, actor)
        batch.send()
    return invitation


def note_printed(*, actor: Actor, invitations: Sequence[Invitation]) -> None:
    """Remember that letters with these codes were printed, and by whom."""
    with transaction.atomic():
        batch = Batch()
        for invitation in invitations:
            _note(batch, "accounts.print_letter", invitation, actor)
        Invitation.objects.filter(id__in=[i.id for i in invitations]).update(printed_at=timezone.now())
        batch.send()


def opened(typed: str, *, network: str) -> Invitation:
    """The open invitation a code belongs to. `Refusal` when there is none, it ended, or somebody is guessing."""
    if access.count_try("invitation", network) > TRIES:
        raise Refusal(
            "too_many", _("Từ địa chỉ mạng này đã thử quá nhiều mã. Thử lại sau một giờ."), status=429
        )
    found = (
        Invitation.objects.select_related("account__person").filter(hash=hash_of(read_code(typed))).first()
    )
    if found is None or found.state == "withdrawn" or not found.account.is_active:
        raise NotFound(
            "no_invitation",
            _("Mã này không dùng được. Kiểm tra lại từng chữ, hoặc hỏi người quản trị của đơn vị."),
        )
    if found.state == "used":
        raise Refusal(
            "used",
            _(
                "Mã này đã được dùng để đặt mật khẩu. Hãy đăng nhập; nếu không phải bạn đặt, báo ngay người quản trị."
            ),
        )
    if found.state == "expired":
        raise Refusal("expired", _("Lời mời đã hết hạn. Nhờ người quản trị của đơn vị gửi lại."))
    return found


def accept(*, typed: str, password: str, network: str) -> Account:
    """Set the first password; the code opens nothing afterwards, whoever sends it twice."""
    people.checked_password(password)
    found = opened(typed, network=network)
    with transaction.atomic():
        invitation = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("account__person")
            .get(id=found.id)
        )
        if invitation.state != "open" or invitation.hash != found.hash:
            raise Refusal("used", _("Mã này vừa được dùng hoặc được thay bằng mã mới."))
        account = invitation.account
        people.set_password(
            actor=system_actor("accounts.invitation"), account_id=account.id, password=password
        )
        invitation.used_at = timezone.now()
        invitation.save(update_fields=["used_at"])
        batch = Batch()
        own = Actor(account.person_id, account.id, account.person.full_name)
        _note(batch, "accounts.accept_invitation", invitation, own)
        batch.send()
    return account


def _locked(actor: Actor, invitation_id: UUID) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("account")
    found = rows.filter(id=invitation_id).first()
    if found is None:
        raise NotFound("no_invitation", _("Không có lời mời này."))
    require_over(actor, found.account.person_id)
    return found


def _tell(batch: Batch, invitation: Invitation) -> None:
    with override("vi"):
        title = _("Lời mời dùng tài khoản cán bộ")
        body = _(
            "Tên đăng nhập của bạn là %(name)s. Mở liên kết dưới đây để tự đặt mật khẩu. Liên kết dùng một lần, đến hết ngày %(day)s. "
            "Không ai, kể cả người quản trị, cần biết mật khẩu của bạn."
        ) % {
            "name": invitation.account.username,
            "day": f"{timezone.localtime(invitation.expires_at):%d/%m/%Y}",
        }
    send(
        person_id=invitation.account.person_id,
        key=f"{LINK}:{invitation.id}:{invitation.round}",
        title=title,
        body=body,
        link=f"{LINK}:{invitation.id}",
        email=invitation.email,
        batch=batch,
    )


def _note(batch: Batch, act: str, invitation: Invitation, actor: Actor) -> None:
    told = {"round": invitation.round, "by": "mail" if invitation.email else "letter"}
    record(
        batch,
        act=act,
        object_kind="person",
        object_id=str(invitation.account.person_id),
        actor=actor,
        data=told,
    )
