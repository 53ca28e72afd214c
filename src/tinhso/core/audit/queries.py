"""Reading the logs: verifying the chain, and what a person or an administrator may see of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from tinhso.core.audit.models import Entry, Lane, PersonRead, Seal
from tinhso.core.audit.rules import digest, extend, seal_hash
from tinhso.core.db.paging import Page, page


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold: `entry` is its number, `what` a sentence."""

    lane: int
    seq: int
    entry: int | None
    what: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    lanes: int
    seals: int
    breaks: tuple[Break, ...]


def verify() -> Verification:
    """Walk every lane from its first entry; report the first broken link of each, and every seal that no longer fits."""
    count, breaks = 0, []
    heads: dict[tuple[int, int], str] = {}
    lanes = list(Lane.objects.order_by("id"))
    for lane in lanes:
        found, broken = _walk(lane, heads)
        count += found
        if broken:
            breaks.append(broken)
    seals = list(Seal.objects.order_by("day"))
    breaks += _check_seals(seals, heads)
    return Verification(count, len(lanes), len(seals), tuple(breaks))


def _walk(lane: Lane, heads: dict[tuple[int, int], str]) -> tuple[int, Break | None]:
    previous, seq = bytes(32), 0
    for entry in Entry.objects.filter(lane=lane.id).order_by("seq").iterator(chunk_size=2000):
        seq += 1
        if entry.seq != seq:
            return seq, Break(lane.id, seq, entry.id, f"thiếu mục số {seq}: mục kế tiếp mang số {entry.seq}")
        content = digest(entry.at, entry.act, entry.object_kind, entry.object_id, entry.actor, entry.data)
        if content != bytes(entry.digest):
            return seq, Break(lane.id, seq, entry.id, "nội dung đã bị sửa sau khi ghi")
        previous = extend(previous, content)
        if previous != bytes(entry.hash):
            return seq, Break(lane.id, seq, entry.id, "mắt xích không nối với mục trước")
        heads[lane.id, seq] = previous.hex()
    if (lane.seq, bytes(lane.hash)) != (seq, previous):
        return seq, Break(lane.id, seq, None, f"đầu chuỗi ghi {lane.seq} mục nhưng chỉ còn {seq}")
    return seq, None


def _check_seals(seals: list[Seal], heads: dict[tuple[int, int], str]) -> Iterator[Break]:
    for seal in seals:
        if bytes(seal.hash) != seal_hash(seal.heads):
            yield Break(-1, 0, None, f"dấu niêm phong ngày {seal.day:%d/%m/%Y} không khớp")
            continue
        for lane, head in seal.heads.items():
            seq, _, value = head.partition(":")
            if int(seq) and heads.get((int(lane), int(seq))) != value:
                yield Break(int(lane), int(seq), None, f"khác với niêm phong ngày {seal.day:%d/%m/%Y}")
                break


def entries_of(object_kind: str, object_id: str) -> QuerySet[Entry]:
    """Everything that was done to one object, oldest first."""
    return Entry.objects.filter(object_kind=object_kind, object_id=object_id).order_by("id")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries to list. `actor` is a person's id, `units` limits to acts of people in those units (None: all)."""

    object_kind: str = ""
    object_id: str = ""
    actor: str = ""
    act: str = ""
    since: datetime | None = None
    until: datetime | None = None
    units: frozenset[str] | None = None


def entries(what: EntryFilter, *, cursor: str = "", size: int = 50) -> Page[Entry]:
    """Entries, latest first, by key-set pages."""
    rows = Entry.objects.defer("digest", "hash")
    if what.object_kind:
        rows = rows.filter(object_kind=what.object_kind)
    if what.object_id:
        rows = rows.filter(object_id=what.object_id)
    if what.actor:
        rows = rows.filter(actor__person=what.actor)
    if what.act:
        rows = rows.filter(act=what.act)
    if what.since:
        rows = rows.filter(at__gte=what.since)
    if what.until:
        rows = rows.filter(at__lt=what.until)
    if what.units is not None:
        rows = rows.filter(actor__unit__in=sorted(what.units))
    return page(rows, by=["-id"], cursor=cursor, size=size)


def entry(entry_id: int) -> Entry | None:
    """One entry by its number."""
    return Entry.objects.filter(id=entry_id).first()


def seals(*, cursor: str = "", size: int = 30) -> Page[Seal]:
    """The daily seals, latest first."""
    return page(Seal.objects.defer("heads"), by=["-day"], cursor=cursor, size=size)


def reads_of(person_id: UUID) -> QuerySet[PersonRead]:
    """Who read a person's data, latest first; for the person's own page."""
    return PersonRead.objects.filter(person_id=person_id).order_by("-at")
