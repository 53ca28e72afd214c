"""Procedures as citizens look for them: fields, the most used, search, one procedure in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.models import Procedure
from tinhso.core.forms.texts import Text
from tinhso.core.search import queries as search
from tinhso.kit.yamlfile import load
from tinhso.systems.onestop.rules.plain import text_of

SOURCE = "procedure"
POPULAR = 8
MOST = 60


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of administration (lĩnh vực) and how many procedures it has."""

    id: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ProcedureRow:
    """A procedure in a list. `online`: it can be filed here; otherwise the page says where to go."""

    code: str
    name: str
    summary: str
    field: str
    online: bool


@dataclass(frozen=True, slots=True)
class Results:
    """What a search found. `loose`: nothing holds all the words, these hold some."""

    rows: list[ProcedureRow]
    loose: bool = False


def field_names() -> dict[str, Text]:
    """The names of all fields by id, in the order of the reference file."""
    return _field_names(Path(settings.CATALOG))


@lru_cache(maxsize=4)
def _field_names(catalog: Path) -> dict[str, Text]:
    document = load(catalog / "references" / "fields.yml", catalog)
    return {item["id"]: Text.of(item["name"]) for item in document.data["items"]}


def fields(lang: str) -> list[FieldRow]:
    """The fields that have procedures, in the order of the reference file."""
    counted = Procedure.objects.order_by().values_list("field").annotate(n=Count("code"))
    counts = dict(counted)
    names = field_names()
    known = [FieldRow(key, name.in_(lang), counts[key]) for key, name in names.items() if key in counts]
    return known + [FieldRow(key, key, n) for key, n in sorted(counts.items()) if key not in names]


def popular(lang: str) -> list[ProcedureRow]:
    """The procedures used most that can be filed here; those used alike in the order of their fields."""
    online = cases.offered_codes()
    order = {key: n for n, key in enumerate(field_names())}
    rows = sorted(
        Procedure.objects.filter(code__in=online).defer("levels"),
        key=lambda p: (-p.popular, order.get(p.field, len(order)), p.code),
    )
    return _rows(rows[:POPULAR], online, lang)


def find(actor: Actor, text: str, field: str, lang: str) -> Results:
    """Procedures that hold the words (marks optional) in a field, or in all; without words those of the field."""
    if not text.strip():
        return (
            Results(_rows(cases.procedures(field)[:MOST], cases.offered_codes(), lang))
            if field
            else Results([])
        )
    found = search.find(actor, text, source=SOURCE, size=MOST)
    keys = [hit.key for group in found.groups for hit in group.hits]
    known = {p.code: p for p in Procedure.objects.filter(code__in=keys)}
    wanted = [known[k] for k in keys if k in known and (not field or known[k].field == field)]
    return Results(_rows(wanted, cases.offered_codes() if wanted else frozenset(), lang), found.loose)


def _rows(procedures: Iterable[Procedure], online: frozenset[str], lang: str) -> list[ProcedureRow]:
    names = field_names()
    return [
        ProcedureRow(
            p.code,
            name_of(p, lang),
            text_of(p.information.get("summary"), lang),
            names.get(p.field, Text(p.field)).in_(lang),
            p.code in online,
        )
        for p in procedures
    ]


def name_of(procedure: Procedure, lang: str) -> str:
    """The procedure's name as the reader reads it."""
    return procedure.name_en if lang == "en" and procedure.name_en else procedure.name


def search_words(procedure: Procedure) -> str:
    """What a procedure is found by besides its name: its code, keywords, field, the result's name."""
    data = procedure.information
    names = field_names().get(procedure.field, Text(procedure.field))
    results = [data["result"]["name"]] if "result" in data else [r["name"] for r in data.get("results", ())]
    parts = [procedure.code, procedure.name_en, names.vi, names.en, *data.get("keywords", ())]
    parts += [text_of(r) for r in results]
    return " ".join(p for p in parts if p)
