"""What the pages of the room show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tinhso.core.access.actor import Actor
from tinhso.core.access.queries import Stay, stays_of
from tinhso.core.audit.models import Entry
from tinhso.core.people.models import Person
from tinhso.systems.signin.choices import CHANGES
from tinhso.systems.signin.models import OfficerCode

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One change of how somebody signs in; `by` is empty when it was their own."""

    at: datetime
    what: str
    by: str


def changes_of(actor: Actor) -> list[Change]:
    """The latest changes of one's own way to sign in, from the log of acts."""
    rows = Entry.objects.filter(object_kind="person", object_id=str(actor.person_id), act__in=CHANGES)
    return [
        Change(
            row.at,
            CHANGES[row.act],
            "" if row.actor.get("person") == str(actor.person_id) else row.actor.get("name", ""),
        )
        for row in rows.order_by("-at", "-id")[:SHOWN]
    ]


def stays(actor: Actor, here: UUID | None, after: str = "") -> tuple[list[Stay], list[Stay], str]:
    """One's own (stays that count, past ones, where the next page begins)."""
    if actor.account_id is None:
        return [], [], ""
    rows = stays_of(actor.account_id, here=here, after=after, limit=SHOWN + 1)
    more = str(rows[SHOWN - 1].id) if len(rows) > SHOWN else ""
    rows = rows[:SHOWN]
    return [r for r in rows if r.open], [r for r in rows if not r.open], more


def codes_given(actor: Actor) -> list[OfficerCode]:
    """The codes an officer gave, latest first: what they would be asked about."""
    rows = OfficerCode.objects.select_related("person").filter(issued_by_id=actor.person_id)
    return list(rows.order_by("-issued_at")[:SHOWN])


def email_of(person_id: str) -> str:
    """Where a person gets mail; "" when none is known."""
    return Person.objects.filter(id=person_id).values_list("email", flat=True).first() or ""
