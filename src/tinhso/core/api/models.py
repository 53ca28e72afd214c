"""Keys of programs that call the API, and the replies already given to a write."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from tinhso.core.db.models import Base


class ApiToken(Base):
    """A program's key for one account; only the SHA-256 of the key is kept. It ends by itself."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Reply(Base):
    """What a write with an `Idempotency-Key` answered, given again when the same write comes twice."""

    person_id = models.UUIDField()
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "key"], name="api_reply_once")]
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return self.key
