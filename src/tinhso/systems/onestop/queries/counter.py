"""Procedures as the clerk finds them: by words of the name or key words, marks optional."""

from __future__ import annotations

from dataclasses import dataclass

from tinhso.core.cases.models import Procedure
from tinhso.core.cases.queries import offered_codes
from tinhso.kit.text import fold

SHOWN = 20


@dataclass(frozen=True, slots=True)
class CounterProcedure:
    """A procedure that takes dossiers at the counter."""

    code: str
    name: str


def procedures_at_counter(text: str, lang: str = "vi") -> list[CounterProcedure]:
    """The procedures whose name, code or key words hold every word typed; the most used first."""
    words = fold(text).split()
    rows = Procedure.objects.filter(code__in=offered_codes()).order_by("-popular", "name")
    found = []
    for row in rows:
        known = fold(
            " ".join([row.code, row.name, row.name_en, *map(str, row.information.get("keywords", ()))])
        )
        if all(word in known for word in words):
            found.append(
                CounterProcedure(row.code, row.name_en if lang == "en" and row.name_en else row.name)
            )
    return found[:SHOWN]
