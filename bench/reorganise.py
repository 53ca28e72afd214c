"""Hậu Giang's 75 communes and 8 districts into two levels of Cần Thơ, with open cases in every commune.

The plan is made of the table of the resolution (`catalog/reorganisations/hau-giang-2025.csv`), tried, done and proved
through the real actions in this one process. The cases are copies of one real case for each commune.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from bench.setup import installation

CASES = 10_000
TABLE = "reorganisations/hau-giang-2025.csv"


def run(cases: int = CASES) -> dict[str, float]:
    installation("tinhso_reorganise", fresh=True)
    from pathlib import Path

    from django.conf import settings

    from bench import people
    from tinhso.core.cases.models import Act
    from tinhso.core.jobs.actions import work
    from tinhso.core.jobs.models import Run
    from tinhso.core.reorganisation import actions
    from tinhso.core.reorganisation.queries import proof_lines
    from tinhso.core.reorganisation.table import plan_of_table

    _trust_service()
    made = _fill(cases)
    admin = people.actor("quantri")
    table = (Path(settings.CATALOG) / TABLE).read_text("utf-8")
    text = plan_of_table(table)
    for post, rest in (("chair", "vice_chair"), ("centre_head", "one_stop_clerk")):  # a person would say who
        text = text.replace(f"{post}: ''", f"{post}: {rest}")
    row = actions.save(actor=admin, text=text)
    figures: dict[str, float] = {"reorganise.open cases": made}
    found = _timed(figures, "try", lambda: actions.try_out(actor=admin, plan_id=row.id))
    if not found.ready:
        raise RuntimeError(f"{found.faults[:3]} {found.open_count} {[s.held for s in found.homeless[:3]]}")
    figures["reorganise.units founded"] = found.units["founded"]
    figures["reorganise.units ended"] = found.units["ended"]
    figures["reorganise.people seated"] = len(found.people)
    actions.begin(actor=admin, plan_id=row.id)
    row.refresh_from_db()
    _timed(figures, "do", lambda: work(row.run_id))
    row.refresh_from_db()
    told = Run.objects.get(id=row.run_id)
    if told.state != "done" or not all(line.same for line in proof_lines(row)):
        raise RuntimeError(f"{told.state} {told.error} {proof_lines(row)}")
    moved = Act.objects.filter(kind="reorganise").count()
    if moved != made:
        raise RuntimeError(f"{moved} moved of {made}")
    figures["reorganise.do cases /s"] = moved / figures["reorganise.do s"]
    return figures


def _trust_service() -> None:
    """Time stamps for the report, where the settings say they are."""
    from urllib.parse import urlsplit

    from django.conf import settings

    from tinhso.core.signing.keys import demonstration
    from tinhso.core.signing.pki.serve import make_server

    port = urlsplit(settings.TRUST_URL).port or 8010
    server = make_server(demonstration(), host="127.0.0.1", port=port)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def _fill(cases: int) -> int:
    """An accepted case for each commune, and copies of it."""
    from uuid import uuid4

    from bench import people
    from bench.versions import copy
    from tinhso.core.access.actor import system_actor
    from tinhso.core.cases.actions import file_case, perform
    from tinhso.core.orgs import queries as orgs

    who = people.actor("congdan")
    communes = orgs.communes_of("93")
    each = max(0, cases // len(communes) - 1)
    for commune in communes:
        answers = people.form()
        for name, value in answers.items():
            if isinstance(value, dict) and "territory" in value:
                answers = {**answers, name: {**value, "territory": commune.code}}
        done = file_case(
            procedure=people.CODE, applicant=people.party(), answers=answers, papers=people.papers(),
            channel="online", key=str(uuid4()), actor=who, filer_id=who.person_id,
        )  # fmt: skip
        perform(done.case.id, "accept", {}, actor=system_actor("bench"))
        if each:
            copy(done.case.id, done.case.version_id, each, people.CODE)
    return len(communes) * (each + 1)


def _timed(figures: dict[str, float], name: str, do: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    found = do()
    figures[f"reorganise.{name} s"] = time.perf_counter() - begun
    return found
