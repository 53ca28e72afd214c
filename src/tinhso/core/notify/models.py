"""Messages to people: always in the app, by e-mail when they have an address."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base


class Message(Base):
    """One notice to one person. `key` makes sending idempotent: the same key is never sent twice."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="messages")
    key = models.CharField(max_length=120, unique=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["created_at"], condition=Q(emailed_at__isnull=True) & ~Q(email=""), name="message_unsent"),
        ]

    def __str__(self) -> str:
        return self.title
