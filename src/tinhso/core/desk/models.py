"""One task table for every system, so that a person has one inbox."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base


class Task(Base):
    """Something a post or a person has to do. `kind` names a registered `TaskKind`; `subject` is what it is about.

    `path` is the unit's path, kept here so that the inbox is one indexed query; `person` is set once
    somebody took the task or was assigned.
    """

    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    subject_key = models.CharField(max_length=80)
    token = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    about = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    urgent = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "role", "due_at", "id"], condition=Q(closed_at__isnull=True), name="task_inbox"),
            models.Index(fields=["person", "due_at", "id"], condition=Q(closed_at__isnull=True), name="task_mine"),
            models.Index(fields=["subject_id"], condition=Q(closed_at__isnull=True), name="task_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "token"], condition=Q(closed_at__isnull=True), name="task_once_per_token"
            )
        ]

    def __str__(self) -> str:
        return self.title
