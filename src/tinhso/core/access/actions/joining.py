"""Many people onto posts in one go, for an import: the rights of each were asked before, the entries are the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding, PostRole
from tinhso.core.access.queries.giving import Giving
from tinhso.core.audit.actions import record
from tinhso.core.db.batch import Batch
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_UNITS, require


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody who begins in a post; `post` with its `unit` at hand."""

    person_id: UUID
    post: Post
    valid_from: date
    valid_to: date | None = None


def appoint_many(
    batch: Batch, *, actor: Actor, rows: Sequence[Joining], ground: str, giving: Giving | None = None
) -> list[Holding]:
    """Let people hold posts, in the caller's transaction, under the rules of `appoint`; none overlaps what is held."""
    may = giving or Giving(actor)
    posts = {row.post.id: row.post for row in rows}
    for post in posts.values():
        require(actor, EDIT_UNITS, post.unit.path)
    for role in PostRole.objects.filter(post_id__in=list(posts)):  # as they are now, not as they were read
        may.require(role.role_id, posts[role.post_id].unit.path, below=role.below)
    for row in rows:
        may.require_not_oneself(row.person_id)
    made = [
        Holding(person_id=r.person_id, post=r.post, valid_from=r.valid_from, valid_to=r.valid_to)
        for r in rows
    ]
    Holding.objects.bulk_create(made)
    for row in rows:
        told = {
            "person": str(row.person_id),
            "from": str(row.valid_from),
            "to": str(row.valid_to or ""),
            "ground": ground,
        }
        record(
            batch,
            act="access.appoint",
            object_kind="post",
            object_id=str(row.post.id),
            actor=actor,
            data=told,
        )
    return made
