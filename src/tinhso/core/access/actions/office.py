"""Signing in, and who holds which post with which role."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access import rules
from tinhso.core.access.actions.guessing import Guess, count_try
from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.access.models import Holding, PostRole, Role
from tinhso.core.access.queries.giving import Giving
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_UNITS, require
from tinhso.core.orgs.queries import forget
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account, Person
from tinhso.core.people.queries import account_for_sign_in
from tinhso.kit.errors import NotFound, Refusal


def sign_in(*, name: str, password: str, address: str, now: datetime | None = None) -> Account:
    """The account, when name and password fit and nobody has been guessing; else a `Refusal`.

    The answer, and the time it takes, is the same for a wrong password, an unknown name, a closed account
    and one without password. Waiting is per account and address: guessing from elsewhere locks nobody out.
    This proves the password only; `begin_session` begins a stay, when there is nothing more to prove. A hash made
    with other costs than today's is made anew on the way.
    """
    now = now or timezone.now()
    guess = Guess("account", name.strip().lower(), address=address, now=now)
    account = account_for_sign_in(name)
    if account is None:
        make_password(password)  # takes as long as checking one
    if account is None or not account.check_password(password) or not account.is_active:
        guess.wrong()
        raise Refusal("wrong_sign_in", _("Tên đăng nhập hoặc mật khẩu không đúng."), status=422, field="name")
    guess.right()
    return account


def register_citizen(
    *,
    number: str,
    full_name: str,
    birth: str,
    phone: str,
    password: str,
    address: str,
    now: datetime | None = None,
) -> Account:
    """An account for a citizen, named by the personal number.

    Refuses what cannot be, particulars that disagree with a person already known by that number, and a
    second account; `address` is where the request comes from, so that one place cannot try numbers in bulk.
    """
    if count_try("register", address, now=now) > rules.ADDRESS_REGISTRATIONS:
        raise Refusal(
            "too_many",
            _("Từ địa chỉ mạng này đã có quá nhiều lượt đăng ký. Thử lại sau một giờ."),
            status=429,
        )
    people.checked_password(password)
    system = system_actor("register")
    with transaction.atomic():
        person = people.find_or_create_person(
            actor=system,
            says=people.Particulars(full_name=full_name, number=number, birth=birth, phone=phone),
        )
        if Account.objects.filter(person=person).exists():
            raise Refusal(
                "has_account",
                _(
                    "Số định danh này đã có tài khoản. Hãy đăng nhập, hoặc đến Bộ phận Một cửa nếu quên mật khẩu."
                ),
                field="number",
            )
        username = "".join(c for c in number if c.isdigit())
        return people.create_account(actor=system, person_id=person.id, username=username, password=password)


def assign_role(*, actor: Actor, post_id: UUID, role: str, below: bool = False) -> PostRole:
    """Let a post carry a role, at its unit or also below; giving it again only changes `below`.

    Only a role the actor's own role may give (`Role.gives`), and never to a post the actor holds.
    """
    with transaction.atomic():
        post = locked_post(actor, post_id)
        if not Role.objects.filter(code=role).exists():
            raise NotFound("unknown_role", _("Không có vai trò này."))
        giving = Giving(actor)
        giving.require(role, post.unit.path, below=below)
        giving.require_not_own(post.id)
        row, made = PostRole.objects.get_or_create(post=post, role_id=role, defaults={"below": below})
        before = None if made else {"role": role, "below": row.below}
        if not made and row.below != below:
            row.below = below
            row.save(update_fields=["below"])
        audit_post(
            "access.assign_role", post, actor, {"before": before, "after": {"role": role, "below": below}}
        )
    forget()
    return row


def remove_role(*, actor: Actor, post_id: UUID, role: str) -> None:
    """Take a role from a post; taking it twice changes nothing."""
    with transaction.atomic():
        post = locked_post(actor, post_id)
        if PostRole.objects.filter(post=post, role_id=role).delete()[0]:
            audit_post("access.remove_role", post, actor, {"role": role})
    forget()


def appoint(
    *,
    actor: Actor,
    person_id: UUID,
    post_id: UUID,
    valid_from: date,
    valid_to: date | None = None,
    ground: str = "",
) -> Holding:
    """Let a person hold a post from a day. Refuses dates that end before they start and a post held already.

    Only a post whose every role the actor may give, and never to oneself: nobody raises one's own rights.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise Refusal("ends_first", _("Ngày kết thúc phải sau ngày bắt đầu."), status=422, field="valid_to")
    with transaction.atomic():
        post = locked_post(actor, post_id)
        if not post.active:
            raise Refusal("post_closed", _("Vị trí công tác này đã đóng."))
        person = Person.objects.filter(id=person_id).first()
        if person is None:
            raise NotFound("unknown_person", _("Không có người này."))
        giving = Giving(actor)
        giving.require_not_oneself(person.id)
        giving.require_all(PostRole.objects.filter(post=post), post.unit.path)
        for held in Holding.objects.filter(person=person, post=post):
            if (held.valid_to is None or valid_from < held.valid_to) and (
                valid_to is None or held.valid_from < valid_to
            ):
                raise Refusal("held_already", _("Người này đã giữ vị trí đó trong thời gian này."))
        holding = Holding.objects.create(person=person, post=post, valid_from=valid_from, valid_to=valid_to)
        told = {
            "person": str(person.id),
            "from": str(valid_from),
            "to": str(valid_to or ""),
            "ground": ground,
        }
        audit_post("access.appoint", post, actor, told)
    return holding


def end_holding(*, actor: Actor, holding_id: UUID, on: date, ground: str = "") -> Holding:
    """End a holding on a day (the first day the post is held no more)."""
    with transaction.atomic():
        holding = Holding.objects.select_for_update().filter(id=holding_id).first()
        if holding is None:
            raise NotFound("unknown_holding", _("Không có phân công này."))
        post = locked_post(actor, holding.post_id)
        if on <= holding.valid_from:
            raise Refusal("too_early", _("Ngày thôi giữ phải sau ngày bắt đầu."), status=422, field="on")
        before, holding.valid_to, holding.ended_at = str(holding.valid_to or ""), on, None
        holding.save(update_fields=["valid_to", "ended_at"])
        told = {"person": str(holding.person_id), "before": before, "after": str(on), "ground": ground}
        audit_post("access.end_holding", post, actor, told)
    return holding


def locked_post(actor: Actor, post_id: UUID) -> Post:
    """The post, held until the transaction ends, for who keeps the posts of its unit."""
    post = Post.objects.select_for_update(of=("self",)).select_related("unit").filter(id=post_id).first()
    if post is None:
        raise NotFound("unknown_post", _("Không có vị trí công tác này."))
    require(actor, EDIT_UNITS, post.unit.path)
    return post


def audit_post(act: str, post: Post, actor: Actor, data: dict[str, Any]) -> None:
    """One entry about a post."""
    batch = Batch()
    record(batch, act=act, object_kind="post", object_id=str(post.id), actor=actor, data=data)
    batch.send()
