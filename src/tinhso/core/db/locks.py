"""Taking a row for oneself: the hot path of every act, so the statement is built once and stays prepared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import connection, models
from psycopg import Cursor

Row = TypeVar("Row", bound=models.Model)


@lru_cache(maxsize=64)
def _select(model: type[models.Model]) -> tuple[str, tuple[str, ...], frozenset[int]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s FOR UPDATE'
    json = frozenset(n for n, f in enumerate(fields) if isinstance(f, models.JSONField))
    return sql, tuple(f.attname for f in fields), json


def lock_rows(model: type[Row], keys: Sequence[UUID]) -> list[Row]:
    """The rows with those keys in the order of the keys, locked one after the other, so that two takers never block each other."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock belongs inside a transaction")
    sql, names, json = _select(model)
    key = model._meta.pk.column
    several = sql.replace("= %s FOR UPDATE", f'= ANY(%s) ORDER BY "{key}" FOR UPDATE')
    with connection.wrap_database_errors:
        found = Cursor(connection.connection).execute(several, [list(keys)], prepare=True).fetchall()
    return [
        model.from_db(connection.alias, names, [_read(v) if n in json else v for n, v in enumerate(row)])
        for row in found
    ]


def lock_row(model: type[Row], key: UUID | str) -> Row | None:
    """The row with that key, locked until the caller's transaction ends; None when there is none.

    The same as `select_for_update().get()`, without building the statement anew each time.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock belongs inside a transaction")
    sql, names, json = _select(model)
    with connection.wrap_database_errors:
        found = Cursor(connection.connection).execute(sql, [key], prepare=True).fetchone()
    if found is None:
        return None
    values = [_read(v) if n in json else v for n, v in enumerate(found)]
    return model.from_db(connection.alias, names, values)


def _read(value: Any) -> Any:
    """JSON columns come as text: Django leaves the reading to its fields."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
