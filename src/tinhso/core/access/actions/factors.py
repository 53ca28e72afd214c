"""Second factors: an authenticator program, the sheet of recovery codes; proving one, adding and removing them."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from tinhso.contracts.signin import SecurityChanged
from tinhso.core.access.actions.guessing import Guess, count, counted, key_of
from tinhso.core.access.actions.sessions import end_sessions_of, own_account
from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Passkey, RecoveryCode, SignInSession, Totp
from tinhso.core.access.sealing import opened, seal
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.events.outbox import emit
from tinhso.core.people.models import Account
from tinhso.core.people.policy import require_manager
from tinhso.kit.errors import NotFound, Refusal

STEP = 30
#: Clocks of telephones run a little before or after ours: one step on either side is taken.
CLOCK_STEPS = 1
RECOVERY_CODES = 10
#: Letters and digits nobody takes for one another; ten of them are 50 bits.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 10
#: Wrong codes for one account from anywhere within an hour, before only devices known to it may go on trying.
#: Whoever gets here knows the password, so this wait cannot be put on others at will.
ACCOUNT_TRIES = 50


def new_secret() -> str:
    """A fresh secret for an authenticator program (160 bits, base32)."""
    return pyotp.random_base32()


def secret_address(secret: str, username: str, issuer: str) -> str:
    """The `otpauth://` address a QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def add_totp(*, actor: Actor, secret: str, code: str, now: datetime | None = None) -> None:
    """Take an authenticator program into use, proved by a code it shows; one used before is replaced."""
    now, account_id = now or timezone.now(), own_account(actor)
    step = _matching_step(secret, code, now, after=0)
    if step is None:
        raise _wrong_code()
    with transaction.atomic():
        locked_account(account_id)
        values = {"secret": seal(secret), "last_step": step, "made_at": now, "used_at": None}
        Totp.objects.update_or_create(account_id=account_id, defaults=values)
        changed("access.add_totp", actor, account_id)


def remove_totp(*, actor: Actor) -> None:
    """Stop using the authenticator program; doing it twice changes nothing."""
    account_id = own_account(actor)
    with transaction.atomic():
        locked_account(account_id)
        if Totp.objects.filter(account_id=account_id).delete()[0]:
            changed("access.remove_totp", actor, account_id)


def make_recovery_codes(*, actor: Actor) -> list[str]:
    """A new sheet of codes, shown this once; the sheet before is worth nothing any more."""
    account_id = own_account(actor)
    codes = ["".join(secrets.choice(LETTERS) for _n in range(CODE_LENGTH)) for _n in range(RECOVERY_CODES)]
    with transaction.atomic():
        locked_account(account_id)
        RecoveryCode.objects.filter(account_id=account_id).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account_id=account_id, digest=_digest(account_id, code)) for code in codes
        )
        changed("access.make_recovery_codes", actor, account_id)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def prove_code(
    *, account_id: UUID, code: str, address: str, device_id: str = "", now: datetime | None = None
) -> str:
    """The word for what was proved, `otp` or `rec`, when the code is the program's or one of the sheet.

    A code works once, whoever sends it how often at the same time. `Refusal` otherwise, or while waiting.
    """
    now = now or timezone.now()
    message = _("Nhập sai mã nhiều lần. Vui lòng đợi %(n)s phút rồi thử lại.")
    guess = Guess("second", str(account_id), address=address, now=now, message=message, field="code")
    whole = key_of("second", str(account_id))
    if counted(whole, now) >= ACCOUNT_TRIES and not _knows(account_id, device_id):
        raise Refusal("wait", message % {"n": 60}, status=429, field="code")
    typed = "".join(c for c in code.upper() if c.isalnum())
    if typed.isdigit() and len(typed) == 6 and _use_totp(account_id, typed, now):  # noqa: PLR2004
        found = "otp"
    elif len(typed) == CODE_LENGTH and _use_recovery(account_id, typed, now):
        found = "rec"
    else:
        guess.wrong()
        count(whole, now)
        raise _wrong_code()
    guess.right()
    return found


def reset_factors(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """Take all second factors from an account whose owner lost them, by an administrator; its stays end."""
    require_manager(actor)
    if not reason.strip():
        raise Refusal("no_reason", _("Ghi lý do đặt lại."), status=422, field="reason")
    clear_factors(actor=actor, account_id=account_id, reason=reason.strip())


def clear_factors(*, actor: Actor, account_id: UUID, reason: str) -> None:
    """The same for rooms that have settled who may ask for it."""
    with transaction.atomic():
        locked_account(account_id)
        for model in (Totp, RecoveryCode, Passkey):
            model.objects.filter(account_id=account_id).delete()  # type: ignore[attr-defined]
        end_sessions_of(account_id, actor=actor, reason="factors")
        changed("access.reset_factors", actor, account_id, reason=reason)


def _use_totp(account_id: UUID, code: str, now: datetime) -> bool:
    row = Totp.objects.filter(account_id=account_id).first()
    if row is None:
        return False
    step = _matching_step(opened(row.secret), code, now, after=row.last_step)
    # The row is changed only by the first to use this step: a code read over a shoulder is worth nothing twice.
    unused = Totp.objects.filter(account_id=account_id, last_step__lt=step or 0)
    return step is not None and unused.update(last_step=step, used_at=now) == 1


def _matching_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    typed = "".join(c for c in code if c.isdigit())
    here = int(now.timestamp()) // STEP
    program = pyotp.TOTP(secret)
    steps = range(here - CLOCK_STEPS, here + CLOCK_STEPS + 1)
    matching = [s for s in steps if constant_time_compare(program.generate_otp(s), typed)]
    return next((s for s in matching if s > after), None)


def _use_recovery(account_id: UUID, code: str, now: datetime) -> bool:
    unused = RecoveryCode.objects.filter(
        digest=_digest(account_id, code), account_id=account_id, used_at=None
    )
    return unused.update(used_at=now) == 1


def _digest(account_id: UUID, code: str) -> str:
    return salted_hmac("tinhso.access.recovery", f"{account_id}|{code}", algorithm="sha256").hexdigest()


def _knows(account_id: UUID, device_id: str) -> bool:
    return (
        bool(device_id) and SignInSession.objects.filter(account_id=account_id, device_id=device_id).exists()
    )


def locked_account(account_id: UUID) -> Account:
    """The account's row, held: two changes of its factors stand in line."""
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotFound("unknown_account", _("Không có tài khoản này."))
    return account


def changed(act: str, actor: Actor, account_id: UUID, *, tell: bool = True, **data: str) -> None:
    """The entry of the log and, to `tell` the owner, the event, in the caller's transaction."""
    batch, now = Batch(), timezone.now()
    person_id = str(Account.objects.values_list("person_id", flat=True).get(id=account_id))
    record(batch, act=act, object_kind="person", object_id=person_id, actor=actor, data=data)
    if tell:
        emit(batch, SecurityChanged(str(account_id), person_id, act, now), subject_id=str(account_id))
    batch.send()


def tell_change(what: str, account_id: UUID) -> None:
    """Tell the owner of a change made elsewhere, such as another password, in the caller's transaction."""
    batch = Batch()
    person_id = str(Account.objects.values_list("person_id", flat=True).get(id=account_id))
    told = SecurityChanged(str(account_id), person_id, what, timezone.now())
    emit(batch, told, subject_id=str(account_id))
    batch.send()


def _wrong_code() -> Refusal:
    message = _("Mã không đúng hoặc đã dùng. Xem mã mới trên ứng dụng rồi nhập lại.")
    return Refusal("wrong_code", message, status=422, field="code")
