"""Persons and organisations, what identifies them, their accounts, and who may act for whom."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tinhso.core.db.models import Base
from tinhso.kit.uuid7 import uuid7


class PersonKind(models.TextChoices):
    PERSON = "person", "Cá nhân"
    ORGANISATION = "organisation", "Tổ chức"


class Person(Base):
    """A human being or an organisation. `birth` is ISO text of whatever is known: year, month or day."""

    kind = models.CharField(max_length=20, choices=PersonKind, default=PersonKind.PERSON)
    full_name = models.CharField(max_length=200)
    folded_name = models.CharField(max_length=200)
    birth = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=[("M", "Nam"), ("F", "Nữ")])
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=300, blank=True)
    territory_code = models.CharField(max_length=10, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["folded_name"], opclasses=["text_pattern_ops"], name="person_folded"),
            GinIndex(fields=["folded_name"], opclasses=["gin_trgm_ops"], name="person_folded_parts"),
            models.Index(fields=["phone"], condition=~Q(phone=""), name="person_phone"),
        ]

    def __str__(self) -> str:
        return self.full_name


class IdentityKind(models.TextChoices):
    """The kinds of numbers, named as `tinhso.kit.identity` names them."""

    CITIZEN = "citizen", "Số định danh cá nhân"
    CMND = "cmnd", "Chứng minh nhân dân 9 số"
    TAX = "tax", "Mã số thuế"


class Identity(Base):
    """A number that identifies a person: the 12-digit personal number, an old 9-digit card, a tax code."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=20, choices=IdentityKind)
    number = models.CharField(max_length=40)
    issued_on = models.CharField(max_length=10, blank=True)
    issued_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="identity_once")]
        indexes = [models.Index(fields=["number"], name="identity_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class MandateKind(models.TextChoices):
    """On what footing somebody acts for another."""

    PARENT = "parent", "Cha, mẹ"
    GUARDIAN = "guardian", "Người giám hộ"
    AUTHORISED = "authorised", "Người được ủy quyền"
    REPRESENTATIVE = "representative", "Người đại diện của tổ chức"


class Mandate(Base):
    """That `agent` may act for `principal`: as parent, guardian, or by a written authorisation."""

    agent = models.ForeignKey(Person, models.CASCADE, related_name="mandates_held")
    principal = models.ForeignKey(Person, models.CASCADE, related_name="mandates_given")
    kind = models.CharField(max_length=20, choices=MandateKind)
    ground = models.CharField(max_length=300, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(agent=F("principal")), name="mandate_for_another"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="mandate_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} → {self.principal}"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """How a person signs in. `username` is the personal number for citizens, any short name for staff."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(max_length=60, unique=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=5, default="vi")

    objects = AccountManager()

    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.username
