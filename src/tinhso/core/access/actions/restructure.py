"""People in a reorganisation: what they held ends, what they hold from the day begins, written so that it can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tinhso.core.access.models import Holding
from tinhso.core.db.journal import Journal
from tinhso.core.orgs.models import Post


def seat_people(journal: Journal, *, on: date, seats: Sequence[tuple[UUID, Post]]) -> None:
    """Each holding (by id) ends on the day and goes on in another post, until the day it would have ended anyway.

    In the caller's transaction, who audits the plan as a whole. Somebody who would hold one post twice holds it once.
    """
    held = {h.id: h for h in Holding.objects.select_for_update().filter(id__in=[key for key, _ in seats])}
    begins: dict[tuple[UUID, UUID], Holding] = {}
    for key, post in seats:
        old = held[key]
        again = begins.setdefault(
            (old.person_id, post.id),
            Holding(person_id=old.person_id, post=post, valid_from=on, valid_to=old.valid_to),
        )
        if again.valid_to is not None and (old.valid_to is None or old.valid_to > again.valid_to):
            again.valid_to = old.valid_to
    journal.change_all([(h, {"valid_to": on}) for h in held.values()])
    journal.create_all(list(begins.values()))
