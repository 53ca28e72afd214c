"""Acts on accounts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people.actions.persons import audit, locked
from tinhso.core.people.models import Account
from tinhso.core.people.policy import require_manager, require_self_or
from tinhso.core.people.slots import tell
from tinhso.kit.errors import NotFound, Refusal

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200


def create_account(
    *, actor: ActorLike, person_id: UUID, username: str, password: str | None = None
) -> Account:
    """An account for a person; without password nobody can sign in until one is set. Refuses a name in use.

    For administrators, and for the system when a citizen registers.
    """
    require_manager(actor)
    username = username.strip().lower()
    if not username:
        raise Refusal("no_username", _("Nhập tên đăng nhập."), status=422, field="username")
    hashed = make_password(checked_password(password) if password is not None else None)
    with transaction.atomic():
        person = locked(person_id)
        try:
            with transaction.atomic():
                account = Account.objects.create(username=username, person=person, password=hashed)
        except IntegrityError as error:
            raise Refusal(
                "username_in_use", _("Tên đăng nhập này đã có người dùng."), field="username"
            ) from error
        audit("people.create_account", person, actor, {"username": username})
    return account


def set_password(*, actor: ActorLike, account_id: UUID, password: str) -> None:
    """Give an account another password, by an administrator; its open sessions end."""
    require_manager(actor)
    _write_password(actor, _found(account_id), password, "people.set_password")


def change_password(
    *, actor: ActorLike, account_id: UUID, old: str, new: str, keep: UUID | None = None
) -> Account:
    """One's own password, with the old one as proof; all sessions of the account end but `keep`."""
    account = _found(account_id)
    require_self_or(actor, account.person_id, allowed=False)
    if not account.check_password(old):
        raise Refusal("wrong_password", _("Mật khẩu hiện tại không đúng."), status=422, field="old")
    _write_password(actor, account, new, "people.change_password", keep)
    return account


def renew_password(*, actor: ActorLike, account_id: UUID, new: str, keep: UUID | None = None) -> Account:
    """One's own password without the old one, for who has just proved otherwise who they are (the caller settled that)."""
    account = _found(account_id)
    require_self_or(actor, account.person_id, allowed=False)
    _write_password(actor, account, new, "people.renew_password", keep)
    return account


def set_active(*, actor: ActorLike, account_id: UUID, active: bool) -> None:
    """Close an account to sign-in, or open it again, by an administrator; one's own cannot be closed."""
    require_manager(actor)
    account = _found(account_id)
    if not active and account.id == actor.account_id:
        raise Refusal("own_account", _("Không thể tự khóa tài khoản của mình."))
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(is_active=active)
        audit(
            "people.open_account" if active else "people.close_account",
            account.person,
            actor,
            {"username": account.username},
        )
        if not active:
            tell(account.id, "closed", actor, None)


def set_language(*, actor: ActorLike, language: str) -> None:
    """The language one reads in, kept with the account."""
    if actor.account_id:
        Account.objects.filter(id=actor.account_id).update(language=language)


def note_sign_in(*, actor: ActorLike, account: Account, amr: Sequence[str] = ()) -> None:
    """Remember a sign-in in the log of acts and on the account; `amr` says how the person proved who they are."""
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(last_login=timezone.now())
        audit("people.sign_in", account.person, actor, {"username": account.username, "amr": list(amr)})


def checked_password(password: str, field: str = "password") -> str:
    """The password, or a `Refusal` saying what is wrong with it: too short, too long, too common."""
    if len(password) < SHORTEST_PASSWORD:
        why = _("Mật khẩu cần ít nhất %(n)s ký tự.") % {"n": SHORTEST_PASSWORD}
        raise Refusal("password_too_short", why, status=422, field=field)
    if len(password) > LONGEST_PASSWORD:
        why = _("Mật khẩu dài nhất %(n)s ký tự.") % {"n": LONGEST_PASSWORD}
        raise Refusal("password_too_long", why, status=422, field=field)
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError as error:
        why = _("Mật khẩu này quá phổ biến, dễ bị đoán. Hãy chọn một câu dài chỉ bạn biết.")
        raise Refusal("password_too_common", why, status=422, field=field) from error
    if password.isdigit():
        why = _("Mật khẩu không nên chỉ gồm chữ số.")
        raise Refusal("password_only_digits", why, status=422, field=field)
    return password


def _write_password(
    actor: ActorLike, account: Account, password: str, act: str, keep: UUID | None = None
) -> None:
    account.set_password(checked_password(password, "new"))
    with transaction.atomic():
        Account.objects.filter(id=account.id).update(password=account.password)
        audit(act, account.person, actor, {"username": account.username})
        tell(account.id, "password", actor, keep)


def _found(account_id: UUID) -> Account:
    account = Account.objects.select_related("person").filter(id=account_id).first()
    if account is None:
        raise NotFound("unknown_account", _("Không có tài khoản này."))
    return account
