"""The cash book of every system: accounts, money in with its receipts, money back, bank statements, closed books.

What happened stands in the subject's own acts (a case's, say); these rows repeat it for queues, day books
and settlements, and keep the two things only a table can promise: one number once, one transaction once.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base, Dated


def _money(**options: object) -> models.DecimalField:
    """Whole đồng."""
    return models.DecimalField(max_digits=15, decimal_places=0, **options)  # type: ignore[arg-type]


class Account(Dated):
    """The bank account a unit's money of one kind goes to, in force for a range of dates."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    bank = models.CharField(max_length=6)
    bank_name = models.CharField(max_length=200)
    number = models.CharField(max_length=19)
    holder = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="account_one_per_kind",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.bank} {self.number}"


class Subject(models.Model):
    """What money is about: one thing of some room, by id and by the code people know."""

    subject_id = models.UUIDField()
    subject_key = models.CharField(max_length=80)
    about = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


class Transfer(Base, Subject):
    """A transfer somebody was asked to make: its content is unique, so that money finds its way."""

    content = models.CharField(max_length=25, unique=True)
    provider = models.CharField(max_length=30)
    kind = models.CharField(max_length=10)
    amount = _money()
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_id"], name="transfer_subject")]

    def __str__(self) -> str:
        return self.content


class Closing(Base):
    """A book that was closed: the money a centre took and gave back since the closing before, and the cash counted."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)
    expected = _money()
    counted = _money()
    totals = models.JSONField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="closing_number")]
        indexes = [models.Index(fields=["unit", "-at"], name="closing_latest")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.number}"


class Payment(Base, Subject):
    """Money that came in: at which centre, for which agency, how; `surplus` came beyond what was owed."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    how = models.CharField(max_length=10)
    amount = _money()
    surplus = _money(default=0)
    payer = models.CharField(max_length=200, blank=True)
    provider = models.CharField(max_length=30, blank=True)
    transaction = models.CharField(max_length=120, blank=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    void = models.CharField(max_length=500, blank=True)
    voided_at = models.DateTimeField(null=True)
    closing = models.ForeignKey(Closing, models.PROTECT, null=True, related_name="payments")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_money"),
            models.UniqueConstraint(
                fields=["provider", "transaction"], condition=~Q(transaction=""), name="payment_once"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-at", "-id"], name="payment_book"),
            models.Index(fields=["unit", "id"], condition=Q(closing__isnull=True), name="payment_open"),
            models.Index(fields=["subject_id"], name="payment_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.amount}"


class Receipt(Base):
    """A numbered receipt of one kind of money. A void one keeps its number, so that no series has a gap."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="receipts")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    series = models.CharField(max_length=80)
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=60)
    amount = _money()
    at = models.DateTimeField()
    void = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="receipt_once"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="receipt_counts_from_one"),
        ]
        indexes = [models.Index(fields=["unit", "at"], name="receipt_settlement")]

    def __str__(self) -> str:
        return self.number


class Refund(Base, Subject):
    """Money to give back, or given back: who asked, who decided. `phi` and `le_phi` say from which kind it comes."""

    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10)
    amount = _money()
    kept = _money(default=0)
    phi = _money(default=0)
    le_phi = _money(default=0)
    how = models.CharField(max_length=10)
    to = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    closing = models.ForeignKey(Closing, models.PROTECT, null=True, related_name="refunds")

    class Meta:
        indexes = [
            models.Index(fields=["unit", "-at", "-id"], name="refund_book"),
            models.Index(fields=["unit", "id"], condition=Q(state="asked"), name="refund_waiting"),
            models.Index(fields=["unit", "decided_at"], name="refund_settlement"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.amount}"


class Statement(Base):
    """A bank statement somebody gave the system to read."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, unique=True)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    account = models.CharField(max_length=19)
    at = models.DateTimeField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class StatementLine(Base):
    """Money that arrived on an account. `unmatched` until its subject is found; the same transaction is one line."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    account = models.CharField(max_length=19)
    transaction = models.CharField(max_length=80)
    at = models.DateTimeField()
    amount = _money()
    content = models.CharField(max_length=500)
    payer = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, default="unmatched")
    subject_key = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "transaction"], name="statement_line_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="statement_line_is_money"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "-at", "-id"], condition=Q(state="unmatched"), name="statement_unmatched"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.transaction}"
