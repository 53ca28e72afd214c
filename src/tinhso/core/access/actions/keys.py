"""Passkeys of an account: adding, naming, removing one, and signing in with one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actions.factors import changed, locked_account
from tinhso.core.access.actions.sessions import own_account
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Passkey
from tinhso.core.access.passkeys import not_taken
from tinhso.kit.errors import NotFound, Refusal

MOST_KEYS = 10
LONGEST_NAME = 60


def add_passkey(*, actor: Actor, credential_id: bytes, data: bytes, sign_count: int, name: str) -> Passkey:
    """Keep a key the browser has made for this account. Refuses an eleventh, and one that is known already."""
    account_id = own_account(actor)
    name = " ".join(name.split())[:LONGEST_NAME] or _("Khóa truy cập")
    try:
        with transaction.atomic():
            locked_account(account_id)
            if Passkey.objects.filter(account_id=account_id).count() >= MOST_KEYS:
                why = _("Mỗi tài khoản có nhiều nhất %(n)s khóa. Gỡ bớt khóa không dùng nữa.") % {
                    "n": MOST_KEYS
                }
                raise Refusal("too_many_keys", why, field="passkey")
            row = Passkey.objects.create(
                account_id=account_id,
                credential_id=credential_id,
                data=data,
                sign_count=sign_count,
                name=name,
            )
            changed("access.add_passkey", actor, account_id)
    except IntegrityError as error:
        raise Refusal("known_key", _("Khóa này đã được đăng ký."), field="passkey") from error
    return row


def rename_passkey(*, actor: Actor, key_id: UUID, name: str) -> None:
    """Another name for one's own key."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(
            "bad_name", _("Đặt tên từ 1 đến %(n)s ký tự.") % {"n": LONGEST_NAME}, status=422, field="name"
        )
    with transaction.atomic():
        if not Passkey.objects.filter(id=key_id, account_id=own_account(actor)).update(name=name):
            raise NotFound("unknown_key", _("Không có khóa này."))
        changed("access.rename_passkey", actor, own_account(actor), tell=False)


def remove_passkey(*, actor: Actor, key_id: UUID) -> None:
    """One key fewer. `NotFound` for somebody else's."""
    with transaction.atomic():
        if not Passkey.objects.filter(id=key_id, account_id=own_account(actor)).delete()[0]:
            raise NotFound("unknown_key", _("Không có khóa này."))
        changed("access.remove_passkey", actor, own_account(actor))


def passkey_named(credential_id: bytes) -> Passkey:
    """The key with that id, its open account at hand. `Refusal` when there is none."""
    rows = Passkey.objects.select_related("account__person")
    found = rows.filter(credential_id=credential_id, account__is_active=True).first()
    if found is None:
        raise not_taken()
    return found


def note_passkey(key: Passkey, *, sign_count: int, now: datetime | None = None) -> None:
    """Remember a use. A counter that went back says the key was copied: refused (WebAuthn 7.2, step 21)."""
    newer = Q(sign_count__lt=sign_count) | (Q(sign_count=0) if sign_count == 0 else Q(pk__in=[]))
    used = Passkey.objects.filter(newer, id=key.id)
    if not used.update(sign_count=sign_count, used_at=now or timezone.now()):
        raise not_taken()
