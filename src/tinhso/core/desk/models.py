"""One task table for every system, so that a person has one inbox."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from tinhso.core.db.models import Base

#: Where a task without a deadline sorts: after all that have one.
NO_DEADLINE = datetime(9999, 12, 31, tzinfo=UTC)
_OPEN = Q(closed_at__isnull=True)


class Task(Base):
    """Something a post or a person has to do. `kind` names a registered `TaskKind`; `subject` is what it is about.

    It is open to whoever holds `role` at `unit`; `person` is set once somebody took it or was given it.
    `sort_at` is the deadline, never null, so that one index serves the inbox from the first page to the last.
    """

    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    subject_key = models.CharField(max_length=80)
    token = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    about = models.CharField(max_length=300, blank=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=40)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sort_at = models.GeneratedField(
        expression=Coalesce("due_at", Value(NO_DEADLINE)),
        output_field=models.DateTimeField(),
        db_persist=True,
    )
    urgent = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "role", "sort_at", "id"], condition=_OPEN, name="task_inbox"),
            models.Index(fields=["unit", "sort_at", "id"], condition=_OPEN, name="task_unit"),
            models.Index(fields=["role", "sort_at", "id"], condition=_OPEN, name="task_role"),
            models.Index(
                fields=["person", "sort_at", "id"],
                condition=_OPEN & Q(person__isnull=False),
                name="task_mine",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "token"], condition=_OPEN, name="task_once_per_token"
            )
        ]

    def __str__(self) -> str:
        return self.title
