"""Many writes, one round trip, few statements.

An act writes about ten rows in ten tables. Sent one by one, nearly all its time is the network and
the work around each statement, on both sides; so neighbouring rows are written by one statement
(`WITH w0 AS (INSERT ...), w1 AS (UPDATE ...) SELECT`), and all statements go through libpq's pipeline
together. A batch of the same shape is the same statement, which the server keeps prepared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, DataError, connections, models
from psycopg.errors import DivisionByZero

from tinhso.core.db.statements import Statement, send

#: How many rows one statement writes at most: enough for any act, few enough to be the same statement again.
TOGETHER = 16


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


@lru_cache(maxsize=512)
def _json_columns(model: type[models.Model]) -> frozenset[str]:
    return frozenset(f.attname for f in model._meta.concrete_fields if isinstance(f, models.JSONField))


class StaleRowError(RuntimeError):
    """An update that had to hit a row hit none: somebody else changed it first."""


class _Write(NamedTuple):
    """One statement. `adds` names the table it adds to, `changes` the table or the row in it that it changes;
    one that names neither stands alone. `source` is a change whose rows it reads under the name `{source}`.
    """

    sql: str
    params: Sequence[Any]
    must_hit: bool = False
    adds: str = ""
    changes: str = ""
    source: str = ""


class Batch:
    """Collects writes and sends them in one round trip, inside the caller's transaction.

    Values are str, int, bool, Decimal, aware datetime or UUID; values of JSON fields are plain Python or
    msgspec structs. What is written becomes visible after `send()`, in the order it was given.
    """

    def __init__(self) -> None:
        self._writes: list[_Write] = []

    def insert(self, model: type[models.Model], **values: Any) -> None:
        sql, table = _insert_sql(model, tuple(values)), model._meta.db_table
        self._writes.append(_Write(sql, _texts(model, values), adds=table))

    def update(
        self, model: type[models.Model], where: Mapping[str, Any], *, must_hit: bool = False, **values: Any
    ) -> None:
        """Update by equality on `where`; with `must_hit`, `send` raises `StaleRowError` when no row matched."""
        sql, table = _update_sql(model, tuple(values), tuple(where)), model._meta.db_table
        params = [*_texts(model, values), *map(_text, where.values())]
        self._writes.append(_Write(sql, params, must_hit, changes=table))

    def insert_from(self, source: str, sql: str, params: Sequence[Any], *, adds: str, changes: str) -> None:
        """Insert into `adds` what a change of one row in `changes` returns: `sql` reads it from `{source}`.

        `send` raises `StaleRowError` when there was no such row.
        """
        self._writes.append(_Write(sql, [_text(p) for p in params], True, adds, changes, source))

    def execute(self, sql: str, params: Sequence[Any], *, must_hit: bool = False, changes: str = "") -> None:
        """Any statement of one's own; with `must_hit`, `send` raises `StaleRowError` when it changed no row.

        One that says what it `changes` (a table, or any name for one row) may be done together with its
        neighbours: then it sees nothing of them, and nothing else in the batch may add that row.
        """
        self._writes.append(_Write(sql, [_text(p) for p in params], must_hit, changes=changes))

    def add(self, other: Batch) -> None:
        """Everything another batch collected, to be sent with this one."""
        self._writes += other._writes

    def send(self, *, last: bool = False) -> None:
        """Send everything; raises the first database error, or `StaleRowError`.

        `last` says that the caller's `atomic` block sends nothing after it, so that COMMIT can go along.
        """
        if not self._writes:
            return
        if not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            raise RuntimeError("a batch belongs inside a transaction")
        try:
            send([_together(group) for group in _groups(self._writes)], last=last)
        except DataError as error:
            if isinstance(error.__cause__, DivisionByZero):  # see `_statement`
                raise StaleRowError from error
            raise
        self._writes.clear()


def _together(group: Sequence[_Write]) -> Statement:
    sql = _statement(tuple((w.source, w.sql, w.must_hit) for w in group))
    return sql, [p for w in group for p in w.params]


def _texts(model: type[models.Model], values: Mapping[str, Any]) -> list[Any]:
    json = _json_columns(model)
    return [_json(v) if k in json and v is not None else _text(v) for k, v in values.items()]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


_AS_TEXT: dict[type, Callable[[Any], str]] = {
    datetime: datetime.isoformat,
    bool: str,
    int: str,
    UUID: str,
    Decimal: str,
}


def _text(value: Any) -> Any:
    """A value as the server reads it from text. It works out the types from the columns, so that a row is
    written by the same prepared statement whether a date in it is empty or not."""
    turn = _AS_TEXT.get(type(value))
    return value if turn is None else turn(value)


def _groups(writes: Sequence[_Write]) -> list[list[_Write]]:
    """Neighbouring writes that one statement can do: its parts do not see one another's rows, so nothing is
    changed twice in it, nor both added to and changed."""
    groups: list[list[_Write]] = []
    added, changed = set[str](), set[str]()
    for write in writes:
        alone = not (write.adds or write.changes)
        meets = write.changes in added | changed or write.adds in changed
        if alone or meets or not groups or len(groups[-1]) >= TOGETHER or not added | changed:
            groups.append([])
            added, changed = set(), set()
        groups[-1].append(write)
        added |= {write.adds} - {""}
        changed |= {write.changes} - {""}
    return groups


@lru_cache(maxsize=1024)
def _statement(parts: tuple[tuple[str, str, bool], ...]) -> bytes:
    """One statement for several writes, with numbered parameters.

    Rows that must be hit are counted in it, and one divided by the count: a miss is an error on the server, so that
    nothing behind it happens, not even a COMMIT that is already on its way.
    """
    if len(parts) == 1 and not parts[0][2]:
        return _numbered(parts[0][1])
    named, hits = [], []
    for n, (source, sql, must_hit) in enumerate(parts):
        if source:
            named.append(f"s{n} AS ({source})")
        text = sql.replace("{source}", f"s{n}")
        named.append(f"w{n} AS ({text} RETURNING 1)" if must_hit else f"w{n} AS ({text})")
        hits += [f"1 / (SELECT count(*) FROM w{n})"] if must_hit else []
    return _numbered(f"WITH {', '.join(named)} SELECT {', '.join(hits) or '1'}")


def _numbered(sql: str) -> bytes:
    """The server's own way of naming parameters, which no client has to look for."""
    first, *rest = sql.split("%s")
    numbered = first + "".join(f"${n}{part}" for n, part in enumerate(rest, 1))
    return numbered.replace("%%", "%").encode()
