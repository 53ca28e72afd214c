"""The tables of single sign-on. Nothing that opens a door is kept in clear: codes, tokens and secrets are keyed hashes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tinhso.core.db.models import Base
from tinhso.systems.sso.choices import GRANTS, LEVELS, Kind, Subject


class Client(Base):
    """A program that lets people sign in here, or that works in its own name.

    `sector` names the group of programs that know a person under the same pairwise subject. `trusted` programs are
    the province's own: people are not asked for consent. `min_level` is the least assurance people must sign in with.
    """

    client_id = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind)
    contact = models.CharField(max_length=200, blank=True)
    secret = models.CharField(max_length=64, blank=True)
    old_secret = models.CharField(max_length=64, blank=True)
    old_secret_until = models.DateTimeField(null=True)
    secret_made_at = models.DateTimeField(null=True)
    redirect_uris = ArrayField(models.CharField(max_length=500), default=list)
    logout_uris = ArrayField(models.CharField(max_length=500), default=list)
    backchannel_uri = models.CharField(max_length=500, blank=True)
    scope = models.CharField(max_length=200)
    subject = models.CharField(max_length=10, choices=Subject, default=Subject.PAIRWISE)
    sector = models.CharField(max_length=200)
    min_level = models.CharField(max_length=1, choices=LEVELS, default="1")
    trusted = models.BooleanField(default=False)
    may_introspect = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def confidential(self) -> bool:
        """Whether the program keeps a secret."""
        return bool(self.secret)

    @property
    def grants(self) -> frozenset[str]:
        return GRANTS[self.kind]

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.scope.split())


class Key(Base):
    """One secret of the provider, encrypted: a signing key (`sig`), or the pepper (`pepper`) of hashes and subjects.

    A signing key is published from the start, signs from `signs_from` until a later one does, and stays published
    until `published_until`. `withdrawn_at`: it leaked; nothing signed with it counts.
    """

    use = models.CharField(max_length=10)
    alg = models.CharField(max_length=10, blank=True)
    secret = models.TextField()
    public = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    signs_from = models.DateTimeField(default=timezone.now)
    published_until = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["use"], condition=Q(use="pepper"), name="sso_one_pepper")
        ]

    def __str__(self) -> str:
        return f"{self.use} {self.id}"


class Grant(Base):
    """That a person let a program in, once: the code it got, and the family of tokens that came from it.

    `session_id` is the stay (`access.SignInSession`) it was given in: it ends with that, unless `offline`.
    `posts` are the posts the program was told of.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    session_id = models.UUIDField()
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    scope = models.CharField(max_length=200)
    posts = ArrayField(models.UUIDField(), default=list)
    auth_time = models.DateTimeField()
    amr = models.CharField(max_length=100)
    acr = models.CharField(max_length=1)
    nonce = models.CharField(max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    offline = models.BooleanField(default=False)
    code = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  null is no code; unique
    code_until = models.DateTimeField(null=True)
    code_used_at = models.DateTimeField(null=True)
    redirect_uri = models.CharField(max_length=500, blank=True)
    challenge = models.CharField(max_length=43, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoke_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ends_at"], name="sso_grant_ends"),
            models.Index(
                fields=["session_id"], condition=Q(revoked_at__isnull=True), name="sso_grant_of_session"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.person_id}"

    @property
    def scopes(self) -> list[str]:
        return self.scope.split()


class Token(models.Model):
    """An access token (`a`) or refresh token (`r`) by its hash. `grant` is empty for a program in its own name."""

    hash = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=1)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+", db_index=False)
    grant = models.ForeignKey(Grant, models.CASCADE, null=True, related_name="tokens")
    scope = models.CharField(max_length=200)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="sso_token_expires")]

    def __str__(self) -> str:
        return f"{self.kind} {self.issued_at}"


class Consent(Base):
    """That a person lets a program know what a scope gives, until withdrawn."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+", db_index=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    scope = models.CharField(max_length=200)
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "client"], condition=Q(withdrawn_at__isnull=True), name="sso_one_consent"
            )
        ]
        indexes = [models.Index(fields=["person", "-given_at"], name="sso_consent_of")]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.client_id}"


class DeviceCode(Base):
    """A device without a keyboard that waits for a person to let it in from another screen."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    device = models.CharField(max_length=64, unique=True)
    user_code = models.CharField(max_length=64, unique=True)
    scope = models.CharField(max_length=200)
    expires_at = models.DateTimeField()
    interval = models.PositiveSmallIntegerField(default=5)
    asked_at = models.DateTimeField(null=True)
    grant = models.ForeignKey(Grant, models.CASCADE, null=True, related_name="+")
    denied_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class LogoutNotice(Base):
    """That a program is to be told that a session ended; sent by a job until the program took it."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="+")
    session_id = models.UUIDField()
    person_id = models.UUIDField()
    made_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.session_id}"
