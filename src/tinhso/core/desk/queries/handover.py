"""Work that others hold, for heads who may give it to somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence
from tinhso.core.access.queries import away_on
from tinhso.core.db.paging import Page, walk
from tinhso.core.desk.policy import units_handed
from tinhso.core.desk.queries.inbox import _ROW, Row
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.kit.text import fold

#: People on the page; a search narrows it.
MOST_PEOPLE = 100
_ORDER = "ORDER BY t.sort_at {way}, t.id {way} LIMIT %(limit)s"
_LOADS = """
SELECT t.person_id, p.full_name, count(*), count(*) FILTER (WHERE t.sort_at < %(now)s), min(t.due_at)
FROM desk_task t JOIN people_person p ON p.id = t.person_id
WHERE t.closed_at IS NULL AND t.person_id IS NOT NULL AND t.person_id <> %(me)s AND ({where}) {named}
GROUP BY t.person_id, p.full_name, p.folded_name
ORDER BY 4 DESC, 3 DESC, p.folded_name LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody holds: open tasks, how many of them late, the earliest deadline, and whether they are away."""

    person_id: UUID
    name: str
    tasks: int
    late: int
    first_due: datetime | None
    away: Absence | None = None


def loads(actor: Actor, text: str = "") -> list[Load]:
    """The people whose work the actor may hand on, those away and those with most late work first; two queries."""
    where, params = _where(actor)
    if not where:
        return []
    named = ""
    for n, word in enumerate(fold(text).split()):
        params[f"word{n}"] = f"%{word}%"
        named += f" AND p.folded_name LIKE %(word{n})s"
    params |= {"now": timezone.now(), "me": actor.person_id, "limit": MOST_PEOPLE}
    with connection.cursor() as db:
        db.execute(_LOADS.format(where=where, named=named), params)
        rows = db.fetchall()
    away = away_on(row[0] for row in rows)
    found = [
        Load(person, name, tasks, late, first, away.get(person))
        for person, name, tasks, late, first, *_ in rows
    ]
    return sorted(found, key=lambda load: load.away is None)


def held_by(actor: Actor, person_id: UUID, *, cursor: str = "", size: int = 50) -> Page[Row]:
    """What a person holds of the work the actor may hand on, due first; one query a page."""
    where, params = _where(actor)
    return _held(person_id, where, params, cursor, size) if where else Page([])


def held_by_colleague(person_id: UUID, *, size: int) -> Page[Row]:
    """The first tasks somebody holds, for the one recorded as their substitute (the caller has checked that)."""
    return _held(person_id, "TRUE", {}, "", size)


def _held(person_id: UUID, where: str, base: dict[str, Any], cursor: str, size: int) -> Page[Row]:

    def fetch(backwards: bool, values: list[Any] | None, limit: int) -> list[Row]:
        params = base | {"limit": limit, "person": person_id}
        bound = ""
        if values is not None:
            params |= {"at": datetime.fromisoformat(values[0]), "id": UUID(values[1])}
            bound = f"AND (t.sort_at, t.id) {'<' if backwards else '>'} (%(at)s, %(id)s)"
        way = "DESC" if backwards else "ASC"
        found = (
            "SELECT t.id, t.sort_at FROM desk_task t WHERE t.closed_at IS NULL "  # noqa: S608 - only our own text
            f"AND t.person_id = %(person)s AND ({where}) {bound} {_ORDER.format(way=way)}"
        )
        with connection.cursor() as db:
            db.execute(_ROW.format(found=found, way=way), params)
            return [Row(*row) for row in db.fetchall()]

    return walk(fetch, by=["sort_at", "id"], cursor=cursor, size=size)


def place_of(rows: list[Row]) -> list[tuple[str, str]]:
    """Who could do at least one of these tasks: (person id, name), each once, in the order of the tasks' lists."""
    found: dict[str, str] = {}
    seen: set[tuple[UUID, str]] = set()
    for row in rows:
        kind = TASK_KINDS.get(row.kind) if row.kind in TASK_KINDS else None
        if kind is None or kind.hand_on is None or (row.unit_id, row.role) in seen:
            continue
        seen.add((row.unit_id, row.role))
        for person, name in kind.hand_on.people(row):
            found.setdefault(person, name)
    return list(found.items())


def _where(actor: Actor) -> tuple[str, dict[str, Any]]:
    """The tasks the actor may hand on, as SQL; "" when none."""
    parts: list[str] = []
    params: dict[str, Any] = {}
    for n, (kinds, units) in enumerate(units_handed(actor).items()):
        params |= {f"kinds{n}": list(kinds), f"units{n}": list(units)}
        parts.append(f"t.kind = ANY(%(kinds{n})s) AND t.unit_id = ANY(%(units{n})s)")
    return " OR ".join(f"({part})" for part in parts), params
