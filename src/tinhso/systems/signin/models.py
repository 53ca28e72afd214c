"""Tables of Bảo mật tài khoản: whom the national sign-in means, and the codes officers gave."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from tinhso.core.db.models import Base
from tinhso.core.people.models import Person


class NationalLink(Base):
    """That a subject of the national sign-in is a person here; made at the first sign-in, by the personal number."""

    subject = models.CharField(max_length=255, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.subject} = {self.person_id}"


class OfficerCode(Base):
    """A one-time code an officer gave after checking somebody's paper card; only its keyed hash is kept."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=20)
    reason = models.CharField(max_length=300)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit_id = models.UUIDField(null=True)
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-issued_at"], name="officer_code_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.issued_at}"
