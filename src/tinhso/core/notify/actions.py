"""Sending notices and marking them read."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tinhso.core.db.batch import Batch
from tinhso.core.notify.models import Message
from tinhso.core.notify.queries import language_of
from tinhso.core.notify.slots import MAIL_LINKS
from tinhso.kit.uuid7 import uuid7

log = logging.getLogger("tinhso.notify")
#: After these many tries somebody has to look; the waits add up to about a day.
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=6)
INSERT = """
INSERT INTO notify_message (id, person_id, key, title, body, link, created_at, email, email_attempts, email_next_at, email_error)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, %s, '') ON CONFLICT (key) DO NOTHING
"""


def send(
    *,
    person_id: UUID,
    key: str,
    title: str,
    body: str,
    link: str = "",
    email: str | None = None,
    batch: Batch | None = None,
) -> None:
    """Tell a person something, once per `key` whoever calls how often; in the caller's transaction.

    It shows in the app at once and goes by mail to `email` when one is given. `key` is the handler's
    idempotency key, such as `{event id}:{handler}:{person}`; write the texts with `in_language_of`.
    """
    now = timezone.now()
    values: list[Any] = [uuid7(), person_id, key, title[:200], body, link, now, email or "", now]
    if batch is not None:
        batch.execute(INSERT, values)
        return
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)


def in_language_of(person_id: UUID) -> override:
    """`with in_language_of(person):` - texts made inside are in the language the person reads."""
    return override(language_of(person_id))


def mark_read(message_id: UUID, *, person_id: UUID) -> Message | None:
    """The person's message, read from now on; None when it is not theirs."""
    Message.objects.filter(id=message_id, person_id=person_id, read_at__isnull=True).update(
        read_at=timezone.now()
    )
    return Message.objects.filter(id=message_id, person_id=person_id).first()


def mark_all_read(*, person_id: UUID) -> int:
    """All of the person's messages are read; how many were not."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).update(read_at=timezone.now())


def send_due_mail(limit: int = 200, now: datetime | None = None) -> int:
    """Mail what is owed, one by one; how many were taken by the mail server. Several workers may run this at once.

    Each message is locked while its mail goes out and marked in the same transaction. A worker killed
    between the server's answer and the commit sends that one again: a mail is sent at least once,
    with the same Message-ID, by which mail programs recognise the double.
    """
    moment, sent = now or timezone.now(), 0
    for _number in range(limit):
        outcome = _mail_one(moment)
        if outcome is None:
            break
        sent += outcome
    return sent


def _mail_one(moment: datetime) -> bool | None:
    """Whether the next message owed was sent; None when there is none."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(emailed_at__isnull=True, email_attempts__lt=MAX_ATTEMPTS, email_next_at__lte=moment)
            .exclude(email="")
            .order_by("email_next_at", "id")
            .first()
        )
        if message is None:
            return None
        message.email_attempts += 1
        try:
            _mail(message)
        except (OSError, SMTPException, ValueError) as error:
            message.email_error = f"{type(error).__name__}: {error}"[:300]
            message.email_next_at = moment + min(
                timedelta(seconds=30) * 2**message.email_attempts, LONGEST_WAIT
            )
            log.warning("mail not sent", extra={"message_id": str(message.id), "reason": message.email_error})
        else:
            message.emailed_at, message.email_error = moment, ""
        message.save(update_fields=["email_attempts", "emailed_at", "email_error", "email_next_at"])
        return message.emailed_at is not None


def _link(message: Message) -> str:
    """The address in the mail: complete, and for one that is never kept, made now."""
    prefix, _colon, key = message.link.partition(":")
    link = MAIL_LINKS.get(prefix).make(key) if prefix in MAIL_LINKS else message.link
    return f"{settings.SITE_URL}{link}" if link.startswith("/") else link


def _mail(message: Message) -> None:
    link = _link(message)
    with in_language_of(message.person_id):
        foot = _("Thư này do hệ thống gửi tự động, xin không trả lời.")
    body = "\n\n".join(filter(None, (message.body, link, foot)))
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
    subject = " ".join(message.title.split())
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [message.email], headers=headers).send()
