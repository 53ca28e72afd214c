"""Key-set paging: a page is found by the last row's sort key, so page 1,000 costs what page 1 costs."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows with the cursors of the neighbouring pages ("" where there is none)."""

    rows: list[T]
    next: str = ""
    previous: str = ""


#: `fetch(backwards, values, limit)`: rows after `values` (None: from the start) in the order asked for.
Fetch = Callable[[bool, "list[Any] | None", int], list[Any]]


def page(rows: QuerySet[Any], *, by: Sequence[str], cursor: str = "", size: int = 50) -> Page[Any]:
    """One page of `rows` sorted by `by` (names, `-` for descending; the last must be unique, none may be null).

    An unreadable cursor means the first page, so that an old link still shows something.
    """

    def fetch(backwards: bool, values: list[Any] | None, limit: int) -> list[Any]:
        order = [_flip(name) for name in by] if backwards else list(by)
        query = rows.order_by(*order)
        if values is not None:
            query = query.filter(_after(order, values))
        return list(query[:limit])

    return walk(fetch, by=by, cursor=cursor, size=size)


def walk(fetch: Fetch, *, by: Sequence[str], cursor: str = "", size: int = 50) -> Page[Any]:
    """The same over any way of fetching rows, for lists that no `QuerySet` can express in one query."""
    backwards, values = _read(cursor, len(by))
    try:
        found = fetch(backwards, values, size + 1)
    except (ValidationError, TypeError, ValueError):
        if values is None:
            raise
        backwards, values = False, None  # a cursor made up by hand: values of the wrong kind
        found = fetch(backwards, values, size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    first, last = _cursor(found[0], by, "p"), _cursor(found[-1], by, "n")
    if backwards:
        return Page(found, last, first if more else "")
    return Page(found, last if more else "", first if values is not None else "")


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _after(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values`. The leading bound is stated on its own, so that an index can start there."""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field, side = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{field}__{side}": value})
        equal &= Q(**{field: value})
    first = order[0]
    bound = {f"{first[1:]}__lte": values[0]} if first.startswith("-") else {f"{first}__gte": values[0]}
    return Q(**bound) & condition


def _cursor(row: Any, by: Sequence[str], direction: str) -> str:
    values = [_plain(_value(row, name.lstrip("-"))) for name in by]
    return base64.urlsafe_b64encode(json.dumps([direction, *values]).encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(cursor: str, length: int) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        return False, None
    if not isinstance(data, list) or len(data) != length + 1:
        return False, None
    if not all(isinstance(value, (str, int)) and "\x00" not in str(value) for value in data):
        return False, None
    return data[0] == "p", data[1:]
