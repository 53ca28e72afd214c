"""The only writes to the search index."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from tinhso.core.db.batch import Batch
from tinhso.core.search.models import SearchEntry
from tinhso.core.search.rules import vector
from tinhso.core.search.slots import SEARCH_SOURCES
from tinhso.kit.uuid7 import uuid7

PUBLIC = "public"
UPSERT = """
INSERT INTO search_searchentry AS old (id, source, key, title, summary, url, words, public, scope, rank, at)
VALUES (%s, %s, %s, %s, %s, %s, %s::tsvector, %s, %s::text[], %s, %s)
ON CONFLICT (source, key) DO UPDATE SET title = excluded.title, summary = excluded.summary, url = excluded.url,
    words = excluded.words, public = excluded.public, scope = excluded.scope, rank = excluded.rank, at = excluded.at
WHERE (old.title, old.summary, old.url, old.words, old.public, old.scope, old.rank, old.at)
    IS DISTINCT FROM (excluded.title, excluded.summary, excluded.url, excluded.words, excluded.public,
                      excluded.scope, excluded.rank, excluded.at)
"""


def index(
    batch: Batch | None,
    *,
    source: str,
    key: str,
    title: str,
    url: str,
    scope: Sequence[str],
    summary: str = "",
    keywords: str = "",
    rank: int = 0,
    at: datetime | None = None,
) -> None:
    """Put one thing into the index, or replace it; an unchanged entry is not written again.

    `scope` is `["public"]` or what `rules.scope_of` gives; `keywords` are found but not shown; `rank` lifts
    public entries (how often it is used); `at` sorts private ones (now when not given). Without a batch it
    is written at once. `SlotError` when the source is not registered.
    """
    SEARCH_SOURCES.get(source)
    title, summary = title[:500], summary[:500]
    values: list[Any] = [
        uuid7(), source, key, title, summary, url, vector(title, f"{summary} {keywords}"),
        PUBLIC in scope, [s for s in scope if s != PUBLIC], rank, at or timezone.now(),
    ]  # fmt: skip
    if batch is not None:
        batch.execute(UPSERT, values)
        return
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, values)


def forget(*, source: str, key: str) -> None:
    """Take one thing out of the index."""
    SearchEntry.objects.filter(source=source, key=key).delete()
