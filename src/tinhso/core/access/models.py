"""Who may do what: roles on posts, people on posts.

A right is never stored per object. A person's grants are the roles of the posts held now; a check or a
list filter is one indexed look-up of (unit path, role).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base
from tinhso.core.orgs.models import Post
from tinhso.core.people.models import Person


class Role(models.Model):
    """A named set of permissions, loaded from `catalog/references/roles.yml`."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    permissions = models.JSONField(default=list)

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
    """That a person holds a post from a date to a date."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=models.F("valid_from")),
                name="holding_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.post}"


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
