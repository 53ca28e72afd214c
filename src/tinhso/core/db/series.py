"""Numbers without gaps and without doubles: the row of a series is locked until the taker's transaction ends."""

from __future__ import annotations

from django.db import connection

TAKE = (
    "INSERT INTO db_series (key, last) VALUES (%s, %s) "
    "ON CONFLICT (key) DO UPDATE SET last = db_series.last + %s RETURNING last"
)


def take(key: str, count: int = 1) -> int:
    """Take `count` numbers of the series and return the last of them; counts from 1.

    A transaction that rolls back gives its numbers back, so a series has no gaps; takers of one
    series wait for one another, takers of different series do not.
    """
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [key, count, count])
        return int(cursor.fetchone()[0])
