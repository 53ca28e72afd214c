"""What the API reads of the catalogue."""

from __future__ import annotations

from tinhso.core.access.actor import VISITOR
from tinhso.core.cases.models import Procedure
from tinhso.core.db.paging import Page, page
from tinhso.core.search.queries import find


def find_procedures(text: str, *, cursor: str = "", size: int = 50) -> Page[Procedure]:
    """Procedures whose name or keywords hold the words (best first, one page), or all of them by code."""
    if not text.strip():
        return page(Procedure.objects.all(), by=["code"], cursor=cursor, size=size)
    codes = [h.key for g in find(VISITOR, text, source="procedure", size=size).groups for h in g.hits]
    rows = Procedure.objects.in_bulk(codes)
    return Page([rows[c] for c in codes if c in rows])
