"""Messages to people: always in the app, by e-mail when they have an address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base


class Message(Base):
    """One notice to one person. `key` makes sending idempotent: the same key is never sent twice.

    `emailed_at` is when the mail server took it; an address with neither that nor `email_error` is owed a
    mail, however often the worker was killed.
    """

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="messages", db_index=False)
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    email_attempts = models.PositiveSmallIntegerField(default=0)
    email_next_at = models.DateTimeField(default=timezone.now)
    email_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="message_of_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="message_unread"),
            models.Index(
                fields=["email_next_at", "id"],
                condition=Q(emailed_at__isnull=True, email_attempts__lt=10) & ~Q(email=""),
                name="message_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.title
