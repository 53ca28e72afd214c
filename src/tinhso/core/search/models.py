"""One search index for every system: folded words (marks optional) with the scope they may be found in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from tinhso.core.db.models import Base


class SearchEntry(Base):
    """One thing that can be found.

    `scope` holds what a reader must share one of: `p:<person id>`, `u:<unit path>` of the units concerned,
    `u+:<unit path>` of these and every unit above. `public` rows have their own index: they are few, so
    everything about them (any prefix, ranking by closeness) is cheap whatever the other million holds.
    `at` is the moment private rows are sorted by, latest first.
    """

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=500)
    summary = models.CharField(max_length=500, blank=True)
    url = models.CharField(max_length=300)
    words = SearchVectorField()
    public = models.BooleanField(default=False)
    scope = ArrayField(models.TextField(), default=list)
    rank = models.IntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="search_entry_once")]
        indexes = [
            GinIndex(fields=["words"], condition=Q(public=True), name="search_public"),
            GinIndex(fields=["words", "scope"], condition=Q(public=False), name="search_private"),
            models.Index(fields=["source", "-at", "-id"], condition=Q(public=False), name="search_latest"),
        ]

    def __str__(self) -> str:
        return self.title
