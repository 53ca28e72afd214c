"""The tables of the engine: procedures in immutable versions, cases, their acts, links between cases."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base, Dated


class Procedure(models.Model):
    """An administrative procedure; `code` is the national one. Without a version it is an information page."""

    code = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=500)
    name_en = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=60)
    levels = models.JSONField(default=list)
    information = models.JSONField(default=dict)
    popular = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["field", "name"])]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProcedureVersion(Dated):
    """One published version: the whole definition as data, with its hash. Never changed after publication."""

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)
    source = models.JSONField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedure_version_number"),
            ExclusionConstraint(
                name="procedure_version_no_overlap",
                expressions=[("procedure", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} v{self.number}"


class VersionFiles(models.Model):
    """The files a version was made of, word for word with the author's comments; kept apart from what the engine reads."""

    version = models.OneToOneField(ProcedureVersion, models.CASCADE, primary_key=True, related_name="kept")
    files = models.JSONField()

    def __str__(self) -> str:
        return f"{self.version_id}: {', '.join(self.files)}"


class FeeRate(Dated):
    """What a resolution says of a fee of a procedure: by province, channel ("" for all) and day of filing.

    Either `amount` in đồng or `percent` of the definition's own fee, or only further exemptions.
    """

    province = models.CharField(max_length=10)
    procedure = models.CharField(max_length=20)
    fee = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, blank=True)
    amount = models.DecimalField(max_digits=15, decimal_places=0, null=True)
    percent = models.PositiveSmallIntegerField(null=True)
    exempt = models.JSONField(default=list)
    resolution = models.CharField(max_length=300)
    source = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="fee_rate_never_negative"
            ),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="fee_rate_percent"
            ),
            ExclusionConstraint(
                name="fee_rate_no_overlap",
                expressions=[
                    (name, RangeOperators.EQUAL) for name in ("province", "procedure", "fee", "channel")
                ]
                + [("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} {self.fee} {self.resolution}"


class Case(Base):
    """A case (hồ sơ). `state` is the fold of its acts; the other columns repeat what lists filter and sort by."""

    code = models.CharField(max_length=64)
    key = models.CharField(max_length=80)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    state = models.JSONField()
    applicant = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    applicant_name = models.CharField(max_length=200)
    filer_id = models.UUIDField(null=True)
    reception = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    competent = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", db_index=False)
    channel = models.CharField(max_length=10)
    #: The system that handles the case; empty when it is ours.
    source = models.CharField(max_length=40, blank=True, default="")
    status = models.PositiveSmallIntegerField()
    finance = models.CharField(max_length=12)
    delivery = models.CharField(max_length=12)
    sync = models.CharField(max_length=12, default="none")
    clock = models.CharField(max_length=12)
    submitted_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    due_original = models.DateTimeField(null=True)
    due_current = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Not `unique=True`, which would make a second index of each, for searching by a part of the text.
            models.UniqueConstraint(fields=["code"], name="case_code"),
            models.UniqueConstraint(fields=["key"], name="case_key"),
            models.CheckConstraint(condition=Q(status__gte=1, status__lte=10), name="case_national_status"),
            models.CheckConstraint(
                condition=Q(due_original__isnull=True) | Q(due_current__gte=models.F("due_original")),
                name="case_due_never_earlier",
            ),
        ]
        # An act that changes an indexed column writes to every index: each has to earn its place.
        indexes = [
            models.Index(fields=["procedure", "-submitted_at", "-id"], name="case_procedure"),
            models.Index(fields=["reception", "-submitted_at", "-id"], name="case_reception"),
            models.Index(fields=["competent", "-submitted_at", "-id"], name="case_competent"),
            models.Index(
                fields=["competent", "due_current", "id"],
                condition=Q(finished_at__isnull=True),
                name="case_open",
            ),
            models.Index(fields=["-submitted_at", "-id"], name="case_latest"),
            models.Index(fields=["applicant", "-submitted_at"], name="case_applicant"),
            models.Index(
                fields=["filer_id", "-submitted_at"], condition=Q(filer_id__isnull=False), name="case_filer"
            ),
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="case_wake"),
            models.Index(
                fields=["reception", "finance", "submitted_at", "id"],
                condition=Q(finance__in=["unpaid", "partly", "refund_due"]),
                name="case_money",
            ),
            models.Index(
                fields=["version", "id"], condition=Q(finished_at__isnull=True), name="case_of_version"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Act(models.Model):
    """One act on a case: who did what when, with which data, what it changed, chained to the act before."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="acts", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.JSONField()
    data = models.JSONField()
    effects = models.JSONField()
    facts = models.JSONField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="act_sequence")]
        # Acts come in the order of time: a few kilobytes tell the last days' from all others, at no cost to writing.
        indexes = [BrinIndex(fields=["at"], name="act_at", pages_per_range=32, autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.kind}"


class CasePaper(models.Model):
    """That a file was given as a paper of a case: the thread from a file to those who may open it."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    paper = models.CharField(max_length=60)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.case_id} {self.paper}"


class CaseLink(Base):
    """That two cases belong together: a correction after the result, a child case, a group."""

    kind = models.CharField(max_length=20)
    parent = models.ForeignKey(Case, models.PROTECT, related_name="children")
    child = models.ForeignKey(Case, models.PROTECT, related_name="parents")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "parent", "child"], name="case_link_once")]

    def __str__(self) -> str:
        return f"{self.parent_id} {self.kind} {self.child_id}"


class VersionPlan(Base):
    """A move of open cases from one version of a procedure to another: `rebase` after a publication that changes
    nothing they depend on, `migrate` when a person decided it.

    `steps` maps steps of the old version to steps of the new one; with `recount` dates are counted again.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="plans")
    frm = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+")
    to = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    steps = models.JSONField(default=dict)
    recount = models.BooleanField(default=False)
    starts_on = models.DateField()
    person_id = models.UUIDField(null=True)
    person_name = models.CharField(max_length=200)
    run_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(frm=models.F("to")), name="plan_moves_somewhere"),
            models.UniqueConstraint(fields=["to"], condition=Q(kind="rebase"), name="plan_rebase_once"),
        ]
        indexes = [
            models.Index(fields=["procedure", "-made_at", "-id"], name="plan_of_procedure"),
            models.Index(fields=["starts_on"], condition=Q(state="waiting"), name="plan_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id} {self.kind} {self.state}"


class PlannedCase(Base):
    """What a plan said of a case, and what became of it.

    `outcome`: `can`, `cannot` (by the dry run), `moved`, `stays` (could not move when it was tried), `back`, `not_back`.
    `before` and `after` are digests of the state, `undo` what turns it back, `seq` the number of acts the case had when it was looked at, then
    that of the act of the move.
    """

    plan = models.ForeignKey(VersionPlan, models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10)
    reason = models.CharField(max_length=30, blank=True)
    details = models.JSONField(default=list)
    due_now = models.DateTimeField(null=True)
    due_then = models.DateTimeField(null=True)
    seq = models.PositiveIntegerField(null=True)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    undo = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "case"], name="planned_once")]
        indexes = [models.Index(fields=["plan", "outcome", "reason", "case"], name="planned_by_reason")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.case_id} {self.outcome}"
