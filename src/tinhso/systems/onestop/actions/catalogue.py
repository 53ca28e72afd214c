"""Keeping the search's picture of procedures in line with the catalogue."""

from __future__ import annotations

from django.db.models import F
from django.urls import reverse

from tinhso.core.cases.models import Procedure
from tinhso.core.search import actions as search
from tinhso.systems.onestop.queries.catalogue import SOURCE, search_words
from tinhso.systems.onestop.rules.plain import text_of


def index_procedure(code: str) -> None:
    """Let a procedure be found by its name, code, keywords and field; one that is gone is forgotten."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is None:
        search.forget(source=SOURCE, key=code)
        return
    search.index(
        None,
        source=SOURCE,
        key=code,
        title=procedure.name,
        summary=text_of(procedure.information.get("summary")),
        url=reverse("onestop:procedure", args=[code]),
        scope=[search.PUBLIC],
        keywords=search_words(procedure),
        rank=procedure.popular,
    )


def index_all_procedures() -> int:
    """Index every procedure again, after the index was emptied; returns how many."""
    codes = list(Procedure.objects.order_by("code").values_list("code", flat=True))
    for code in codes:
        index_procedure(code)
    return len(codes)


def count_use(code: str) -> None:
    """One more case of a procedure: what is used most is shown first."""
    Procedure.objects.filter(code=code).update(popular=F("popular") + 1)
