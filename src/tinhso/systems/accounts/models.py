"""What is kept of staff accounts beside persons and posts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base


class Staff(Base):
    """The code an agency's own list knows somebody by (mã cán bộ); one for each person, never used for another."""

    person = models.OneToOneField("people.Person", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.code


class Invitation(Base):
    """That somebody may set the first password of an account, once, by a link or a letter, until `expires_at`.

    The code itself is never kept: it follows from the row's id, `round` and the installation's secret; `hash` is its
    SHA-256, to find the row by. Sending again begins a new round, and the code of the old one opens nothing.
    """

    account = models.OneToOneField("people.Account", models.CASCADE, related_name="+")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    hash = models.CharField(max_length=64, unique=True)
    email = models.EmailField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "made_at", "id"],
                condition=Q(used_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}"

    @property
    def state(self) -> str:
        """`used`, `withdrawn`, `expired` or `open`."""
        if self.used_at:
            return "used"
        if self.withdrawn_at:
            return "withdrawn"
        return "expired" if self.expires_at <= timezone.now() else "open"
