"""Evidence that nothing was lost or doubled: of each kind of record how many there are, and one checksum over them all.

The checksum joins the SHA-256 of every row by exclusive or, so the order of rows does not matter and a million rows
need no memory. It covers what existed when the reorganisation began; what people add meanwhile is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tinhso.core.reorganisation.slots import EVIDENCE, Evidence

ROWS = "bit_xor(('x' || left(encode(sha256(convert_to({0}, 'UTF8')), 'hex'), 16))::bit(64)::bigint)"


def evidence_of(name: str, title: str, table: str, columns: str, since: str) -> Evidence:
    """Evidence over `columns` of a table (text, our own) for rows whose time column `since` lies before the start."""
    text = ROWS.format(f"concat_ws(chr(31), {columns})")
    return Evidence(name, title, f"SELECT count(*), {text} FROM {table} WHERE {since} < %(until)s")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of record before and after."""

    title: str
    count_before: int
    count_after: int
    sum_before: str
    sum_after: str

    @property
    def same(self) -> bool:
        return (self.count_before, self.sum_before) == (self.count_after, self.sum_after)


def take(until: datetime) -> dict[str, list[Any]]:
    """Count and checksum of every kind of record that existed at a moment, by the evidence's name."""
    found: dict[str, list[Any]] = {}
    with connection.cursor() as cursor:
        for evidence in EVIDENCE:
            cursor.execute(evidence.sql, {"until": until})
            count, checksum = cursor.fetchone()
            found[evidence.name] = [count, f"{(checksum or 0) & (2**64 - 1):016x}"]
    return found


def lines(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[Line]:
    """The proof line by line; a kind that only one side knows counts as nothing on the other."""
    titles = {e.name: e.title for e in EVIDENCE}
    rows = []
    for name in sorted({*before, *after}, key=lambda n: titles.get(n, n)):
        one, two = before.get(name, [0, ""]), after.get(name, [0, ""])
        rows.append(Line(titles.get(name, name), one[0], two[0], one[1], two[1]))
    return rows
