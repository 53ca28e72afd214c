"""Taking a row for oneself: the hot path of every act, so the statement is built once and stays prepared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, models

from tinhso.core.db.statements import prepared

Row = TypeVar("Row", bound=models.Model)


@lru_cache(maxsize=64)
def _select(
    model: type[models.Model], several: bool = False
) -> tuple[bytes, tuple[str, ...], frozenset[int]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{f.column}"' for f in fields)
    key, which = f'"{model._meta.pk.column}"', "= $1"
    if several:
        which = f"= ANY($1) ORDER BY {key}"
    sql = f'SELECT {columns} FROM "{model._meta.db_table}" WHERE {key} {which} FOR UPDATE'.encode()
    json = frozenset(n for n, f in enumerate(fields) if isinstance(f, models.JSONField))
    return sql, tuple(f.attname for f in fields), json


def lock_rows(model: type[Row], keys: Sequence[UUID]) -> list[Row]:
    """The rows with those keys in the order of the keys, locked one after the other, so that two takers never block each other."""
    _in_transaction()
    sql, names, json = _select(model, several=True)
    found = prepared(sql, [list(keys)]).fetchall()
    return [_row(model, names, json, row) for row in found]


def lock_row(model: type[Row], key: UUID | str) -> Row | None:
    """The row with that key, locked until the caller's transaction ends; None when there is none.

    The same as `select_for_update().get()`, without building the statement anew each time.
    """
    _in_transaction()
    sql, names, json = _select(model)
    found = prepared(sql, [key]).fetchone()
    return None if found is None else _row(model, names, json, found)


def _in_transaction() -> None:
    if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
        raise RuntimeError("a lock belongs inside a transaction")


def _row(model: type[Row], names: tuple[str, ...], json: frozenset[int], row: Sequence[Any]) -> Row:
    values = [_read(v) if n in json else v for n, v in enumerate(row)]
    return model.from_db(DEFAULT_DB_ALIAS, names, values)


def _read(value: Any) -> Any:
    """JSON columns come as text: Django leaves the reading to its fields."""
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value
