"""A person's yes to a program, and taking it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.kit.errors import NotFound
from tinhso.systems.sso.actions.sessions import tell_client
from tinhso.systems.sso.models import Client, Consent, Grant
from tinhso.systems.sso.policy import self_of


def give(*, actor: Actor, client: Client, scopes: tuple[str, ...], now: datetime) -> Consent:
    """Let a program know what these scopes give, besides what it may know already."""
    with transaction.atomic():
        held = Consent.objects.select_for_update().filter(
            person_id=self_of(actor), client=client, withdrawn_at__isnull=True
        ).first()  # fmt: skip
        before = set(held.scope.split()) if held else set()
        if held and before >= set(scopes):
            return held
        if held:
            Consent.objects.filter(id=held.id).update(withdrawn_at=now)
        scope = " ".join(sorted(before | set(scopes)))
        row = Consent.objects.create(person_id=self_of(actor), client=client, scope=scope, given_at=now)
        _record("consent", actor, client, scope)
    return row


def withdraw(*, actor: Actor, client_id: UUID, now: datetime) -> None:
    """Take the yes back: every token the program holds for the person dies, and the program is told to sign them out."""
    client = Client.objects.filter(id=client_id).first()
    with transaction.atomic():
        taken = Consent.objects.filter(
            person_id=self_of(actor), client_id=client_id, withdrawn_at__isnull=True
        ).update(withdrawn_at=now)
        open_grants = Grant.objects.filter(
            person_id=self_of(actor), client_id=client_id, revoked_at__isnull=True, ends_at__gt=now
        )
        sessions = list(open_grants.values_list("session_id", flat=True).distinct())
        ended = open_grants.update(revoked_at=now, revoke_reason="withdrawn")
        if client is None or not (taken or ended):
            raise NotFound("no_consent", _("Ứng dụng này không còn kết nối với tài khoản của bạn."))
        for session_id in sessions:
            tell_client(client=client, session_id=session_id, person_id=self_of(actor), now=now)
        _record("withdraw_consent", actor, client, "")


def _record(verb: str, actor: Actor, client: Client, scope: str) -> None:
    batch = Batch()
    record(
        batch, act=f"sso.{verb}", object_kind="sso.client", object_id=str(client.id), actor=actor,
        data={"scope": scope} if scope else {},
    )  # fmt: skip
    batch.send()
