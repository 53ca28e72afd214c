"""One form filed for many people from a table: looked at first, each row a case of its own, all in one group."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.actions.links import tie_group
from tinhso.core.cases.models import Case
from tinhso.core.cases.queries import CaseFile
from tinhso.core.forms.answers import judge
from tinhso.core.forms.env import Env
from tinhso.core.forms.lookups import OrgPlaces
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, Run
from tinhso.core.jobs.runs import Steps, tried
from tinhso.core.people import actions as people
from tinhso.core.people.actions import Particulars
from tinhso.core.procedures.model import Definition
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.tables import Rows
from tinhso.systems.onestop.actions.counter import centre_of, receive_at_counter
from tinhso.systems.onestop.rules.copies import (
    NAME,
    PERSON,
    ROW_KEY,
    Column,
    columns_of,
    read_heading,
    read_row,
)

KIND = "onestop.copies"
#: A table has at most this many people.
MOST = 2_000
_KEY_LENGTH = 40


def definition_at_counter(code: str) -> Definition:
    """The procedure in force, when it takes dossiers at the counter; `NotFound` otherwise."""
    definition = cases.offered(code)
    if definition is None or "counter" not in definition.channels:
        raise NotFound("not_offered", "Thủ tục này không nhận hồ sơ tại quầy.")
    return definition


def prepare_copies(base: CaseFile, rows: Rows, *, actor: Actor) -> Run:
    """Read a table and keep every row of it, right or wrong, to be looked at and confirmed.

    The first line names the columns. An empty cell leaves what the case says. `Refusal` when the table as a whole
    makes no sense; a fault of one row stays with the row.
    """
    centre_of(actor)
    definition = definition_at_counter(base.case.procedure_id)
    columns = _columns(definition, rows)
    lines = [(n, cells) for n, cells in enumerate(rows[1:], start=2) if any(cells)]
    if not lines:
        raise Refusal("no_rows", "Bảng chưa có dòng nào dưới dòng tiêu đề.", 422, field="table")
    if len(lines) > MOST:
        raise Refusal("too_many", f"Mỗi lần nộp nhiều nhất {MOST} dòng. Hãy tách bảng.", 422, field="table")
    known = {k: v for k, v in base.state.answers.items() if k in definition.form.fields}
    things = [_thing(definition, columns, line, cells, known) for line, cells in lines]
    _refuse_doubles(things)
    title = f"{definition.name.vi}: {len(things)} hồ sơ"
    data = {"code": definition.code, "case": base.case.code, "table": rows}
    data["back"] = reverse("onestop:staff_case", args=[base.case.code])
    return runs.start(kind=KIND, title=title, actor=actor, data=data, things=things, prepared=True)


def _columns(definition: Definition, rows: Rows) -> list[Column | None]:
    columns, unknown = read_heading(rows[0] if rows else [], columns_of(definition.form))
    if unknown:
        names = "; ".join(unknown[:5])
        raise Refusal(
            "unknown_column", f"Không rõ cột: {names}. Hãy dùng tên cột của bảng mẫu.", 422, field="table"
        )
    paths = Counter(c.path for c in columns if c)
    if NAME not in paths or max(paths.values()) > 1:
        message = f"Dòng đầu phải có cột “{PERSON[0][1]}”, và mỗi cột một lần."
        raise Refusal("no_name_column", message, 422, field="table")
    return columns


def _thing(
    definition: Definition, columns: list[Column | None], line: int, cells: list[str], base: dict[str, Any]
) -> Thing:
    read = read_row(columns, cells, base)
    faults = list(read.faults)
    if not faults:
        party = {"full_name": read.person[NAME], "identity": read.person.get("number", ""), "kind": "person"}
        env = Env(timezone.localdate(), party, "counter", "", OrgPlaces())
        labels = {c.path: c.label for c in columns_of(definition.form)}
        wrong = judge(definition.form, read.answers, env)[1]
        faults = [(labels.get(path, path), text.vi) for path, text in wrong.items()]
    data = {"line": line, "person": read.person, "answers": read.answers, "faults": faults}
    return Thing(str(line), f"Dòng {line}: {read.person.get(NAME, '')}", data)


def _refuse_doubles(things: list[Thing]) -> None:
    """A row key that stands twice is a fault of the second row."""
    seen: dict[str, int] = {}
    for thing in things:
        key = thing.data["person"].get(ROW_KEY, "")
        if key and (key in seen or len(key) > _KEY_LENGTH):
            told = f"trùng với dòng {seen[key]}" if key in seen else f"dài quá {_KEY_LENGTH} ký tự"
            thing.data["faults"].append(("Mã dòng", f"Mã này {told}."))
        seen.setdefault(key, thing.data["line"])


def faults_of(run: Run, limit: int = 200) -> list[tuple[int, str, str]]:
    """What is wrong in a prepared table: (line, column, sentence), in the order of the lines."""
    rows = Item.objects.filter(run=run).exclude(data__faults=[]).order_by("position")[:limit]
    return [(row.data["line"], column, text) for row in rows for column, text in row.data["faults"]]


def good_rows(run: Run) -> int:
    """How many rows of a prepared table can be filed."""
    return Item.objects.filter(run=run, data__faults=[]).count()


def work(steps: Steps) -> dict[str, Any]:
    """File every row by itself, as the clerk who confirmed; the first case filed heads the group."""
    actor = steps.actor()
    for (item,) in steps.groups(1):
        with transaction.atomic():
            filed: list[Case] = []
            outcome = tried(item, lambda item, filed=filed: _file(steps, item, actor, filed))  # type: ignore[misc]
            if filed and steps.cursor is None:
                steps.cursor = str(filed[0].id)
            steps.settle([outcome])
    head = Case.objects.filter(id=steps.cursor).first() if steps.cursor else None
    return {"url": reverse("onestop:staff_group", args=[head.code])} if head else {}


def _file(steps: Steps, item: Item, actor: Actor, filed: list[Case]) -> str:
    row = item.data
    if row["faults"]:
        told = "; ".join(f"{column}: {text}" for column, text in row["faults"])
        raise Refusal("bad_row", f"Dòng {row['line']}. {told}", 422)
    says = {k: v for k, v in row["person"].items() if k != ROW_KEY}
    own = row["person"].get(ROW_KEY, "")
    person = people.find_or_create_person(actor=actor, says=Particulars(**says))
    done = receive_at_counter(
        person_id=person.id,
        procedure=steps.data["code"],
        answers=row["answers"],
        papers=(),
        key=f"lo:{steps.person_id.hex}:{own}" if own else f"lo:{steps.run_id.hex}:{row['line']}",
        actor=actor,
        accept=False,
    )
    tie_group(UUID(steps.cursor) if steps.cursor else done.case.id, done.case.id)
    filed.append(done.case)
    return str(done.case.code)


def case_address(item: Item) -> str:
    """The page of the case a row became, "" while it became none."""
    return reverse("onestop:staff_case", args=[item.message]) if item.state == "done" else ""
