"""Files by their checksum. The bytes lie on disk, once, whatever the number of rows that name them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base


class StoredFile(Base):
    """One upload or one made document.

    `purpose` says what the file is for as `room.kind` or `room.kind:<id>`; the room before the dot decides
    who may open it. `pages` is known for PDF, `digitised` marks a scan of a paper original.
    """

    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    pages = models.PositiveIntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=120)
    digitised = models.BooleanField(default=False)
    uploaded_by = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_checksum"),
            models.CheckConstraint(condition=Q(size__gt=0), name="stored_file_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name
