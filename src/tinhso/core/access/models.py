"""Who may do what: roles on posts, people on posts.

A right is never stored per object. A person's grants are the roles of the posts held now; a check or a
list filter is one indexed look-up of (unit path, role).
"""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tinhso.core.db.models import Base, Dated
from tinhso.core.orgs.models import Post
from tinhso.core.people.models import Person


class Role(models.Model):
    """A named set of permissions, loaded from `catalog/references/roles.yml`.

    `gives` are the roles that who keeps posts in this role may put on a post (`*`: every one).
    """

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    permissions = models.JSONField(default=list)
    gives = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class PostRole(Base):
    """That a post carries a role; `below` extends it to every unit under the post's unit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="roles")
    role = models.ForeignKey(Role, models.PROTECT)
    below = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "role"], name="post_role_once")]

    def __str__(self) -> str:
        return f"{self.post}: {self.role}"


class Holding(Base):
    """That a person holds a post from a date to a date.

    `valid_to` is the first day it is not held. `ended_at` is set when it ends at a moment and not at midnight: of a
    moment that is past `valid_to` is that very day, so that everything that reads days sees the end at once; of one to
    come it is the day after, and rights (`queries.standing`) also look at the moment.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True, ended_at__isnull=True)
                | Q(valid_to__gt=models.F("valid_from"))
                | Q(valid_to=models.F("valid_from"), ended_at__isnull=False),
                name="holding_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.post}"


class SignatureForm(models.TextChoices):
    """How a signature for another is headed (Decree 30/2020/NĐ-CP, Annex I, part II, 5)."""

    FOR_HEAD = "kt", "KT. (ký thay cấp trưởng)"
    AUTHORISED = "tuq", "TUQ. (thừa ủy quyền)"
    ACTING = "q", "Q. (quyền cấp trưởng)"


class Lasting(Dated):
    """A row that holds for whole days; people name the last day, the range excludes the day after it."""

    class Meta:
        abstract = True

    @property
    def first_day(self) -> date:
        return self.valid.lower  # type: ignore[no-any-return]

    @property
    def last_day(self) -> date:
        return self.valid.upper - timedelta(days=1)  # type: ignore[no-any-return]


class Delegation(Lasting):
    """That the holder of a post (`giver`) hands what it allows to `delegate` for a range of days (ủy quyền).

    `permissions` empty means everything the post allows. `given_by` is the giver, or a head or administrator who
    arranges it for somebody absent, or a delegate who may pass it on (`source` is then their own delegation).
    It ends with its last day, when it is revoked, or when the giver no longer holds the post.
    """

    giver = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations_held")
    permissions = models.JSONField(default=list)
    form = models.CharField(max_length=4, choices=SignatureForm)
    ground = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    file_id = models.UUIDField(null=True)
    may_pass_on = models.BooleanField(default=False)
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="passed_on")
    given_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    revoke_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("delegate")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__upper_inf=False), name="delegation_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["delegate"], condition=Q(revoked_at__isnull=True), name="delegation_held"),
            models.Index(fields=["giver", "post"], name="delegation_given"),
            models.Index(fields=["post", "-given_at", "-id"], name="delegation_of_post"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.delegate}: {self.post}"


class Absence(Lasting):
    """That a person is away for a range of days, and who does their work meanwhile (vắng mặt, người làm thay)."""

    class Kind(models.TextChoices):
        LEAVE = "leave", "Nghỉ phép"
        SICK = "sick", "Nghỉ ốm"
        TRIP = "trip", "Đi công tác"
        STUDY = "study", "Đi học"
        OTHER = "other", "Lý do khác"

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=10, choices=Kind)
    note = models.CharField(max_length=300, blank=True)
    substitute = models.ForeignKey(Person, models.PROTECT, null=True, related_name="substitutions")
    recorded_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[("person", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=Q(cancelled_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__upper_inf=False), name="absence_has_an_end"
            ),
        ]
        indexes = [
            models.Index(
                fields=["substitute"],
                condition=Q(cancelled_at__isnull=True, substitute__isnull=False),
                name="absence_substitute",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.valid}"


class SignInFailure(models.Model):
    """Failed sign-ins under one key, so that guessing gets slow. `key` is a keyed hash, never a name or an address.

    Names nobody has are counted just like real ones: the answer tells nothing about who has an account.
    """

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.count} until {self.wait_until}"


class SignInSession(Base):
    """One stay after one sign-in, from one device; what the person sees under "devices" and may end.

    The browser's session carries only this row's id: a stay counts while it is not ended, used within the idle
    limit and younger than `ends_at`. `device_id` is what the browser keeps to be known again. `amr` says how the
    person proved who they are (RFC 8176 words, and `vneid`, `officer`).
    """

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="sign_ins", db_index=False)
    began_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    amr = models.JSONField(default=list)
    device_id = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=300, blank=True)
    network = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-began_at", "-id"], name="signin_of_account"),
            models.Index(fields=["account"], condition=Q(ended_at__isnull=True), name="signin_open"),
            models.Index(fields=["began_at"], name="signin_began"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.began_at}"


class Totp(models.Model):
    """The authenticator program of an account. `secret` is sealed; `last_step` the last 30-second step used."""

    account = models.OneToOneField(
        "people.Account", models.CASCADE, primary_key=True, related_name="totp", db_index=False
    )
    secret = models.CharField(max_length=300)
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.account_id)


class RecoveryCode(Base):
    """One code of the sheet a person keeps for the day the telephone is lost; only its keyed hash is kept."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account_id} {self.made_at}"


class Passkey(Base):
    """A key a device keeps for this site (WebAuthn). `data` is the attested credential data, a public key with its id."""

    account = models.ForeignKey("people.Account", models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    data = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
