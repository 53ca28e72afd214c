"""Documents we issued, each found again by the code printed on it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base
from tinhso.core.files.models import StoredFile


class IssuedState(models.TextChoices):
    """Whether a document still holds."""

    VALID = "valid", "Đang có giá trị"
    REPLACED = "replaced", "Đã được thay thế"
    REVOKED = "revoked", "Đã thu hồi"


class IssuedDocument(Base):
    """A signed paper that left the house. Names of unit and signer are as they stood on the day.

    `code` is what the QR code opens: 80 random bits, so that nobody finds a paper by trying.
    """

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    about = models.CharField(max_length=200, blank=True)
    case_code = models.CharField(max_length=64, blank=True, db_index=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="issued")
    sha256 = models.CharField(max_length=64, db_index=True)
    issuer_unit_id = models.UUIDField(null=True, blank=True)
    issuer_name = models.CharField(max_length=200)
    signer_name = models.CharField(max_length=200)
    signer_title = models.CharField(max_length=200, blank=True)
    issued_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=20, choices=IssuedState, default=IssuedState.VALID)
    state_reason = models.CharField(max_length=300, blank=True)
    state_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="valid") | Q(state_at__isnull=False, state_reason__gt=""),
                name="issued_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"
