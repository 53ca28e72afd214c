"""Who acts in the year, and what they bring: real holders of posts, seeded citizens, worked examples as answers."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from bench.year.plan import Plan
from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import actor_for_person, holders, posts_with_role, unit_holding
from tinhso.core.cases.state import PaperState, Party
from tinhso.core.files.actions import store_made
from tinhso.core.orgs.models import Territory
from tinhso.kit.yamlfile import load

#: Dates of an example up to so long before it was filed move with the day of filing.
RECENT = timedelta(days=300)
_DAY = re.compile(r'"(\d{4}-\d\d-\d\d)"')


@cache
def officer(unit_id: str, role: str, number: int = 0) -> Actor:
    """The holder of a role at a unit, else at the unit that holds it for this one."""
    unit = UUID(unit_id)
    posts = posts_with_role(unit, role)
    if not posts and (other := unit_holding(unit, role)):
        posts = posts_with_role(other.id, role)
    if not posts:
        raise LookupError(f"nobody holds {role} at {unit_id}")
    held = [h for post in posts for h in holders(post.id)]
    who = held[number % len(held)]
    return actor_for_person(who.person_id, who.post_id)


@cache
def citizen(person_id: str, name: str) -> Actor:
    return Actor(person_id=UUID(person_id), name=name)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of a procedure that is in order: its answers as JSON, where it was for, its papers."""

    submitted: date
    channel: str
    place: str
    answers: str
    papers: tuple[str, ...]

    def on(self, day: date, place: str) -> dict[str, Any]:
        """The answers for another day and place."""

        def moved(match: re.Match[str]) -> str:
            then = date.fromisoformat(match.group(1))
            near = -RECENT < then - self.submitted < RECENT
            return f'"{then + (day - self.submitted)}"' if near else match.group(0)

        text = _DAY.sub(moved, self.answers).replace(f'"{self.place}"', f'"{place}"')
        return dict(json.loads(text))


@cache
def examples(procedure: str) -> tuple[Example, ...]:
    found = []
    for path in sorted(settings.CATALOG.glob(f"procedures/*/{procedure}/examples/*.yml")):
        data = load(path, settings.CATALOG).data
        applicant = data["applicant"]
        if data["expect"].get("errors") or applicant["kind"] != "person":
            continue
        found.append(
            Example(
                datetime.fromisoformat(str(data["submitted"])).date(),
                data["channel"],
                str(applicant["territory"]),
                json.dumps(data["form"], default=str),
                tuple(data.get("papers") or ()),
            )
        )
    return tuple(found)


@cache
def communes() -> tuple[str, ...]:
    return tuple(Territory.objects.filter(level="commune").order_by("code").values_list("code", flat=True))


@cache
def people() -> tuple[tuple[Any, ...], ...]:
    """Grown-up citizens with a number: what a `Party` needs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id::text, p.full_name, p.birth::text, p.sex, i.number, p.phone, p.address, p.territory_code"
            " FROM people_person p JOIN people_identity i ON i.person_id = p.id AND i.kind = 'citizen'"
            " WHERE p.birth < '2005' ORDER BY p.id"
        )
        return tuple(cursor.fetchall())


def party(plan: Plan) -> Party:
    key, name, birth, sex, number, phone, address, territory = people()[int(plan.person * len(people()))]
    return Party(
        id=key, kind="person", full_name=name, birth=birth, sex=sex, identity=number, phone=phone or "",
        address=address or "", territory=territory or "",
    )  # fmt: skip


class Files:
    """Uploads: a row each, all of the same few bytes on disk."""

    FIELDS = "sha256, size, media_type, name, pages, purpose, digitised, created_at"

    def __init__(self, name: str, actor: Actor) -> None:
        self._model = store_made(
            f"%PDF-1.7 {name}".encode(), name="bench.pdf", media_type="application/pdf", actor=actor,
            purpose="cases.paper",
        )  # fmt: skip

    def take(self, papers: Sequence[str], owner: str) -> tuple[PaperState, ...]:
        """One file for each paper, uploaded by the applicant."""
        if not papers:
            return ()
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO files_storedfile (id, uploaded_by, {self.FIELDS}) SELECT uuidv7(), %s, {self.FIELDS}"
                " FROM files_storedfile, generate_series(1, %s) WHERE id = %s RETURNING id::text",
                [owner, len(papers), self._model.id],
            )
            ids = [row[0] for row in cursor.fetchall()]
        return tuple(PaperState(id=p, files=(f,)) for p, f in zip(papers, ids, strict=True))
