"""Moving running cases to another version: dry run, move with an act each, and taking it back, in this one process.

`python -m bench.versions 2000` does it for another number of cases than `run` (which `python -m bench versions`
calls). The cases are copies of one real case under a procedure of the benchmark's own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

SIZE = 10_000
CODE = "9.999901"
#: Copies of one case with its acts and open tasks, under the benchmark's version.
COPY = (
    """CREATE TEMP TABLE bench_copies ON COMMIT DROP AS
       SELECT n, uuidv7() AS id FROM generate_series(1, %(size)s) n""",
    """INSERT INTO cases_case (id, code, key, procedure_id, version_id, {same})
       SELECT b.id, 'v' || b.id, 'v' || b.id, %(code)s, %(version)s, {of_case}
       FROM bench_copies b, cases_case c WHERE c.id = %(model)s""",
    """INSERT INTO cases_act (case_id, {act})
       SELECT b.id, {of_act} FROM bench_copies b, cases_act a WHERE a.case_id = %(model)s""",
    """INSERT INTO desk_task (id, subject_id, {task})
       SELECT uuidv7(), b.id, {of_task} FROM bench_copies b, desk_task t
       WHERE t.subject_id = %(model)s AND t.closed_at IS NULL""",
)


def run(cases: int = SIZE) -> dict[str, float]:
    from bench import people
    from bench.acts import advance_one, file_one
    from tinhso.core.cases.actions import perform, plans
    from tinhso.core.cases.actions.plans import Unwatched
    from tinhso.core.cases.models import Case, PlannedCase

    size, model = cases, file_one()
    advance_one(model)
    perform(model, "hand_over", {}, actor=people.actor("motcua"))
    frm, to = _versions(Case.objects.get(id=model).version.source)
    copy(model, frm.id, size)
    plan = plans.make_plan(actor=people.actor("quantri"), procedure=CODE, frm=frm.number, to=to.number)
    figures: dict[str, float] = {}
    _timed(figures, "try", size, lambda: plans.check(Unwatched(), plan.id))
    _timed(figures, "move", size, lambda: plans.apply(Unwatched(), plan.id))
    figures["versions.try and move s"] = figures["versions.try s"] + figures["versions.move s"]
    moved = PlannedCase.objects.filter(plan=plan, outcome="moved").count()
    _timed(figures, "take back", size, lambda: plans.revert(Unwatched(), plan.id))
    back = PlannedCase.objects.filter(plan=plan, outcome="back").count()
    if not moved == back == size:
        raise RuntimeError(f"{moved} moved, {back} taken back of {size}")
    return figures


def _timed(figures: dict[str, float], name: str, size: int, do: Callable[[], Any]) -> None:
    begun = time.perf_counter()
    do()
    took = time.perf_counter() - begun
    figures[f"versions.{name} s"], figures[f"versions.{name} /s"] = took, size / took


def _versions(source: dict[str, Any]) -> tuple[Any, Any]:
    """Two versions of the benchmark's procedure: the second has another form, another paper, more time, and other
    people at the step the cases stand at."""
    import copy as copying

    from tinhso.core.access.actor import system_actor
    from tinhso.core.cases.actions.publish import publish

    made = []
    for other in (False, True):
        mine = copying.deepcopy(source)
        mine["procedure"] |= {"code": CODE, "keywords": [f"{time.time()} {other}"]}
        if other:
            field = {"id": "bench", "type": "text", "label": {"vi": "Câu hỏi thêm"}}
            mine["form"]["pages"][0]["fields"].append(field)
            named = next(f for p in mine["form"]["pages"] for f in p["fields"] if f["id"] == "child_name")
            named["max_length"] = 60  # a stricter rule: every case's answers are judged anew
            mine["procedure"]["variants"][-1]["time"] = "15 working days"
            step = next(s for s in mine["procedure"]["process"] if s["id"] == "draft")
            step["by"] = "social_officer @ competent"
        made.append(publish(mine, actor=system_actor("bench")).version)
    return made[0], made[1]


def copy(model: UUID, version: UUID, size: int, code: str = CODE) -> None:
    """So many copies of a case, its acts and its open task."""
    from django.db import connection, transaction

    from tinhso.core.cases.models import Act, Case
    from tinhso.core.desk.models import Task

    def columns(row: type[Any], *own: str) -> list[str]:
        return [f.column for f in row._meta.concrete_fields if f.column not in own and not f.generated]

    case = columns(Case, "id", "code", "key", "procedure_id", "version_id")
    act, task = columns(Act, "id", "case_id"), columns(Task, "id", "subject_id")
    lists = {
        "same": ", ".join(case), "of_case": ", ".join(f"c.{x}" for x in case),
        "act": ", ".join(act), "of_act": ", ".join(f"a.{x}" for x in act),
        "task": ", ".join(task), "of_task": ", ".join(f"t.{x}" for x in task),
    }  # fmt: skip
    given = {"size": size, "code": code, "version": version, "model": model}
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in COPY:
            cursor.execute(statement.format(**lists), given)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_act, desk_task")


if __name__ == "__main__":
    from bench.setup import installation

    installation()
    for key, value in run(int(sys.argv[1]) if len(sys.argv) > 1 else SIZE).items():
        print(f"{key:<30} {value:>12,.2f}")
