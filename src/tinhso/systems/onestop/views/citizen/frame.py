"""What the pages of a filing share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tinhso.systems.onestop.queries.citizen import code_of_key
from tinhso.systems.onestop.queries.filing import Filing, open_filing
from tinhso.systems.onestop.rules import filing as rules
from tinhso.systems.onestop.views.citizen import reader_language


def opened(request: HttpRequest, draft_id: UUID) -> Filing:
    """The filing of a draft as it stands now; `NotFound` for somebody else's."""
    return open_filing(draft_id, actor=request.actor, lang=reader_language())  # type: ignore[attr-defined]


def base_context(filing: Filing, here: str = "") -> dict[str, Any]:
    """What every page of a filing shows: where one is, what comes next, that it is saved, for whom it is."""
    ids = [s.id for s in filing.stops]
    previous = rules.before(filing.stops, here) if here else None
    return {
        "filing": filing,
        "draft": filing.draft,
        "name": filing.definition.name.in_(filing.lang),
        "party": filing.party,
        "here": ids.index(here) + 1 if here in ids else 0,
        "titles": [s.title for s in filing.stops],
        "previous_url": filing.url(previous.id) if previous else "",
        "overview_url": reverse("onestop:filing", args=[filing.draft.id]),
    }


def sent_already(request: HttpRequest, filing: Filing) -> HttpResponse | None:
    """To the case, when the draft has become one."""
    if filing.draft.submitted_at is None:
        return None
    code = code_of_key(filing.draft.case_key, request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("onestop:filed", args=[code]) if code else reverse("onestop:mine"))
