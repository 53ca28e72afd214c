"""Base of every table: an id that sorts by time, and dated rows."""

from __future__ import annotations

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from tinhso.kit.uuid7 import uuid7


class Base(models.Model):
    """A row with a time-ordered id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Dated(Base):
    """A row that holds for a range of dates, lower bound included, upper excluded; `None` is open."""

    valid = DateRangeField()

    class Meta:
        abstract = True


class Series(models.Model):
    """The next number of a series without gaps; `key` names the series, e.g. `case:H30.01:2026-11-21`."""

    key = models.CharField(max_length=200, primary_key=True)
    last = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.last}"
