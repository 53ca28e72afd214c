"""Plans of reorganisation, what somebody decided about what rules could not, and how to take all of it back."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from tinhso.core.db.models import Base


class PlanState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    WRITING = "writing", "Đang ghi cơ cấu mới"
    WAITING = "waiting", "Đã ghi cơ cấu mới, chờ ngày chuyển"
    MOVING = "moving", "Đang chuyển"
    DONE = "done", "Đã chuyển xong"
    REVERTING = "reverting", "Đang hoàn tác"
    REVERTED = "reverted", "Đã hoàn tác"


class Reorganisation(Base):
    """A plan and where it stands. `source` is the plan as plain JSON, `text` as its author wrote it, `hash` of the source.

    `journal` undoes the structure; `proof` holds the evidence before and after; `trial` what the last dry run said.
    """

    name = models.CharField(max_length=200)
    text = models.TextField()
    source = models.JSONField()
    hash = models.CharField(max_length=64, unique=True)
    on = models.DateField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    author_id = models.UUIDField()
    author_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    trial = models.JSONField(null=True)
    proof = models.JSONField(default=dict)
    journal = models.JSONField(default=list)
    run_id = models.UUIDField(null=True)
    report_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at", "-id"], name="reorganisation_newest")]

    def __str__(self) -> str:
        return f"{self.name}, {self.on}"


class Decision(Base):
    """What somebody decided of one thing: `key` names it, `choice` is a unit's code, or `unit/post` for a person."""

    plan = models.ForeignKey(Reorganisation, models.CASCADE, related_name="decisions")
    key = models.CharField(max_length=200)
    choice = models.CharField(max_length=120)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="reorganisation_decision_once")]

    def __str__(self) -> str:
        return f"{self.key}: {self.choice}"
