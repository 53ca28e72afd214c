"""Finding things: one or two queries, each row only for those who share its scope."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tinhso.core.access.actor import Actor
from tinhso.core.search.models import SearchEntry
from tinhso.core.search.rules import MIN_BEGUN, question
from tinhso.core.search.slots import SEARCH_SOURCES, SearchSource
from tinhso.core.search.sql import LATEST, private_sql, public_sql

#: Public things are ranked, not paged: whoever has not found it among these should type another word.
MOST_PUBLIC = 100
After = tuple[datetime, UUID] | None


@dataclass(frozen=True, slots=True)
class Hit:
    source: str
    key: str
    title: str
    summary: str
    url: str
    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one source; `more` when there are others, `next` the cursor of the next page if it is paged."""

    source: SearchSource
    hits: list[Hit]
    more: bool = False
    next: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Results by source, in the sources' order. `loose`: nothing held every word, these hold at least one."""

    groups: list[Group] = field(default_factory=list)
    loose: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups)


def find(actor: Actor, text: str, *, source: str | None = None, cursor: str = "", size: int = 10) -> Found:
    """What the actor may see of what holds every word of `text`, marks optional, the last word unfinished or not.

    When nothing does, the public things that hold any of the words (of a million people, somebody always
    shares one word). `source` narrows to one kind and makes private
    results pageable by `cursor`; without it each kind shows its first `size`. At most two queries.
    """
    sources = [s for s in SEARCH_SOURCES if source is None or s.key == source]
    after = _read(cursor)
    for every in (True, False):
        rows = _rows(actor, text, sources, every=every, after=after, size=size)
        if rows or after:
            return Found(_groups(rows, size, paged=source is not None), loose=not every)
        if len(text.split()) < 2:  # noqa: PLR2004 - one word: "any" asks the same again
            break
    return Found()


def _rows(
    actor: Actor, text: str, sources: list[SearchSource], *, every: bool, after: After, size: int
) -> list[tuple[bool, Hit]]:
    asked = question(text, every=every, begun=1)
    if not asked or not sources:
        return []
    alone = len(sources) == 1
    params: dict[str, Any] = {"asked": asked, "shown": MOST_PUBLIC if alone else size + 1, "limit": size + 1}
    params |= {"latest": LATEST, "person": [f"p:{actor.person_id}"], "only": sources[0].key}
    params["begun"] = question(text, every=every, begun=MIN_BEGUN)
    # A page that is walked by cursor has to hold everything in order, so it may not stop at exact words.
    params["exact"] = params["begun"] if alone else question(text, every=every, begun=0)
    if after is not None:
        params["at"], params["id"] = after
    parts = [public_sql(alone)] if after is None else []
    for number, one in enumerate(sources if every else ()):
        params[f"source{number}"], params[f"units{number}"] = one.key, unit_tokens(actor, one.permission)
        if actor.system or actor.person_id or params[f"units{number}"]:
            parts.append(private_sql(number, everything=bool(actor.system), paged=after is not None))
    if not parts:
        return []
    numbered = (
        f"(SELECT {number} AS part, * FROM ({part}) AS p{number})" for number, part in enumerate(parts)
    )
    with connection.cursor() as db:
        db.execute(" UNION ALL ".join(numbered), params)
        private_from = 1 if after is None else 0
        return [(row[0] >= private_from, Hit(*row[1:])) for row in db.fetchall()]


def unit_tokens(actor: Actor, permission: str | None) -> list[str]:
    """What a row's scope must share one of for the actor's posts: the units where the permission holds."""
    if permission is None:
        return []
    return sorted({f"u{'+' if below else ''}:{path}" for path, below in actor.paths(permission)})


def _groups(rows: list[tuple[bool, Hit]], size: int, *, paged: bool) -> list[Group]:
    groups = []
    for source in sorted(SEARCH_SOURCES, key=lambda s: (s.order, s.key)):
        public = [hit for private, hit in rows if hit.source == source.key and not private]
        private = [hit for is_private, hit in rows if hit.source == source.key and is_private]
        limit = MOST_PUBLIC if paged else size
        shown_private = private[:size]
        next_page = _cursor(shown_private[-1]) if paged and len(private) > size else ""
        hits = public[:limit] + shown_private
        if hits:
            groups.append(Group(source, hits, len(public) > limit or len(private) > size, next_page))
    return groups


def _cursor(hit: Hit) -> str:
    return (
        base64.urlsafe_b64encode(json.dumps([hit.at.isoformat(), str(hit.id)]).encode()).decode().rstrip("=")
    )


def _read(cursor: str) -> After:
    """The sort key in a cursor; None for an empty or damaged one, which means the first page."""
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return datetime.fromisoformat(at), UUID(key)
    except (binascii.Error, ValueError, TypeError, AttributeError):
        return None


def most_used(limit: int) -> list[SearchEntry]:
    """The public things used most, for a page on which nothing was typed yet."""
    return list(SearchEntry.objects.filter(public=True, rank__gt=0).order_by("-rank", "title")[:limit])
