"""The acts at the door that need more than core/access knows: VNeID, officers' codes, a new password."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tinhso.contracts.signin import SecurityChanged
from tinhso.core.access import actions as access
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.audit.actions import read_of_person, record
from tinhso.core.console.policy import require_over
from tinhso.core.db.batch import Batch
from tinhso.core.events.outbox import emit
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account, Person
from tinhso.core.people.policy import require_manager
from tinhso.core.people.queries import account_for_sign_in, find_by_identity
from tinhso.core.people.rules import IdentityError, read_number
from tinhso.kit.errors import Refusal
from tinhso.systems.signin.choices import PURPOSES
from tinhso.systems.signin.models import NationalLink, OfficerCode
from tinhso.systems.signin.policy import require_issuer
from tinhso.systems.signin.vneid import National

CODE_MINUTES = 15
CODE_LENGTH = 8
LONGEST_REASON = 300


# VNeID ------------------------------------------------------------------------------------------------------------


def enter_by_vneid(*, said: National, wanted_acr: str) -> Account:
    """The account of whom the national sign-in means: found by the personal number, never by name, or made.

    Refuses an identity below level 2, an organisation's, and whatever disagrees with what is kept here; each with a
    sentence that says what to do.
    """
    if said.kind != "1":
        why = _(
            "Đây là tài khoản của tổ chức. Hãy đăng nhập bằng tài khoản cá nhân rồi chọn nộp thay cho tổ chức."
        )
        raise Refusal("organisation", why, status=422)
    if said.acr != wanted_acr:
        why = _(
            "Cần tài khoản định danh điện tử mức 2. Đến công an xã, phường để kích hoạt, hoặc đăng nhập cách khác."
        )
        raise Refusal("level", why, status=422)
    number, old = _personal_number(said.number), _old_number(said.old_number)
    with transaction.atomic():
        person = _person_of(said, number, old)
        _link(said.subject, person)
        return _account_of(person, number)


def _personal_number(text: str) -> str:
    try:
        found = read_number(text)
    except IdentityError:
        found = None
    if found is None or found.kind != "citizen":
        why = _(
            "Đăng nhập quốc gia không cho biết số định danh 12 số. Hãy cập nhật trên VNeID, hoặc đăng nhập cách khác."
        )
        raise Refusal("no_number", why, status=422)
    return found.number


def _old_number(text: str) -> str:
    """The old card's number when it can be one; the national data hold odd ones, and they keep nobody out."""
    try:
        return read_number(text).number if text else ""
    except IdentityError:
        return ""


def _person_of(said: National, number: str, old: str) -> Person:
    owner = find_by_identity(old) if old else None
    known = find_by_identity(number)
    if owner is not None and (known is None or owner.id != known.id):
        old = ""  # the old number is somebody's here: not enough to join two records, and no reason to refuse the new one
    says = people.Particulars(
        full_name=said.full_name,
        number=number,
        old_number=old,
        email=said.email,
        address=said.address if known is None else "",
    )
    try:
        return people.find_or_create_person(actor=system_actor("signin.vneid"), says=says)
    except Refusal as refusal:
        if refusal.code != "not_the_same_person":
            raise
        why = _(
            "Số định danh của bạn đã được ghi ở đây với họ tên khác. Để tránh nhầm người, hãy mang thẻ căn cước đến"
            " Bộ phận Một cửa để được sửa, rồi đăng nhập lại."
        )
        raise Refusal("conflict", why, status=409) from refusal


def _link(subject: str, person: Person) -> None:
    link, _made = NationalLink.objects.select_for_update().get_or_create(
        subject=subject, defaults={"person": person}
    )
    if link.person_id != person.id:
        why = _(
            "Tài khoản VNeID này đã gắn với một người khác ở đây. Hãy đến Bộ phận Một cửa với thẻ căn cước để được kiểm tra."
        )
        raise Refusal("linked_to_another", why, status=409)
    NationalLink.objects.filter(id=link.id).update(last_at=timezone.now())


def _account_of(person: Person, number: str) -> Account:
    """The person's account: the citizen's own if there is one, else the oldest open one, else a new one without password."""
    held = list(Account.objects.select_related("person").filter(person=person).order_by("id"))
    found = next((a for a in held if a.is_active and a.username == number), None)
    found = found or next((a for a in held if a.is_active), None)
    if found:
        return found
    if held:
        why = _("Tài khoản của bạn ở đây đang bị khóa. Liên hệ Bộ phận Một cửa để biết lý do.")
        raise Refusal("closed", why, status=403)
    if Account.objects.filter(username=number).exists():
        why = _(
            "Số định danh của bạn đang là tên đăng nhập của người khác. Hãy mang thẻ căn cước đến Bộ phận Một cửa."
        )
        raise Refusal("conflict", why, status=409)
    return people.create_account(actor=system_actor("signin.vneid"), person_id=person.id, username=number)


# Officers' codes --------------------------------------------------------------------------------------------------


def issue_code(
    *, actor: Actor, number: str, purpose: str, reason: str, card_checked: bool, now: datetime | None = None
) -> tuple[Person, str]:
    """A one-time code for somebody whose paper card the officer holds in their hand; codes given before end.

    Recorded with reason, told to the person, and logged as a reading of their data.
    """
    now = now or timezone.now()
    _check_request(purpose, reason, card_checked)
    person = find_by_identity(number)
    if person is None:
        why = _("Chưa có người này. Kiểm tra số trên thẻ; người mới thì đăng ký tài khoản trước.")
        raise Refusal("unknown_person", why, status=422, field="number")
    officer_id = require_issuer(actor, person.id)
    code = "".join(secrets.choice(access.LETTERS) for _n in range(CODE_LENGTH))
    with transaction.atomic():
        account = _citizen_account(person)
        OfficerCode.objects.filter(person=person, used_at=None, expires_at__gt=now).update(expires_at=now)
        OfficerCode.objects.create(
            person=person, digest=_digest(person.id, code), purpose=purpose, reason=reason.strip(), unit_id=actor.unit_id,
            issued_by_id=officer_id, issued_at=now, expires_at=now + timedelta(minutes=CODE_MINUTES),
        )  # fmt: skip
        read_of_person(person.id, actor=actor, purpose=_("Cấp mã đăng nhập một lần"), ground=reason.strip())
        batch = Batch()
        data = {"purpose": purpose, "reason": reason.strip()}
        record(
            batch,
            act="signin.issue_code",
            object_kind="person",
            object_id=str(person.id),
            actor=actor,
            data=data,
        )
        told = SecurityChanged(str(account.id), str(person.id), "signin.issue_code", now)
        emit(batch, told, subject_id=str(account.id))
        batch.send()
    return person, f"{code[:4]}-{code[4:]}"


def _check_request(purpose: str, reason: str, card_checked: bool) -> None:
    if purpose not in PURPOSES:
        raise Refusal("purpose", _("Chọn lý do cấp mã."), status=422, field="purpose")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Refusal("reason", _("Ghi rõ sự việc, dài nhất 300 ký tự."), status=422, field="reason")
    if not card_checked:
        why = _("Chỉ cấp mã khi đã đối chiếu bản gốc thẻ căn cước với người đến.")
        raise Refusal("card", why, status=422, field="card")


def use_code(*, number: str, code: str, address: str, now: datetime | None = None) -> tuple[Account, str]:
    """The account the code opens, and what it was given for. One answer for whatever is wrong."""
    now = now or timezone.now()
    digits = "".join(c for c in number if c.isdigit())
    guess = access.Guess("officer", digits, address=address, now=now, field="code")
    typed = "".join(c for c in code.upper() if c.isalnum())
    person = find_by_identity(digits)
    found = _used(person, typed, now) if person is not None else None
    if person is None or found is None:
        guess.wrong()
        why = _("Số định danh hoặc mã không đúng, hoặc mã đã dùng hay quá 15 phút. Xin cán bộ mã mới.")
        raise Refusal("wrong_code", why, status=422, field="code")
    guess.right()
    account = _citizen_account(person)
    if found.purpose == "lost_factor":
        access.clear_factors(
            actor=system_actor("signin.code"),
            account_id=account.id,
            reason=f"{found.issued_by_id}: {found.reason}",
        )
    return account, found.purpose


def reset_by_name(*, actor: Actor, name: str, reason: str) -> None:
    """Take the second factors from the account of that name, by an administrator over its owner."""
    require_manager(actor)
    account = account_for_sign_in(name)
    if account is None:
        raise Refusal("unknown_account", _("Không có tài khoản này."), status=422, field="name")
    require_over(actor, account.person_id)
    access.reset_factors(actor=actor, account_id=account.id, reason=reason)


def _used(person: Person, code: str, now: datetime) -> OfficerCode | None:
    """The code, now used; None when there is no such code or somebody was quicker."""
    rows = OfficerCode.objects.filter(
        person=person, digest=_digest(person.id, code), used_at=None, expires_at__gt=now, issued_at__lte=now
    )
    found = rows.first()
    return found if found is not None and rows.update(used_at=now) == 1 else None


def _citizen_account(person: Person) -> Account:
    held = list(Account.objects.select_related("person").filter(person=person, is_active=True).order_by("id"))
    if held:
        return held[0]
    number = person.identities.filter(kind="citizen").values_list("number", flat=True).first()
    if number is None or Account.objects.filter(person=person).exists():
        why = _("Người này chưa có tài khoản mở được: tài khoản bị khóa, hoặc chưa có số định danh 12 số.")
        raise Refusal("no_account", why, status=422, field="number")
    return people.create_account(actor=system_actor("signin.code"), person_id=person.id, username=number)


def _digest(person_id: UUID, code: str) -> str:
    return salted_hmac("tinhso.signin.code", f"{person_id}|{code}", algorithm="sha256").hexdigest()
