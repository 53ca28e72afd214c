"""Names of territories and units from the directory of `core.orgs`, for pickers and summaries."""

from __future__ import annotations

from collections.abc import Sequence

from tinhso.core.forms.env import Place
from tinhso.core.orgs import queries as orgs


class OrgPlaces:
    """The `Places` of this installation; answered from the kept directory, without a query of its own."""

    def find(self, kind: str, text: str, limit: int = 20) -> Sequence[Place]:
        if not text.strip():
            return []
        if kind == "unit":
            return [Place(u.code, u.name) for u in orgs.find_units(text, limit=limit)]
        return [Place(p.code, p.full_name) for p in orgs.find_communes(text, limit)]

    def name(self, kind: str, code: str) -> str | None:
        known = orgs.directory()
        if kind == "unit":
            return known.by_code[code].name if code in known.by_code else ""
        return orgs.full_territory_name(code) if code in known.territories else ""
