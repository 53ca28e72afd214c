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
from tinhso.core.search.rules import question
from tinhso.core.search.slots import SEARCH_SOURCES, SearchSource

#: Public things are ranked, not paged: whoever has not found it among these should type another word.
MOST_PUBLIC = 100
After = tuple[datetime, UUID] | None
_PUBLIC = """
SELECT source, key, title, summary, url, at, id FROM (
  SELECT source, key, title, summary, url, at, id, score,
         row_number() OVER (PARTITION BY source ORDER BY score DESC, rank DESC, title, id) AS place
  FROM (SELECT *, ts_rank_cd('{{0.1,0.2,0.4,1.0}}', words, %s::tsquery, 1) * (1 + ln(1 + greatest(rank, 0))) AS score
        FROM search_searchentry WHERE public AND words @@ %s::tsquery {only}) AS matching
) AS ranked WHERE place <= %s ORDER BY source, place
"""
_PRIVATE = """
SELECT source, key, title, summary, url, at, id FROM search_searchentry
WHERE NOT public AND source = %s AND words @@ %s::tsquery {scope} {after}
ORDER BY at DESC, id DESC LIMIT %s
"""


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

    When nothing does, what holds any of the words. `source` narrows to one kind and makes private
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
    asked = question(text, every=every, private=False)
    if not asked or not sources:
        return []
    parts: list[str] = []
    params: list[Any] = []
    only_one = len(sources) == 1
    if after is None:
        parts.append(_PUBLIC.format(only="AND source = %s" if only_one else ""))
        params += [
            asked,
            asked,
            *([sources[0].key] if only_one else []),
            MOST_PUBLIC if only_one else size + 1,
        ]
    strict = question(text, every=every, private=True)
    for one in sources:
        sql, more = _private(actor, one, strict, after, size)
        if sql:
            parts.append(sql)
            params += more
    if not parts:
        return []
    sql = " UNION ALL ".join(
        f"(SELECT {number} AS part, * FROM ({part}) AS p{number})"
        for number, part in enumerate(parts)
    )
    with connection.cursor() as db:
        db.execute(sql, params)
        private_from = 1 if after is None else 0
        return [(row[0] >= private_from, Hit(*row[1:])) for row in db.fetchall()]


def _private(
    actor: Actor, source: SearchSource, asked: str, after: After, size: int
) -> tuple[str, list[Any]]:
    """The query of one source's private rows, "" when the actor can see none."""
    tokens = scope_tokens(actor, source.permission)
    if not tokens and not actor.system:
        return "", []
    sql = _PRIVATE.format(
        scope="" if actor.system else "AND scope && %s::text[]",
        after="AND (at, id) < (%s::timestamptz, %s::uuid)" if after else "",
    )
    return sql, [source.key, asked, *([] if actor.system else [tokens]), *(after or ()), size + 1]


def scope_tokens(actor: Actor, permission: str | None) -> list[str]:
    """What a row's scope must share one of: the person, and the units where the permission holds."""
    own = [f"p:{actor.person_id}"] if actor.person_id else []
    if permission is None:
        return own
    return own + sorted({f"u{'+' if below else ''}:{path}" for path, below in actor.paths(permission)})


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
