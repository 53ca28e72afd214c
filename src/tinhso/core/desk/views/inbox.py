"""The inbox page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Absence
from tinhso.core.access.queries import HeldPost, away_on, stood_in_for
from tinhso.core.access.route import staff
from tinhso.core.desk import queries
from tinhso.core.desk.rules import Standing, standing
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.orgs import queries as orgs

INSTEAD = "thay"
#: Tasks shown of each colleague; the rest after changing the standing.
FEW = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One task with what its page adds: where it is done, how its deadline stands, whose it is."""

    row: queries.Row
    url: str
    next: str
    standing: Standing
    mine: bool
    away: Absence | None = None


@staff
def inbox(request: HttpRequest) -> HttpResponse:
    """What is due first, why, what to do next and who has it. `?xem=` a view, `?quahan=1` only what is late."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("xem", "todo")
    away = stood_in_for(actor)
    lent = [p for p in request.posts if p.lent and p.key != actor.standing_key]  # type: ignore[attr-defined]
    if asked == INSTEAD:
        return _instead(request, actor, lent, away)
    others = tuple(a.person_id for a in away)
    which = asked if asked in queries.WHICH else "todo"
    late = request.GET.get("quahan") == "1"
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.inbox(actor, which=which, late=late, cursor=cursor, others=others)
    now = timezone.now()
    context = {
        "page": page,
        "lines": lines_of(page.rows, actor.person_id, now),
        "now": now,
        "tabs": _tabs(which, late, queries.inbox_counts(actor, others), instead=bool(lent or away)),
        "which": which,
        "late": late,
        "first_page": not cursor,
    }
    return render(request, "desk/inbox.html", context)


@dataclass(frozen=True, slots=True)
class Group:
    """The work of one colleague as their stand-in sees it: `post` to change to, or the absence it comes from."""

    lines: list[Line]
    more: bool
    post: HeldPost | None = None
    absence: Absence | None = None


def _instead(request: HttpRequest, actor: Actor, lent: list[HeldPost], away: list[Absence]) -> HttpResponse:
    """The work of those the reader stands in for: by delegation (one press changes the standing), and while away."""
    now, others = timezone.now(), tuple(a.person_id for a in away)
    groups = []
    for post in lent:
        page = queries.inbox(_in_post(actor, post), size=FEW)
        groups.append(Group(lines_of(page.rows, actor.person_id, now), bool(page.next), post=post))
    for absence in away:
        held = queries.held_by_colleague(absence.person_id, size=FEW)
        groups.append(Group(lines_of(held.rows, actor.person_id, now), bool(held.next), absence=absence))
    counts = queries.inbox_counts(actor, others)
    context = {"groups": groups, "now": now, "tabs": _tabs(INSTEAD, False, counts, instead=True)}
    return render(request, "desk/instead.html", context)


def _in_post(actor: Actor, post: HeldPost) -> Actor:
    """The reader as they would stand in that post, for looking only."""
    return replace(
        actor, grants=post.grants, unit_id=post.unit_id, unit_path=post.unit_path, on_behalf_of=post.lent
    )


def lines_of(rows: list[queries.Row], person_id: UUID | None, now: datetime) -> list[Line]:
    """Tasks with what a page adds; whoever holds one and is away today is marked."""
    away = away_on(row.person_id for row in rows if row.person_id not in (None, person_id))
    calendars = {path: orgs.calendar_for(path) for path in {row.unit_path for row in rows}}
    return [
        Line(
            row=row,
            url=kind.url(row) if kind else "",
            next=_(kind.next) if kind and kind.next else "",
            standing=standing(row.due_at, now, calendars[row.unit_path]),
            mine=row.person_id is not None and row.person_id == person_id,
            away=away.get(row.person_id) if row.person_id else None,
        )
        for row in rows
        for kind in [TASK_KINDS.get(row.kind) if row.kind in TASK_KINDS else None]
    ]


def _tabs(
    which: str, late: bool, counts: queries.Counts, *, instead: bool = False
) -> list[dict[str, object]]:
    shown = [
        ("todo", False, _("Cần làm"), counts.todo, "?xem=todo"),
        ("todo", True, _("Quá hạn"), counts.late, "?xem=todo&quahan=1"),
        ("mine", False, _("Của tôi"), counts.mine, "?xem=mine"),
        ("unit", False, _("Của đơn vị"), counts.unit, "?xem=unit"),
    ]
    if instead:
        shown.append((INSTEAD, False, _("Làm thay"), 0, f"?xem={INSTEAD}"))
    return [
        {
            "text": _more(text, count),
            "url": url,
            "current": (key, is_late) == (which, late),
            "count": _known(count),
        }
        for key, is_late, text, count, url in shown
    ]


def _known(count: int) -> int | None:
    """The count where it is exact; beyond the cap the text says so instead."""
    return None if count in (0, queries.COUNT_CAP + 1) else count


def _more(text: str, count: int) -> str:
    return f"{text} ({queries.COUNT_CAP}+)" if count > queries.COUNT_CAP else text
