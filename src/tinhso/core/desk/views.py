"""The inbox page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.route import staff
from tinhso.core.desk import queries
from tinhso.core.desk.rules import Standing, standing
from tinhso.core.desk.slots import TASK_KINDS
from tinhso.core.orgs import queries as orgs


@dataclass(frozen=True, slots=True)
class Line:
    """One task with what its page adds: where it is done, how its deadline stands, whose it is."""

    row: queries.Row
    url: str
    next: str
    standing: Standing
    mine: bool


@staff
def inbox(request: HttpRequest) -> HttpResponse:
    """What is due first, why, what to do next and who has it. `?xem=` a view, `?quahan=1` only what is late."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("xem", "todo")
    which = asked if asked in queries.WHICH else "todo"
    late = request.GET.get("quahan") == "1"
    cursor = request.GET.get("after") or request.GET.get("before") or ""
    page = queries.inbox(actor, which=which, late=late, cursor=cursor)
    now = timezone.now()
    context = {
        "page": page,
        "lines": _lines(page.rows, actor.person_id, now),
        "now": now,
        "tabs": _tabs(which, late, queries.inbox_counts(actor)),
        "which": which,
        "late": late,
        "first_page": not cursor,
    }
    return render(request, "desk/inbox.html", context)


def _lines(rows: list[queries.Row], person_id: UUID | None, now: datetime) -> list[Line]:
    calendars = {path: orgs.calendar_for(path) for path in {row.unit_path for row in rows}}
    return [
        Line(
            row=row,
            url=kind.url(row) if kind else "",
            next=_(kind.next) if kind and kind.next else "",
            standing=standing(row.due_at, now, calendars[row.unit_path]),
            mine=row.person_id is not None and row.person_id == person_id,
        )
        for row in rows
        for kind in [TASK_KINDS.get(row.kind) if row.kind in TASK_KINDS else None]
    ]


def _tabs(which: str, late: bool, counts: queries.Counts) -> list[dict[str, object]]:
    shown = [
        ("todo", False, _("Cần làm"), counts.todo, "?xem=todo"),
        ("todo", True, _("Quá hạn"), counts.late, "?xem=todo&quahan=1"),
        ("mine", False, _("Của tôi"), counts.mine, "?xem=mine"),
        ("unit", False, _("Của đơn vị"), counts.unit, "?xem=unit"),
    ]
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
