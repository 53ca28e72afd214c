"""Who somebody is: the person, the posts held today, what they allow. One query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils import timezone

from tinhso.core.access.actor import VISITOR, Actor, Grant
from tinhso.core.access.models import Holding, PostRole
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.people.models import Account, Person
from tinhso.kit import trace
from tinhso.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post somebody holds today, and what it allows."""

    id: UUID
    title: str
    unit_id: UUID
    unit_name: str
    unit_path: str
    grants: tuple[Grant, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a request needs to know of the one who makes it. `account` is None when asked by person."""

    person_id: UUID
    name: str
    account: Account | None
    posts: tuple[HeldPost, ...]

    def actor(self, post_id: UUID | None = None, channel: str = "web") -> Actor:
        """The person acting in one post: the chosen one, else the one held longest. Rights of other posts rest."""
        post = next((p for p in self.posts if p.id == post_id), self.posts[0] if self.posts else None)
        account_id = self.account.id if self.account else None
        if post is None:
            return Actor(self.person_id, account_id, self.name, channel=channel, request_id=trace.request_id.get())
        return Actor(
            self.person_id, account_id, self.name, post.id, post.title, post.unit_id, post.unit_path, post.grants,
            channel=channel, request_id=trace.request_id.get(),
        )


_FIELDS = (
    "held__post_id", "held__post__title", "held__post__active", "held__post__unit_id", "held__post__unit__name",
    "held__post__unit__path", "held__post__unit__active", "held__post__roles__role_id", "held__post__roles__below",
    "held__post__roles__role__permissions",
)  # fmt: skip
_ACCOUNT = ("id", "username", "password", "is_active", "language", "person_id", "person__full_name")


def standing_of_account(account_id: Any) -> Standing | None:
    """Person, posts and roles behind an account in one query; None when there is none or it is closed."""
    rows = Account.objects.filter(id=account_id, is_active=True).annotate(held=_held("person__holdings"))
    found = list(_in_order(rows, _ACCOUNT))
    if not found:
        return None
    values = dict(zip(_ACCOUNT, found[0], strict=False))
    name = values.pop("person__full_name")
    account = Account(**values)
    return Standing(account.person_id, name, account, _posts(row[len(_ACCOUNT) :] for row in found))


def standing_of_person(person_id: UUID) -> Standing:
    """The same without an account, for jobs and tests. `NotFound` when there is no such person."""
    rows = Person.objects.filter(id=person_id).annotate(held=_held("holdings"))
    found = list(_in_order(rows, ("full_name",)))
    if not found:
        raise NotFound("unknown_person", "Không có người này.")
    return Standing(person_id, found[0][0], None, _posts(row[1:] for row in found))


def actor_for_account(account_id: UUID, post_id: UUID | None = None) -> Actor:
    """The actor behind an account, in the post chosen; a visitor when there is no such open account."""
    standing = standing_of_account(account_id)
    return standing.actor(post_id) if standing else VISITOR


def actor_for_person(person_id: UUID, post_id: UUID | None = None) -> Actor:
    """The actor a person is, in the post chosen. `NotFound` when there is no such person."""
    return standing_of_person(person_id).actor(post_id, channel="system")


def _held(relation: str) -> FilteredRelation:
    today = timezone.localdate()
    open_end = Q(**{f"{relation}__valid_to__isnull": True}) | Q(**{f"{relation}__valid_to__gt": today})
    return FilteredRelation(relation, condition=Q(**{f"{relation}__valid_from__lte": today}) & open_end)


def _in_order(rows: QuerySet[Any], first: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
    ordered = rows.order_by(F("held__valid_from").asc(nulls_last=True), "held__id", "held__post__roles__role_id")
    return ordered.values_list(*first, *_FIELDS)


def _posts(rows: Iterable[tuple[Any, ...]]) -> tuple[HeldPost, ...]:
    posts: dict[UUID, HeldPost] = {}
    grants: dict[UUID, list[Grant]] = {}
    for post_id, title, active, unit_id, unit_name, path, unit_active, role, below, permissions in rows:
        if post_id is None or not active or not unit_active:
            continue
        posts[post_id] = HeldPost(post_id, title, unit_id, unit_name, path, ())
        if role is not None:
            grants.setdefault(post_id, []).append(Grant(role, unit_id, path, below, frozenset(permissions)))
    return tuple(
        HeldPost(p.id, p.title, p.unit_id, p.unit_name, p.unit_path, tuple(grants.get(p.id, ()))) for p in posts.values()
    )


def posts_with_role(unit_id: UUID, role: str) -> list[Post]:
    """The open posts of a unit that carry a role."""
    rows = Post.objects.filter(unit_id=unit_id, active=True, roles__role_id=role)
    return list(rows.select_related("unit").order_by("code"))


def people_with_role(unit_id: UUID, role: str, on: date | None = None) -> list[Person]:
    """Who holds a role at a unit on a day (today unless given), by name; for assigning work and for notices."""
    day = on or timezone.localdate()
    held = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day, post__active=True, post__unit_id=unit_id,
        post__roles__role_id=role,
    )
    return list(Person.objects.filter(id__in=held.values("person_id")).order_by("folded_name", "id"))


def holders(post_id: UUID, on: date | None = None) -> list[Holding]:
    """Who holds a post on a day, `person` at hand, longest first."""
    day = on or timezone.localdate()
    rows = Holding.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), post_id=post_id, valid_from__lte=day)
    return list(rows.select_related("person").order_by("valid_from", "id"))


def posts_of_unit(unit_id: UUID) -> list[Post]:
    """All posts of a unit with their `roles`, for the administrator's page."""
    return list(Post.objects.filter(unit_id=unit_id).prefetch_related("roles__role").order_by("code"))


_kept: tuple[Any, dict[str, frozenset[UUID]]] = (None, {})


def units_with_role(role: str) -> frozenset[UUID]:
    """The units with an open post that carries a role; kept with the directory of units."""
    global _kept
    directory = orgs.directory()
    if _kept[0] is not directory:
        found: dict[str, set[UUID]] = {}
        for code, unit_id in PostRole.objects.filter(post__active=True).values_list("role_id", "post__unit_id"):
            found.setdefault(code, set()).add(unit_id)
        _kept = (directory, {code: frozenset(units) for code, units in found.items()})
    return _kept[1].get(role, frozenset())


def unit_holding(unit_id: UUID, role: str) -> Unit | None:
    """Where a role is held for a unit: the unit itself, else the nearest part below it, else the nearest unit above.

    So that "the land officer of the district" finds the division, and "the chair" of a division the committee.
    """
    known, having = orgs.directory(), units_with_role(role)
    here = orgs.unit(unit_id)
    if here.id in having:
        return here
    below = [u for u in known.units.values() if u.id in having and u.active and u.path.startswith(here.path + ".")]
    below = [u for u in below if u.territory_id == here.territory_id]
    if below:
        return min(below, key=lambda u: (u.path.count("."), u.path))
    return next((u for u in known.above(here.path) if u.id in having), None)
