"""Stays: beginning one after a sign-in, raising its assurance, ending one or all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.contracts.signin import SessionEnded, SignedIn
from tinhso.core.access import rules
from tinhso.core.access.actor import Actor
from tinhso.core.access.assurance import device_words
from tinhso.core.access.models import SignInSession
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.events.outbox import emit
from tinhso.core.orgs.policy import ActorLike
from tinhso.core.people import actions as people
from tinhso.core.people.models import Account
from tinhso.kit.errors import NotFound

#: Looking at a page notes the use of a stay at most this often.
NOTED_EVERY = timedelta(minutes=1)


def begin_session(
    *,
    account: Account,
    amr: Iterable[str],
    device_id: str,
    agent: str,
    address: str,
    now: datetime | None = None,
) -> SignInSession:
    """A new stay of an account whose owner proved who they are; noted, and told to whoever listens (`SignedIn`)."""
    now, used = now or timezone.now(), list(amr)
    with transaction.atomic():
        before = SignInSession.objects.filter(account=account)
        known = not before.exists() or before.filter(device_id=device_id).exists()
        row = SignInSession.objects.create(
            account=account,
            began_at=now,
            last_used_at=now,
            ends_at=now + timedelta(seconds=settings.SESSION_COOKIE_AGE),
            amr=used,
            device_id=device_id,
            device=agent[:300],
            network=rules.network_of(address)[:60],
        )
        name = account.person.full_name
        people.note_sign_in(actor=Actor(account.person_id, account.id, name), account=account, amr=used)
        batch = Batch()
        told = SignedIn(
            str(account.id), str(account.person_id), str(row.id), now, used, device_words(agent),
            row.network, known,
        )  # fmt: skip
        emit(batch, told, subject_id=str(account.id))
        batch.send()
    return row


def raise_session(*, actor: Actor, session_id: UUID, amr: Iterable[str]) -> list[str]:
    """Note further proofs in a stay; all its proofs."""
    with transaction.atomic():
        row = (
            SignInSession.objects.select_for_update()
            .filter(id=session_id, account_id=own_account(actor))
            .first()
        )
        if row is None:
            raise NotFound("unknown_session", _("Không có phiên đăng nhập này."))
        row.amr = list(dict.fromkeys([*row.amr, *amr]))
        row.save(update_fields=["amr"])
        batch = Batch()
        record(
            batch, act="access.raise_session", object_kind="person", object_id=str(actor.person_id), actor=actor,
            data={"amr": row.amr},
        )  # fmt: skip
        batch.send()
    return list(row.amr)


def note_use(session_id: UUID, *, now: datetime) -> None:
    """Remember that a stay was used just now; several requests at once write it once."""
    old = now - NOTED_EVERY
    SignInSession.objects.filter(id=session_id, last_used_at__lt=old).update(last_used_at=now)


def end_session(*, actor: Actor, session_id: UUID, reason: str = "ended") -> None:
    """End one of one's own stays. `NotFound` for somebody else's; ending one twice changes nothing."""
    with transaction.atomic():
        mine = SignInSession.objects.filter(account_id=own_account(actor), id=session_id)
        if not mine.exists():
            raise NotFound("unknown_session", _("Không có phiên đăng nhập này."))
        _end(mine, actor, reason)


def end_other_sessions(*, actor: Actor, keep: UUID | None) -> int:
    """End all of one's stays but the one at hand; how many there were."""
    with transaction.atomic():
        rows = SignInSession.objects.filter(account_id=own_account(actor))
        return _end(rows.exclude(id=keep) if keep else rows, actor, "ended")


def end_sessions_of(account_id: UUID, *, actor: ActorLike, reason: str, keep: UUID | None = None) -> int:
    """End the stays of an account because its password, factors or the account itself changed; how many there were."""
    with transaction.atomic():
        rows = SignInSession.objects.filter(account_id=account_id)
        return _end(rows.exclude(id=keep) if keep else rows, actor, reason)


def _end(rows: QuerySet[SignInSession], actor: ActorLike, reason: str) -> int:
    now = timezone.now()
    open_now = rows.filter(ended_at__isnull=True, ends_at__gt=now).select_for_update()
    found = list(open_now.order_by("id"))
    if not found:
        return 0
    SignInSession.objects.filter(id__in=[row.id for row in found]).update(ended_at=now, end_reason=reason)
    batch = Batch()
    for row in found:
        told = SessionEnded(str(row.account_id), str(row.id), reason, now)
        emit(batch, told, subject_id=str(row.account_id))
    record(
        batch, act="access.end_sessions", object_kind="account", object_id=str(found[0].account_id), actor=actor,
        data={"sessions": [str(row.id) for row in found], "reason": reason},
    )  # fmt: skip
    batch.send()
    return len(found)


def own_account(actor: Actor) -> UUID:
    """The account somebody is signed in with; `NotFound` for visitors and programs."""
    if actor.account_id is None:
        raise NotFound("unknown_account", _("Không có tài khoản này."))
    return actor.account_id
