"""The log of acts in words: what was done to what by whom, and where to look further."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.audit import queries as audit
from tinhso.core.audit.models import Entry, Seal
from tinhso.core.cases.policy import PUBLISH
from tinhso.core.console.policy import audited_units
from tinhso.core.console.words import ACT_WORDS, KIND_WORDS
from tinhso.core.db.paging import Page
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Post
from tinhso.core.orgs.policy import EDIT_CALENDARS, EDIT_UNITS
from tinhso.core.people.models import Person
from tinhso.core.people.policy import MANAGE
from tinhso.core.signing.errors import SigningError
from tinhso.core.signing.timestamps import verify_timestamp
from tinhso.kit.errors import NotFound


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as people read it."""

    entry: Entry
    act: str
    thing: str
    thing_url: str
    by: str
    unit: str


def entries(what: audit.EntryFilter, *, actor: Actor, cursor: str = "") -> Page[EntryLine]:
    """Entries this auditor may see, latest first."""
    scoped = audit.EntryFilter(
        what.object_kind, what.object_id, what.actor, what.act, what.since, what.until, audited_units(actor)
    )
    found = audit.entries(scoped, cursor=cursor)
    names = _names(found.rows)
    return Page([line(row, actor, names) for row in found.rows], found.next, found.previous)


def entry(entry_id: int, *, actor: Actor) -> EntryLine:
    """One entry. `NotFound` for one outside the auditor's units, as for one that does not exist."""
    row, units = audit.entry(entry_id), audited_units(actor)
    if row is None or (units is not None and row.actor.get("unit") not in units):
        raise NotFound("no_entry", _("Không có mục nhật ký này."))
    return line(row, actor, _names([row]))


def _names(rows: Iterable[Entry]) -> dict[str, str]:
    """The names of the persons and posts that entries are about, by id: one query for each kind there is."""
    found: dict[str, str] = {}
    people = _ids(rows, "person")
    posts = _ids(rows, "post")
    if people:
        pairs = Person.objects.filter(id__in=people).values_list("id", "full_name")
        found |= {str(key): text for key, text in pairs}
    if posts:
        found |= {
            str(key): text for key, text in Post.objects.filter(id__in=posts).values_list("id", "title")
        }
    return found


def _ids(rows: Iterable[Entry], kind: str) -> set[UUID]:
    return {key for row in rows if row.object_kind == kind and (key := _uuid(row.object_id))}


def line(row: Entry, actor: Actor, names: Mapping[str, str]) -> EntryLine:
    """The entry with its words; links only to what the reader may open."""
    name = row.actor.get("name", "")
    title = row.actor.get("title", "")
    unit = _unit_name(row.actor.get("unit", ""))
    by = ", ".join(part for part in (name, title) if part)
    thing = f"{_(KIND_WORDS.get(row.object_kind, row.object_kind))} {_thing_name(row, names)}".strip()
    return EntryLine(
        row, act_words(row.act), thing, _url(row, actor), by or row.actor.get("system", ""), unit
    )


def act_words(act: str) -> str:
    """The act in words, its code when nobody has named it."""
    return _(ACT_WORDS[act]) if act in ACT_WORDS else act


def _unit_name(unit_id: str) -> str:
    found = orgs.directory().units.get(_uuid(unit_id)) if unit_id else None  # type: ignore[arg-type]
    return found.name if found else ""


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _thing_name(row: Entry, names: Mapping[str, str]) -> str:
    if row.object_id in names:
        return names[row.object_id]
    if row.object_kind == "unit":
        return _unit_name(row.object_id) or row.object_id
    if row.object_kind in ("procedure", "calendar"):
        return row.object_id
    return str(row.data.get("code") or row.data.get("title") or row.object_id[-8:])


def _url(row: Entry, actor: Actor) -> str:
    pages = {
        "unit": ("console:unit", EDIT_UNITS),
        "post": ("console:post", EDIT_UNITS),
        "person": ("console:person", MANAGE),
        "procedure": ("console:procedure", PUBLISH),
        "calendar": ("console:calendar", EDIT_CALENDARS),
    }
    if row.object_kind not in pages or not row.object_id:
        return ""
    name, permission = pages[row.object_kind]
    by_id = row.object_kind in ("unit", "post", "person")
    if not actor.may(permission) or (by_id and _uuid(row.object_id) is None):
        return ""
    return reverse(name, args=[row.object_id])


@dataclass(frozen=True, slots=True)
class Change:
    """One thing an entry tells: its name, and what was before and after (only `after` for what has no before)."""

    name: str
    before: str
    after: str


def changes(data: Mapping[str, Any]) -> list[Change]:
    """An entry's data as rows: `before` and `after` side by side, everything else as it is."""
    before, after = data.get("before"), data.get("after")
    rows: list[Change] = []
    if "before" in data or "after" in data:
        if isinstance(before, Mapping) or isinstance(after, Mapping):
            old, new = (part if isinstance(part, Mapping) else {} for part in (before, after))
            rows += [
                Change(name, plain(old.get(name)), plain(new.get(name)))
                for name in dict.fromkeys([*old, *new])
            ]
        else:
            rows.append(Change("", plain(before), plain(after)))
    rows += [
        Change(name, "", plain(value)) for name, value in data.items() if name not in ("before", "after")
    ]
    return rows


def plain(value: Any) -> str:
    """A value of an entry as text."""
    if value is None or value == "":
        return "—"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class SealLine:
    """A day's seal, the moment its time stamp tells (None: not stamped yet), and what is wrong with the stamp if anything."""

    seal: Seal
    hash: str
    stamped_at: datetime | None
    wrong: str


def seals(cursor: str = "") -> Page[SealLine]:
    """The daily seals, each time stamp checked against the seal."""
    found = audit.seals(cursor=cursor, size=15)
    return Page([_seal(row) for row in found.rows], found.next, found.previous)


def _seal(row: Seal) -> SealLine:
    at, wrong = None, ""
    if row.token is not None:
        try:
            at = verify_timestamp(bytes(row.token), bytes(row.hash))
        except SigningError as error:
            wrong = error.message
    return SealLine(row, bytes(row.hash).hex(), at, wrong)


def act_choices() -> list[tuple[str, str]]:
    """The acts one may filter by."""
    return sorted(((code, _(words)) for code, words in ACT_WORDS.items()), key=lambda pair: pair[1])
