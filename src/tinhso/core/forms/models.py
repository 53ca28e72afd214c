"""What a person has typed and not yet sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base


class Draft(Base):
    """A form being filled in, kept at every step, so that it can be continued on another device.

    `code` names what is asked for (a procedure), `definition_hash` the form it was last filled in with.
    `answers` hold what was understood, `raw` typed text that was not, by path. `seen` are the ids of the
    pages that were sent at least once. `files` maps the id of a paper to ids of stored files.
    `origin` says what an earlier case has to do with it, in the words of the room that opened the draft.
    `owner` is the person who files, None while a walk-in is not yet known; `made_by` who opened the draft.
    """

    code = models.CharField(max_length=60)
    title = models.CharField(max_length=300, blank=True)
    definition_hash = models.CharField(max_length=64)
    owner = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="drafts")
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(
        "people.Person", models.CASCADE, null=True, blank=True, related_name="drafts_for"
    )
    channel = models.CharField(max_length=20)
    answers = models.JSONField(default=dict)
    raw = models.JSONField(default=dict)
    seen = models.JSONField(default=list)
    files = models.JSONField(default=dict)
    page = models.CharField(max_length=60, blank=True)
    origin = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    case_key = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "-updated_at"], condition=Q(submitted_at__isnull=True), name="draft_of_owner"
            ),
            models.Index(
                fields=["made_by", "-updated_at"],
                condition=Q(submitted_at__isnull=True),
                name="draft_of_maker",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, case_key="")
                | (Q(submitted_at__isnull=False) & ~Q(case_key="")),
                name="draft_submitted_has_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.updated_at:%d/%m/%Y}"
