"""One search index for every system: folded text (marks optional) with the scope it may be found in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tinhso.core.db.models import Base


class SearchEntry(Base):
    """One thing that can be found. `scope` holds unit paths, person ids or `public`; a reader sees rows that share one."""

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=500)
    summary = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300)
    words = SearchVectorField()
    scope = ArrayField(models.CharField(max_length=80))
    rank = models.SmallIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="search_entry_once")]
        indexes = [GinIndex(fields=["words", "scope"], name="search_words_scope")]

    def __str__(self) -> str:
        return self.title
