"""What long work shows of itself: progress, outcome, and that the worker lives."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from tinhso.core.db.models import Base


class Heartbeat(models.Model):
    """When a worker last reported; `/readyz` looks at it."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class Run(Base):
    """Long work somebody started and watches: how far it is, and what became of each item.

    `outcomes` is a list of `{"key", "label", "ok", "message"}` in the order the items were done; `data` is
    what the job needs to do its work.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    person_id = models.UUIDField()
    data = models.JSONField(default=dict)
    total = models.PositiveIntegerField()
    outcomes = models.JSONField(default=list)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-started_at"], name="run_of_person")]

    def __str__(self) -> str:
        return f"{self.title}: {len(self.outcomes)}/{self.total}"

    @property
    def done(self) -> int:
        """How many items were tried."""
        return len(self.outcomes)

    @property
    def succeeded(self) -> int:
        """How many of them were done."""
        return self.done - self.failed

    @property
    def failed(self) -> int:
        """How many of them could not be done."""
        return sum(not outcome["ok"] for outcome in self.outcomes)
