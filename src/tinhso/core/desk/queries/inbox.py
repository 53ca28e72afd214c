"""The inbox: one query that walks indexes from the last row seen, whatever number of roles and units an actor has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, walk
from tinhso.core.desk.policy import Reach, reach

#: Counts stop here; a page then shows "100+". Nobody acts differently on 3,812.
COUNT_CAP = 100
Which = Literal["todo", "mine", "unit"]
WHICH: tuple[Which, ...] = ("todo", "mine", "unit")


@dataclass(frozen=True, slots=True)
class Row:
    """A task as the inbox shows it."""

    id: UUID
    kind: str
    subject_id: UUID
    subject_key: str
    token: str
    title: str
    about: str
    role: str
    opened_at: datetime
    due_at: datetime | None
    sort_at: datetime
    urgent: bool
    unit_id: UUID
    unit_name: str
    unit_path: str
    person_id: UUID | None
    person_name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tasks stand in each view, at most `COUNT_CAP` + 1."""

    todo: int = 0
    mine: int = 0
    unit: int = 0
    late: int = 0


_ROW = """
SELECT t.id, t.kind, t.subject_id, t.subject_key, t.token, t.title, t.about, t.role, t.opened_at, t.due_at, t.sort_at,
       t.urgent, t.unit_id, u.name, u.path, t.person_id, coalesce(p.full_name, '')
FROM (SELECT * FROM ({found}) AS every ORDER BY sort_at {way}, id {way} LIMIT %(limit)s) AS f
JOIN desk_task t ON t.id = f.id JOIN orgs_unit u ON u.id = t.unit_id
LEFT JOIN people_person p ON p.id = t.person_id ORDER BY f.sort_at {way}, f.id {way}
"""
_PICK = (
    "SELECT id, sort_at FROM desk_task t WHERE t.closed_at IS NULL {more} AND {where} {order} LIMIT %(limit)s"
)
_PAIRS = (
    "SELECT x.id, x.sort_at FROM unnest(%(units)s::uuid[], %(roles)s::text[]) AS w(unit, role) "
    "CROSS JOIN LATERAL ({pick}) AS x"
)
_EACH_UNIT = (
    "SELECT x.id, x.sort_at FROM unnest(%({units})s::uuid[]) AS w(unit) CROSS JOIN LATERAL ({pick}) AS x"
)


def inbox(
    actor: Actor,
    *,
    which: Which = "todo",
    late: bool = False,
    cursor: str = "",
    size: int = 30,
    others: tuple[UUID, ...] = (),
) -> Page[Row]:
    """Open tasks, due first, in one query; paged by (`sort_at`, `id`).

    `todo`: those given to the actor and those of the actor's roles that nobody took; `mine`: only those
    given to the actor; `unit`: everything of the actor's roles, whoever has it, and of units overseen.
    `late`: only those past their deadline. `others`: absent people the actor stands in for; what they hold counts
    as nobody's where the actor's roles reach, as does the work of the one acted for by delegation.
    """
    found = reach(actor, others)

    def fetch(backwards: bool, values: list[Any] | None, limit: int) -> list[Row]:
        params: dict[str, Any] = {"limit": limit, "now": timezone.now()}
        bound = " AND t.sort_at < %(now)s" if late else ""
        if values is not None:
            params["at"], params["id"] = datetime.fromisoformat(values[0]), UUID(values[1])
            bound += f" AND (t.sort_at, t.id) {'<' if backwards else '>'} (%(at)s, %(id)s)"
        way = "DESC" if backwards else "ASC"
        sql = _branches(found, which, bound, f"ORDER BY t.sort_at {way}, t.id {way}", params)
        if not sql:
            return []
        with connection.cursor() as db:
            db.execute(_ROW.format(found=sql, way=way), params)
            return [Row(*row) for row in db.fetchall()]

    return walk(fetch, by=["sort_at", "id"], cursor=cursor, size=size)


def inbox_counts(actor: Actor, others: tuple[UUID, ...] = ()) -> Counts:
    """How many tasks each view holds, each counted up to `COUNT_CAP` + 1 and no further."""
    found = reach(actor, others)
    params: dict[str, Any] = {"limit": COUNT_CAP + 1, "now": timezone.now()}
    views = [(which, "") for which in WHICH] + [("todo", " AND t.sort_at < %(now)s")]
    parts = []
    for which, bound in views:
        sql = _branches(found, which, bound, "", params)  # type: ignore[arg-type]
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM ({sql}) y LIMIT %(limit)s) z)" if sql else "0")  # noqa: S608
    if not any(part != "0" for part in parts):
        return Counts()
    with connection.cursor() as db:
        db.execute("SELECT " + ", ".join(parts), params)
        return Counts(*db.fetchone())


_BY_IDS = _ROW.format(found="SELECT id, sort_at FROM desk_task WHERE id = ANY(%(ids)s::uuid[])", way="ASC")


def rows_of(ids: Sequence[UUID]) -> list[Row]:
    """Tasks by id, open or closed, due first. Whoever asks checks the right to them."""
    with connection.cursor() as db:
        db.execute(_BY_IDS, {"ids": list(ids), "limit": len(ids)})
        return [Row(*row) for row in db.fetchall()]


def _branches(found: Reach, which: Which, bound: str, order: str, params: dict[str, Any]) -> str:
    """The ways a task can be the actor's, each walking its own index; `UNION` drops what comes twice."""
    branches = []

    def pick(where: str, more: str = bound) -> str:
        return _PICK.format(where=where, more=more, order=order)

    if found.person_id is not None:
        params["person"] = found.person_id
        branches.append(f"({pick('t.person_id = %(person)s')})")
    params["others"] = list(found.others)
    if which == "mine" and not found.others:
        return " UNION ".join(branches)
    free = bound + {
        "mine": " AND t.person_id = ANY(%(others)s::uuid[])",
        "todo": " AND (t.person_id IS NULL OR t.person_id = ANY(%(others)s::uuid[]))",
    }.get(which, "")
    if found.pairs:
        params["units"], params["roles"] = [u for u, _ in found.pairs], [r for _, r in found.pairs]
        branches.append(_PAIRS.format(pick=pick("t.unit_id = w.unit AND t.role = w.role", free)))
    for number, (role, units) in enumerate(found.wide.items()):
        params[f"role{number}"], params[f"wide{number}"] = role, list(units)
        branches.append(f"({pick(f't.role = %(role{number})s AND t.unit_id = ANY(%(wide{number})s)', free)})")
    if which == "unit":
        branches += _overseen(found, pick, params)
    return " UNION ".join(branches)


def _overseen(found: Reach, pick: Any, params: dict[str, Any]) -> list[str]:
    branches = []
    for number, (kinds, units) in enumerate(found.overseen.items()):
        params[f"kinds{number}"], params[f"over{number}"] = list(kinds), list(units)
        pick_one = pick(f"t.unit_id = w.unit AND t.kind = ANY(%(kinds{number})s)")
        branches.append(_EACH_UNIT.format(units=f"over{number}", pick=pick_one))
    return branches
