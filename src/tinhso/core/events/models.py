"""The outbox: events written with the change they tell of, and what each handler made of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base


class Event(Base):
    """Something that happened. `name` is the class of `tinhso.contracts`, `data` its fields."""

    at = models.DateTimeField()
    name = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=64)
    data = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["subject_id", "id"])]


class Delivery(models.Model):
    """One handler's share of one event; (event, handler) is the handler's idempotency key."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(Event, models.CASCADE, related_name="deliveries", db_index=False)
    handler = models.CharField(max_length=100)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    dead = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(done_at__isnull=True, dead=False), name="delivery_due"
            ),
            models.Index(fields=["id"], condition=Q(dead=True), name="delivery_dead"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"
