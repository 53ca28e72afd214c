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
    PREPARED = "prepared", "Chờ xác nhận"
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Đã xong"
    CANCELLED = "cancelled", "Đã dừng"
    FAILED = "failed", "Gặp lỗi"


class Run(Base):
    """Long work somebody started and watches: how far it is, and what became of it.

    `data` is what the work needs; `cursor` how far it got, written in the transaction of each step, so that
    work killed in between goes on where it stopped; `result` what came of it (figures, a file's address).
    Work over a list of things has an `Item` for each. The work is done as the person in the standing `post_id`
    (a post of theirs, or a delegation: `Actor.standing_key`); a run that
    is `prepared` waits for the person's confirmation.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    person_id = models.UUIDField()
    post_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    data = models.JSONField(default=dict)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
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


class ItemState(models.TextChoices):
    WAITING = "waiting", "Chưa làm"
    DONE = "done", "Đã xong"
    REFUSED = "refused", "Không làm được"
    CHANGED = "changed", "Đã thay đổi"


class Item(models.Model):
    """One thing of a list that a run works through: what it was when it was chosen, and what became of it.

    `key` names it within the run, `data` is what the work needs to know of it. A thing with an outcome is not
    tried again, unless the person asks for it.
    """

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=80)
    label = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    message = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="run_item_once"),
            models.UniqueConstraint(fields=["run", "position"], name="run_item_position"),
        ]
        indexes = [models.Index(fields=["run", "state", "position"], name="run_item_state")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.key} {self.state}"
