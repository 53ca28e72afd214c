"""Who may do a thing at a place: the rules of every check, asked for everybody at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from tinhso.core.access.actor import Grant
from tinhso.core.access.models import Delegation, Holding
from tinhso.core.access.queries.standing import HeldPost, held_on, open_posts
from tinhso.core.access.rules import lent_grants


@dataclass(frozen=True, slots=True)
class Can:
    """One way somebody may: the post, the grant on it, since when; `giver` when they stand in for its holder."""

    person_id: UUID
    name: str
    post: HeldPost
    grant: Grant
    since: date
    giver: str = ""
    delegation_id: UUID | None = None


def who_can(permission: str, *paths: str) -> list[Can]:
    """Everybody who has the permission at one of the units, by name: holders of posts, and who stands in for them.

    The same grants, dates and limits as `Standing`: whoever is here may, whoever is not may not.
    """
    reach: dict[UUID, Grant] = {}
    for post in open_posts().values():
        for grant in post.grants:
            if permission in grant.permissions and any(grant.covers(path) for path in paths):
                reach.setdefault(post.id, grant)
    found = _holders(reach) + _delegates(reach, permission, paths)
    return sorted(found, key=lambda c: (c.name.split()[-1:], c.name, str(c.person_id), c.since))


def _holders(reach: dict[UUID, Grant]) -> list[Can]:
    known = open_posts()
    rows = Holding.objects.filter(held_on(), post_id__in=list(reach)).select_related("person")
    return [
        Can(h.person_id, h.person.full_name, known[h.post_id], reach[h.post_id], h.valid_from) for h in rows
    ]


def _delegates(reach: dict[UUID, Grant], permission: str, paths: tuple[str, ...]) -> list[Can]:
    """Delegates with a post of their own, whose giver still holds the post, of what may be handed on."""
    known, today = open_posts(), timezone.localdate()
    rows = Delegation.objects.filter(post_id__in=list(reach), revoked_at__isnull=True, valid__contains=today)
    rows = rows.select_related("giver", "delegate")
    lent = list(rows)
    people = {d.delegate_id for d in lent} | {d.giver_id for d in lent}
    held = set(Holding.objects.filter(held_on(), person_id__in=people).values_list("person_id", "post_id"))
    own = {person for person, post in held if post in known}
    found = []
    for d in lent:
        if (d.giver_id, d.post_id) not in held or d.delegate_id not in own:
            continue
        for grant in lent_grants(known[d.post_id].grants, frozenset(d.permissions)):
            if permission in grant.permissions and any(grant.covers(path) for path in paths):
                found.append(
                    Can(
                        d.delegate_id, d.delegate.full_name, known[d.post_id], grant, d.first_day, d.giver.full_name, d.id
                    )
                )  # fmt: skip
                break
    return found
