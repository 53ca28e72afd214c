"""What long work shows of itself: progress, outcome, and that the worker lives."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tinhso.core.db.models import Base


class Heartbeat(models.Model):
    """When a worker last reported; `/readyz` looks at it."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class RunState(models.TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    CANCELLED = "cancelled", "Đã dừng"
    FAILED = "failed", "Gặp lỗi"


class Run(Base):
    """Long work somebody started and watches: how far it is, and what became of it.

    `data` is what the work needs; `cursor` how far it got, written in the transaction of each step, so that
    work killed in between goes on where it stopped; `result` what came of it (figures, a file's address).
    Work over a list of things keeps `outcomes`: `{"key", "label", "ok", "message"}` in the order done.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    person_id = models.UUIDField()
    unit_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    outcomes = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.QUEUED)
    cursor = models.JSONField(null=True)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(failed__lte=F("done")), name="run_failed_are_done")]
        indexes = [models.Index(fields=["person_id", "-started_at", "-id"], name="run_of_person")]

    def __str__(self) -> str:
        return f"{self.title}: {self.done}/{self.total}"

    @property
    def succeeded(self) -> int:
        """How many of the things tried were done."""
        return self.done - self.failed

    @property
    def is_open(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    @property
    def percent(self) -> int | None:
        """How much is done, 0-100; None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None
