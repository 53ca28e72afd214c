"""Many writes, one round trip.

An act writes about ten rows in ten tables. Sent one by one, nearly all its time is the network and
the ORM's statement building; sent together through libpq's pipeline it costs about as much as one.
The statements are built once per table and column set, so the server prepares them once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from django.db import connection, models
from psycopg import Cursor
from psycopg.types.json import Jsonb


@lru_cache(maxsize=2048)
def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


@lru_cache(maxsize=512)
def _insert_sql(model: type[models.Model], columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{_column(model, c)}"' for c in columns)
    marks = ", ".join(["%s"] * len(columns))
    return f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})'


@lru_cache(maxsize=512)
def _update_sql(model: type[models.Model], columns: tuple[str, ...], keys: tuple[str, ...]) -> str:
    sets = ", ".join(f'"{_column(model, c)}" = %s' for c in columns)
    where = " AND ".join(f'"{_column(model, k)}" = %s' for k in keys)
    return f'UPDATE "{model._meta.db_table}" SET {sets} WHERE {where}'


@lru_cache(maxsize=2048)
def _is_json(model: type[models.Model], name: str) -> bool:
    return isinstance(model._meta.get_field(name), models.JSONField)


class StaleRowError(RuntimeError):
    """An update that had to hit a row hit none: somebody else changed it first."""


class Batch:
    """Collects writes and sends them in one round trip, inside the caller's transaction.

    Values are what psycopg adapts (str, int, Decimal, aware datetime, UUID); values of JSON fields
    are plain Python and wrapped here. The rows are only visible after `send()`.
    """

    def __init__(self) -> None:
        self._writes: list[tuple[str, Sequence[Any], bool]] = []

    def insert(self, model: type[models.Model], **values: Any) -> None:
        self._writes.append((_insert_sql(model, tuple(values)), self._adapt(model, values), False))

    def update(
        self, model: type[models.Model], where: Mapping[str, Any], *, must_hit: bool = False, **values: Any
    ) -> None:
        """Update by equality on `where`; with `must_hit`, `send` raises `StaleRowError` when no row matched."""
        sql = _update_sql(model, tuple(values), tuple(where))
        self._writes.append((sql, [*self._adapt(model, values), *where.values()], must_hit))

    def execute(self, sql: str, params: Sequence[Any], *, must_hit: bool = False) -> None:
        """Any statement of one's own; with `must_hit`, `send` raises `StaleRowError` when it changed no row."""
        self._writes.append((sql, params, must_hit))

    def add(self, other: Batch) -> None:
        """Everything another batch collected, to be sent with this one."""
        self._writes += other._writes

    def together(self, *models: type[models.Model]) -> None:
        """Put the inserts into some tables together, one statement for each, behind everything else.

        For tables whose rows are only ever added, where nothing else in the batch looks at them.
        """
        heads = tuple(f'INSERT INTO "{model._meta.db_table}" ' for model in models)
        kept, rows = [], dict[str, list[Sequence[Any]]]()
        for write in self._writes:
            if write[0].startswith(heads):
                rows.setdefault(write[0], []).append(write[1])
            else:
                kept.append(write)
        for sql, several in rows.items():
            head, values, marks = sql.partition(" VALUES ")
            params = [value for row in several for value in row]
            kept.append((head + values + ", ".join([marks] * len(several)), params, False))
        self._writes = kept

    @staticmethod
    def _adapt(model: type[models.Model], values: Mapping[str, Any]) -> list[Any]:
        return [
            Jsonb(v, dumps=msgspec.json.encode) if v is not None and _is_json(model, k) else v
            for k, v in values.items()
        ]

    def send(self) -> None:
        """Send everything; raises the first database error, or `StaleRowError`."""
        if not self._writes:
            return
        if not connection.in_atomic_block:
            raise RuntimeError("a batch belongs inside a transaction")
        connection.ensure_connection()
        raw = connection.connection
        cursors = []
        with connection.wrap_database_errors, raw.pipeline():
            for sql, params, must_hit in self._writes:
                cursor = Cursor(raw)  # binds on the server, so that statements stay prepared
                cursor.execute(sql, params, prepare=True)
                cursors.append((cursor, must_hit))
        if any(must_hit and cursor.rowcount == 0 for cursor, must_hit in cursors):
            raise StaleRowError
        self._writes.clear()
