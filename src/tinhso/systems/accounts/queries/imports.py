"""Lists of staff on their way: what was read, what is wrong, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Count, F
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.db.paging import Page, page
from tinhso.core.jobs import queries as jobs
from tinhso.core.jobs.models import Item, ItemState, Run, RunState
from tinhso.kit.errors import NotFound
from tinhso.systems.accounts.rules.table import BY_CODE, COLUMNS

KINDS = {"new": _("Thêm mới"), "changed": _("Cập nhật"), "same": _("Không đổi"), "bad": _("Cần sửa")}


def run_of(run_id: UUID, kind: str, *, actor: Actor) -> Run:
    """A run of this kind that is the actor's own; `NotFound` for others, lists hold people's data."""
    run = jobs.run(run_id, actor=actor)
    if run.kind != kind or run.person_id != actor.person_id:
        raise NotFound("no_run", _("Không tìm thấy danh sách này."))
    return run


def mine(actor: Actor, kind: str, *, cursor: str = "") -> Page[Run]:
    """The actor's imports, latest first."""
    if actor.person_id is None:
        return Page([])
    rows = Run.objects.filter(person_id=actor.person_id, kind=kind).exclude(state=RunState.PREPARED)
    return page(rows.defer("data"), by=["-started_at", "-id"], cursor=cursor, size=20)


def counts(run: Run) -> dict[str, int]:
    """How many lines would add, change, leave as it is, or need mending."""
    rows = (
        Item.objects.filter(run=run)
        .annotate(what=KT("data__kind"))
        .values_list("what")
        .annotate(Count("id"))
        .order_by()
    )
    return {str(kind): number for kind, number in rows}


def lines(run: Run, kind: str = "", *, cursor: str = "") -> Page[Item]:
    """Lines of a list in their order, those of one kind when it is named."""
    rows = Item.objects.filter(run=run)
    if kind in KINDS:
        rows = rows.annotate(what=KT("data__kind")).filter(what=kind)
    return page(rows, by=["position"], cursor=cursor, size=50)


def common_faults(run: Run, limit: int = 8) -> list[tuple[str, int]]:
    """The faults most lines have, so that one mends the file and not each line."""
    rows = (
        Item.objects.filter(run=run)
        .annotate(what=KT("data__kind"), fault=KT("data__faults__0__2"), column=KT("data__faults__0__0"))
        .filter(what="bad")
        .values_list("column", "fault")
        .annotate(n=Count("id"))
        .order_by(F("n").desc())[:limit]
    )
    return [(f"{BY_CODE[column].label}: {fault}", n) for column, fault, n in rows]


def faulty_rows(run: Run) -> Iterator[list[str]]:
    """The lines that could not be taken, as they were read, with what to mend in the last column; a heading first."""
    yield [_("Dòng"), *(c.label for c in COLUMNS), _("Cần sửa")]
    rows = Item.objects.filter(run=run)
    rows = rows.filter(state=ItemState.REFUSED) if run.state != RunState.PREPARED else rows
    for item in rows.order_by("position").iterator(chunk_size=1000):
        faults = item.data.get("faults") or []
        if run.state == RunState.PREPARED and not faults:
            continue
        row = dict(item.data.get("row", {}))
        row |= {column: cell for column, cell, _text in faults if cell}
        told = item.message or " ".join(f"{BY_CODE[c].label}: {text}" for c, _cell, text in faults)
        yield [item.key, *(str(row.get(c.code, "")) for c in COLUMNS), told]
