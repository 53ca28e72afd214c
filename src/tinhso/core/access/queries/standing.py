"""Who somebody is: the person, the posts held today, what they allow. One query, the rest from memory."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from tinhso.core.access.actor import VISITOR, Actor, Grant, OnBehalf
from tinhso.core.access.models import Holding, PostRole
from tinhso.core.access.rules import lent_grants
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post, Unit
from tinhso.core.people.models import Account, Person
from tinhso.kit import trace
from tinhso.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post somebody holds today, or stands in for by delegation (`lent` says for whom), and what it allows."""

    id: UUID
    title: str
    unit_id: UUID
    unit_name: str
    unit_path: str
    grants: tuple[Grant, ...]
    lent: OnBehalf | None = None

    @property
    def key(self) -> UUID:
        """What a person chooses it by: two people may lend posts of the same kind."""
        return (self.lent and self.lent.delegation_id) or self.id

    @property
    def label(self) -> str:
        """As the choice of post names it."""
        if self.lent:
            return gettext("Thay mặt %(name)s (%(title)s)") % {"name": self.lent.name, "title": self.title}
        return self.title


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything a request needs to know of the one who makes it. `account` is None when asked by person.

    `posts` are the person's own, `lent` those handed to them by a delegation in force. Nobody without a post
    of their own stands in for others.
    """

    person_id: UUID
    name: str
    account: Account | None
    posts: tuple[HeldPost, ...]
    lent: tuple[HeldPost, ...] = ()

    @property
    def choices(self) -> tuple[HeldPost, ...]:
        """Every standing the person may choose to act in, own posts first."""
        return self.posts + self.lent

    def actor(self, key: UUID | None = None, channel: str = "web") -> Actor:
        """The person acting in one post: the chosen one, else the one held longest. Rights of other posts rest.

        `key` is `HeldPost.key` (or `Actor.standing_key`). A delegation that ended gives no rights: the actor then
        stands in their own post.
        """
        own = self.posts[0] if self.posts else None
        post = next((p for p in self.choices if p.key == key), own)
        account_id = self.account.id if self.account else None
        seen = trace.request_id.get()
        if post is None or own is None:
            return Actor(self.person_id, account_id, self.name, channel=channel, request_id=seen)
        shown = own if post.lent else post
        return Actor(
            self.person_id,
            account_id,
            self.name,
            shown.id,
            shown.title,
            post.unit_id,
            post.unit_path,
            post.grants,
            on_behalf_of=post.lent,
            channel=channel,
            request_id=seen,
        )


# Written out because every request runs them: building the same statement through the ORM takes ten times as long.
# Whether somebody stands in for another is only asked here; who does is read by `_LENT`, so that the many who do not
# pay for one look into a small index.
_HELD = """
LEFT JOIN access_holding h ON h.person_id = p.id AND h.valid_from <= %(today)s
    AND (h.valid_to IS NULL OR h.valid_to > %(today)s) AND (h.ended_at IS NULL OR h.ended_at > %(now)s)
"""
_COLUMNS = """p.id, p.full_name, h.post_id, EXISTS (
    SELECT FROM access_delegation d WHERE d.delegate_id = p.id AND d.revoked_at IS NULL AND d.valid @> %(today)s::date)"""
_BY_ACCOUNT = f"""
SELECT {_COLUMNS}, a.id, a.username, a.password, a.language
FROM people_account a JOIN people_person p ON p.id = a.person_id {_HELD}
WHERE a.id = %(id)s AND a.is_active ORDER BY h.valid_from, h.id
"""  # noqa: S608 - only our own text is put together
# The same by the stay a browser holds, while that counts: not ended, not too old, not idle for too long.
_BY_SESSION = f"""
SELECT {_COLUMNS}, s.last_used_at, a.id, a.username, a.password, a.language
FROM access_signinsession s JOIN people_account a ON a.id = s.account_id JOIN people_person p ON p.id = a.person_id {_HELD}
WHERE s.id = %(id)s AND s.ended_at IS NULL AND s.ends_at > %(now)s AND s.last_used_at > %(idle)s AND a.is_active
ORDER BY h.valid_from, h.id
"""  # noqa: S608
_BY_PERSON = f"""
SELECT {_COLUMNS} FROM people_person p {_HELD} WHERE p.id = %(id)s ORDER BY h.valid_from, h.id
"""  # noqa: S608
# A delegation counts while it was not revoked and while its giver still holds the post.
_LENT = """
SELECT d.id, d.post_id, d.giver_id, g.full_name, d.permissions::text, d.form
FROM access_delegation d JOIN people_person g ON g.id = d.giver_id
WHERE d.delegate_id = %(id)s AND d.revoked_at IS NULL AND d.valid @> %(today)s::date AND EXISTS (
    SELECT FROM access_holding o WHERE o.person_id = d.giver_id AND o.post_id = d.post_id
        AND o.valid_from <= %(today)s AND (o.valid_to IS NULL OR o.valid_to > %(today)s)
        AND (o.ended_at IS NULL OR o.ended_at > %(now)s))
ORDER BY lower(d.valid), d.id
"""


def standing_of_account(account_id: UUID | str) -> Standing | None:
    """Person, posts and roles behind an account in one query (two for who stands in for others); None when there is none or it is closed."""
    rows = _rows(_BY_ACCOUNT, account_id)
    if not rows:
        return None
    own_id, username, password, language = rows[0][-4:]
    account = Account(
        id=own_id, username=username, password=password, language=language, person_id=rows[0][0]
    )
    return _standing(rows, account)


def standing_of_session(session_id: UUID | str) -> tuple[Standing, datetime] | None:
    """The same behind a stay, and when that was last noted as used; None when the stay counts no more.

    A stay counts until it is ended, reaches its end, or lies unused for `SESSION_IDLE_SECONDS`.
    """
    now = timezone.now()
    rows = _rows(
        _BY_SESSION, session_id, now=now, idle=now - timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    )
    if not rows:
        return None
    last_used, own_id, username, password, language = rows[0][-5:]
    account = Account(
        id=own_id, username=username, password=password, language=language, person_id=rows[0][0]
    )
    return _standing(rows, account), last_used


def standing_of_person(person_id: UUID) -> Standing:
    """The same without an account, for jobs and tests. `NotFound` when there is no such person."""
    rows = _rows(_BY_PERSON, person_id)
    if not rows:
        raise NotFound("unknown_person", gettext("Không có người này."))
    return _standing(rows, None)


def actor_for_account(account_id: UUID, post_id: UUID | None = None) -> Actor:
    """The actor behind an account, in the post chosen; a visitor when there is no such open account."""
    standing = standing_of_account(account_id)
    return standing.actor(post_id) if standing else VISITOR


def actor_for_person(person_id: UUID, post_id: UUID | None = None) -> Actor:
    """The actor a person is, in the post chosen. `NotFound` when there is no such person."""
    return standing_of_person(person_id).actor(post_id, channel="system")


def _rows(sql: str, row_id: UUID | str, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        now = timezone.now()
        cursor.execute(sql, more | {"id": row_id, "today": timezone.localdate(now), "now": now})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _standing(rows: list[tuple[Any, ...]], account: Account | None) -> Standing:
    """The open posts among those held, longest held first; then those lent, to somebody with a post of their own."""
    known = open_posts()
    person_id, name, _, stands_in = rows[0][:4]
    held = dict.fromkeys(row[2] for row in rows if row[2] is not None)
    posts = tuple(known[post_id] for post_id in held if post_id in known)
    lent = _rows(_LENT, person_id) if stands_in and posts else []
    found = tuple(_lent(known[row[1]], row) for row in lent if row[1] in known)
    return Standing(person_id, name, account, posts, tuple(post for post in found if post.grants))


def _lent(post: HeldPost, row: tuple[Any, ...]) -> HeldPost:
    """A post as a delegation hands it on: no more than the post allows today, and of that what was handed."""
    delegation_id, _, giver, name, permissions, form = row
    grants = lent_grants(post.grants, frozenset(json.loads(permissions)))
    return replace(post, grants=grants, lent=OnBehalf(giver, name, post.title, post.id, delegation_id, form))


class _Kept:
    """Every open post with its rights, and the picture of units it was made for."""

    picture: orgs.Directory | None = None
    posts: ClassVar[dict[UUID, HeldPost]] = {}


def _reach(unit_id: UUID) -> list[tuple[UUID, str]]:
    """Where a right held at a unit holds: at the unit, at the closed units it continues, and under the paths they had."""
    found = []
    for unit in orgs.continued_by(unit_id):
        if unit.id == unit_id or not unit.active:
            found += [(unit.id, path) for path in (unit.path, *unit.former_paths)]
    return found


def open_posts() -> dict[UUID, HeldPost]:
    """The open posts of open units by id, with what they allow; kept in memory as long as the directory of units."""
    picture = orgs.directory()
    if _Kept.picture is not picture:
        grants: dict[UUID, list[Grant]] = {}
        rows = PostRole.objects.filter(post__active=True).order_by("role_id")
        for post_id, unit_id, role, below, permissions in rows.values_list(
            "post_id", "post__unit_id", "role_id", "below", "role__permissions"
        ):
            if unit_id in picture.units:  # a unit made this second is in the next picture
                kept = grants.setdefault(post_id, [])
                for place, path in _reach(unit_id):
                    kept.append(Grant(role, place, path, below, frozenset(permissions)))
        posts = {}
        for post_id, title, unit_id in Post.objects.filter(active=True).values_list("id", "title", "unit_id"):
            unit = picture.units.get(unit_id)
            if unit is not None and unit.active:
                own = tuple(grants.get(post_id, ()))
                posts[post_id] = HeldPost(post_id, title, unit_id, unit.name, unit.path, own)
        _Kept.posts, _Kept.picture = posts, picture
    return _Kept.posts


def held_on(on: date | None = None) -> Q:
    """Holdings in force on a day; without one at this moment."""
    if on is not None:
        return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    now = timezone.now()
    return held_on(timezone.localdate(now)) & (Q(ended_at__isnull=True) | Q(ended_at__gt=now))


def posts_with_role(unit_id: UUID, role: str) -> list[Post]:
    """The open posts of a unit that carry a role."""
    rows = Post.objects.filter(unit_id=unit_id, active=True, roles__role_id=role)
    return list(rows.select_related("unit").order_by("code"))


def people_with_role(unit_id: UUID, role: str, on: date | None = None) -> list[Person]:
    """Who holds a role at a unit on a day (today unless given), by name; for assigning work and for notices."""
    held = Holding.objects.filter(
        held_on(on),
        post__active=True,
        post__unit_id=unit_id,
        post__roles__role_id=role,
    )
    return list(Person.objects.filter(id__in=held.values("person_id")).order_by("folded_name", "id"))


def holders(post_id: UUID, on: date | None = None) -> list[Holding]:
    """Who holds a post on a day, `person` at hand, longest first."""
    rows = Holding.objects.filter(held_on(on), post_id=post_id)
    return list(rows.select_related("person").order_by("valid_from", "id"))


def posts_of_unit(unit_id: UUID) -> list[Post]:
    """All posts of a unit with their `roles`, for the administrator's page."""
    return list(Post.objects.filter(unit_id=unit_id).prefetch_related("roles__role").order_by("code"))


def units_with_role(role: str) -> frozenset[UUID]:
    """The units with an open post that carries a role."""
    return frozenset(p.unit_id for p in open_posts().values() if any(g.role == role for g in p.grants))


def unit_holding(unit_id: UUID, role: str) -> Unit | None:
    """Where a role is held for a unit: the unit itself, else the nearest part below it, else the nearest unit above.

    So that "the land officer of the district" finds the division, and "the chair" of a division the committee.
    """
    known, having = orgs.directory(), units_with_role(role)
    here = orgs.unit(unit_id)
    if here.id in having:
        return here
    below = [
        u for u in known.units.values() if u.id in having and u.active and u.path.startswith(here.path + ".")
    ]
    below = [u for u in below if u.territory_id == here.territory_id]
    if below:
        return min(below, key=lambda u: (u.path.count("."), u.path))
    return next((u for u in known.above(here.path) if u.id in having), None)
