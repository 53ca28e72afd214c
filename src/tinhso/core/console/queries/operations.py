"""Events that could not be delivered, background jobs, and the keys of programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tinhso.core.access.actor import Actor
from tinhso.core.access.policy import units_within
from tinhso.core.api.models import ApiToken
from tinhso.core.console.policy import OPERATE
from tinhso.core.console.queries.people import shown_username
from tinhso.core.db.paging import Page, page
from tinhso.core.desk.queries import Idle, idle
from tinhso.core.events.models import Delivery
from tinhso.core.jobs.models import Run
from tinhso.core.orgs.policy import EDIT_UNITS

STATUSES = ("failed", "doing", "todo", "succeeded", "cancelled", "aborted")


def dead_deliveries(cursor: str = "") -> Page[Delivery]:
    """Deliveries that were tried to the end, latest first, their events at hand."""
    return page(
        Delivery.objects.filter(dead=True).select_related("event"), by=["-id"], cursor=cursor, size=30
    )


def jobs(status: str = "", cursor: str = "") -> Page[ProcrastinateJob]:
    """Background jobs, latest first; all of them when no known status is asked for."""
    rows = ProcrastinateJob.objects.all()
    if status in STATUSES:
        rows = rows.filter(status=status)
    return page(rows, by=["-id"], cursor=cursor, size=50)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A program's key: whose account it acts as, and whether it still works."""

    key: ApiToken
    username: str
    live: bool


def keys(cursor: str = "") -> Page[KeyLine]:
    """API keys, newest first."""
    found = page(ApiToken.objects.select_related("account__person"), by=["-id"], cursor=cursor, size=50)
    now = timezone.now()
    lines = [KeyLine(row, shown_username(row.account.username), row.expires_at > now) for row in found.rows]
    return Page(lines, found.next, found.previous)


def runs_of_kinds(kinds: Iterable[str], limit: int = 20) -> list[Run]:
    """The latest runs of some kinds of long work."""
    return list(Run.objects.filter(kind__in=list(kinds)).order_by("-started_at")[:limit])


def idle_seen(actor: Actor) -> list[Idle]:
    """Work nobody does at the units the actor keeps or runs."""
    reach = {*actor.paths(OPERATE), *actor.paths(EDIT_UNITS)}
    return idle([unit.id for unit in units_within(reach)])
