"""Numbers without gaps and without doubles: the row of a series is locked until the taker's transaction ends."""

from __future__ import annotations

from tinhso.core.db.statements import prepared

TAKE = (
    b"INSERT INTO db_series (key, last) VALUES ($1, $2) "
    b"ON CONFLICT (key) DO UPDATE SET last = db_series.last + $2 RETURNING last"
)


def take(key: str, count: int = 1) -> int:
    """Take `count` numbers of the series and return the last of them; counts from 1.

    A transaction that rolls back gives its numbers back, so a series has no gaps; takers of one
    series wait for one another, takers of different series do not.
    """
    row = prepared(TAKE, [key, count]).fetchone()
    return int(row[0]) if row else 0
