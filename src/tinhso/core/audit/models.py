"""The log of acts, append-only and hash-chained, and the log of reads of personal data.

One chain for everything would make every writer wait for every other. The log is therefore kept in
lanes: a transaction extends whichever lane nobody else holds. Every lane is a chain; the heads of all
lanes are bound together once a day in a `Seal`, which is time-stamped.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone

from tinhso.core.db.models import Base


class Lane(models.Model):
    """The head of one chain."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.BinaryField(default=bytes(32))

    def __str__(self) -> str:
        return f"{self.id}: {self.seq}"


class Entry(models.Model):
    """One act. `hash` = SHA-256(previous hash of the lane ‖ `digest`); `digest` = SHA-256 of the canonical content."""

    id = models.BigAutoField(primary_key=True)
    lane = models.SmallIntegerField()
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    object_kind = models.CharField(max_length=60)
    object_id = models.CharField(max_length=64)
    actor = models.JSONField()
    data = models.JSONField()
    digest = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lane", "seq"], name="audit_entry_chain")]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"]),
            # Entries come in the order of time: a few bytes per thousand rows find any day.
            BrinIndex(fields=["at"], name="audit_entry_at", pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.act} {self.object_id}"


class PersonRead(Base):
    """That somebody read a person's data: who, in which post, what for, on which ground, in which case."""

    at = models.DateTimeField(default=timezone.now)
    person_id = models.UUIDField()
    reader_id = models.UUIDField(null=True)
    reader_post_id = models.UUIDField(null=True)
    reader_name = models.CharField(max_length=200, blank=True)
    unit_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=200)
    ground = models.CharField(max_length=200, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "-at"])]


class Seal(Base):
    """The heads of all lanes on a day, hashed together and time-stamped (RFC 3161 token)."""

    day = models.DateField(unique=True)
    heads = models.JSONField()
    hash = models.BinaryField()
    token = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
