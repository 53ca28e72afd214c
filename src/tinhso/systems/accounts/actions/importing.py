"""A list of staff: looked through by the worker, shown, and, once confirmed, done group by group.

The same file twice changes nothing: every line is decided against what is known at that moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tinhso.core.access.actor import Actor
from tinhso.core.files import queries as files
from tinhso.core.files.actions import store_made
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.actions import Thing
from tinhso.core.jobs.models import Item, ItemState, Run
from tinhso.core.jobs.runs import Outcome, Steps
from tinhso.core.orgs.policy import EDIT_UNITS, require
from tinhso.core.people.policy import MANAGE
from tinhso.kit.errors import Refusal
from tinhso.systems.accounts import sheets
from tinhso.systems.accounts.actions.writing import write_group
from tinhso.systems.accounts.queries.decide import Deciding, Decision
from tinhso.systems.accounts.queries.known import Places, read
from tinhso.systems.accounts.rules.table import (
    BY_CODE,
    Fault,
    Heading,
    Line,
    cells_of,
    find_heading,
    is_password,
    judge_doubles,
    missing,
    read_line,
)

CHECK, IMPORT = "accounts.check", "accounts.import"
PURPOSE = "accounts.import"
GROUP = 250
_CODINGS = ("", "utf-8", "cp1258", "tcvn3")
_LABEL = 200


def bring(*, actor: Actor, data: bytes, name: str, coding: str = "", sheet: str = "") -> Run:
    """Keep a file and what its columns seem to mean, to be confirmed by `look_through`. `NotATable` says what to mend."""
    require(actor, MANAGE)
    require(actor, EDIT_UNITS)
    if coding not in _CODINGS:
        raise Refusal("unknown_coding", _("Không có bảng mã này."), status=422, field="coding")
    found = sheets.read(data, coding)
    chosen = best_sheet(found, sheet)
    heading = _heading(chosen)
    refuse_passwords(heading)
    with transaction.atomic():
        kept = store_made(
            data,
            name=name[:120] or "danh-sach",
            media_type="application/octet-stream",
            actor=actor,
            purpose=PURPOSE,
        )
        told = {
            "file": str(kept.id),
            "name": kept.name,
            "coding": coding,
            "sheet": chosen.name,
            "sheets": [s.name for s in found],
            "heading": heading.line,
            "texts": list(heading.texts),
            "meant": list(heading.meant),
        }
        return runs.start(
            kind=CHECK,
            title=_("Đọc danh sách: %(name)s") % {"name": kept.name},
            actor=actor,
            data=told,
            prepared=True,
        )


def _heading(sheet: sheets.Sheet) -> Heading:
    """Where the headings stand; `NotATable` says what they should say."""
    found = find_heading(sheet.rows)
    if found is None:
        told = _(
            "Không thấy dòng tiêu đề ở 20 dòng đầu của trang “%(sheet)s”. Dòng tiêu đề cần các cột như Họ và tên, "
            "Số định danh, Đơn vị, Chức danh. Hãy xem bảng mẫu, hoặc chọn đúng trang tính."
        )
        raise sheets.NotATable("no_heading", told % {"sheet": sheet.name})
    return found


def bring_again(*, actor: Actor, run: Run, sheet: str) -> Run:
    """The same file with another of its sheets; the reading of before is forgotten."""
    stored = files.for_actor(actor, UUID(run.data["file"]))
    if stored is None:
        raise Refusal("file_gone", _("Không còn tệp đã tải lên; hãy tải lại."), status=422)
    made = bring(
        actor=actor, data=files.content(stored), name=run.data["name"], coding=run.data["coding"], sheet=sheet
    )
    runs.discard(run.id, actor=actor)
    return made


def best_sheet(found: Sequence[sheets.Sheet], wanted: str = "") -> sheets.Sheet:
    """The sheet asked for, else the one whose heading says most."""
    by_name = {s.name: s for s in found}
    if wanted in by_name:
        return by_name[wanted]
    if not found:
        raise sheets.NotATable("no_sheet", _("Tệp không có trang tính nào hiện ra."))
    return max(found, key=lambda s: heading.known if (heading := find_heading(s.rows)) else 0)


def refuse_passwords(heading: Heading) -> None:
    """No file carries passwords: people set their own by the invitation."""
    if any(is_password(text) for text in heading.texts):
        raise sheets.NotATable(
            "has_passwords",
            _(
                "Tệp có cột mật khẩu. Hãy xóa cột đó: mỗi người tự đặt mật khẩu theo lời mời, không tệp nào chứa mật khẩu."
            ),
        )


def look_through(*, actor: Actor, run: Run, meant: Sequence[str]) -> Run:
    """Let the worker judge every line under these meanings of the columns. `Refusal` when a needed one is missing."""
    texts = run.data["texts"]
    if len(meant) != len(texts) or any(code and code not in BY_CODE for code in meant):
        raise Refusal(
            "bad_mapping", _("Cách hiểu các cột không khớp với tệp; hãy tải tệp lên lại."), status=422
        )
    twice = [BY_CODE[code].label for code, n in Counter(c for c in meant if c).items() if n > 1]
    if twice:
        raise Refusal(
            "twice",
            _("Mỗi ý chỉ chọn cho một cột: %(what)s.") % {"what": ", ".join(twice)},
            status=422,
            field="meant",
        )
    if lacking := missing(meant):
        raise Refusal(
            "missing", _("Thiếu cột: %(what)s.") % {"what": "; ".join(lacking)}, status=422, field="meant"
        )
    return runs.confirm(run.id, actor=actor, data={"meant": list(meant)})


def lines_of(run: Run | Steps, actor: Actor, today: date) -> list[Line]:
    """The lines of a kept file, each judged by itself and against the others."""
    data = run.data
    stored = files.for_actor(actor, UUID(data["file"]))
    if stored is None:
        raise Refusal("file_gone", _("Không còn tệp đã tải lên; hãy tải lại."), status=422)
    sheet = best_sheet(sheets.read(files.content(stored), data["coding"]), data["sheet"])
    meant, places = data["meant"], {n: code for n, code in enumerate(data["meant"]) if code}
    lines = []
    for n, cells in enumerate(sheet.rows[data["heading"] + 1 :], start=data["heading"] + 1):
        said = cells_of(meant, cells)
        if not any(said.values()):
            continue
        numeric = frozenset(code for c, code in places.items() if (n, c) in sheet.numeric)
        line = read_line(n + 1, said, today, numeric)
        if merged := [code for c, code in places.items() if c in sheet.merged.get(n, ())]:
            line.faults.append(
                Fault(
                    merged[0],
                    said.get(merged[0], ""),
                    "Ô bị gộp (Merge) nên không rõ thuộc dòng nào. Bỏ gộp ô rồi điền từng dòng.",
                )
            )
        lines.append(line)
    judge_doubles(lines)
    return lines


def check(steps: Steps) -> dict[str, Any]:
    """The worker's first part: every line with its faults and what it would do, kept for the person to look at."""
    actor, today = steps.actor(), timezone.localdate()
    lines = lines_of(steps, actor, today)
    if not lines:
        raise Refusal("no_lines", _("Không có dòng nào dưới dòng tiêu đề."), status=422)
    steps.expect(len(lines))
    places, things = Places(), []
    deciding = Deciding(actor, places, today)
    for start in range(0, len(lines), GROUP):
        group = lines[start : start + GROUP]
        known = read(group, places)
        things += [_thing(deciding.decide(line, known)) for line in group]
        with transaction.atomic():
            steps.step(cursor=start, done=len(group))
    told = {k: steps.data[k] for k in ("file", "name", "coding", "sheet", "heading", "texts", "meant")}
    title = _("Nhập danh sách: %(name)s") % {"name": steps.data["name"]}
    made = runs.start(kind=IMPORT, title=title, actor=actor, data=told, things=things, prepared=True)
    return {"url": reverse("accounts:preview", args=[made.id])}


def _thing(d: Decision) -> Thing:
    line = d.line
    told = {
        "row": {k: v for k, v in line.plain().items() if k not in ("faults", "notes", "line") and v},
        "kind": d.kind if not d.faults else "bad",
        "own": len(line.faults),
        "faults": [[f.column, f.cell, f.text] for f in d.faults],
        "notes": d.notes,
    }
    return Thing(str(line.line), f"Dòng {line.line}: {line.full_name}"[:_LABEL], told)


def confirm(*, actor: Actor, run: Run, make_posts: bool, invite: bool) -> Run:
    """Begin the work as it was looked at. Posts a unit lacks are made only when that was allowed."""
    return runs.confirm(
        run.id,
        actor=actor,
        data={"make_posts": make_posts, "invite": invite, "back": reverse("accounts:imports")},
    )


def work(steps: Steps) -> dict[str, Any]:
    """The worker's second part: line after line in groups, as the person who confirmed, with the rights of each moment."""
    places = Places()
    steps.cursor = steps.cursor or {}
    for items in steps.groups(GROUP):
        actor = steps.actor()  # who lost the post meanwhile goes no further
        deciding = Deciding(actor, places, timezone.localdate(), make_posts=steps.data["make_posts"])
        _group(steps, deciding, items)
    _forget_rows(steps.run_id)
    return {"url": reverse("accounts:report", args=[steps.run_id]), "counts": steps.cursor}


def _group(steps: Steps, deciding: Deciding, items: list[Item]) -> None:
    """A group in one transaction; when somebody else wrote the same meanwhile, one by one."""
    try:
        with transaction.atomic():
            before = dict(steps.cursor)
            decisions = write_group(deciding, [_line(i) for i in items], steps.data, steps.run_id)
            steps.cursor = _counted(before, decisions)
            steps.settle([_outcome(i, d) for i, d in zip(items, decisions, strict=True)])
    except IntegrityError:
        steps.cursor = before
        deciding.places.forget_posts()
        if len(items) > 1:
            for item in items:
                _group(steps, deciding, [item])
            return
        with transaction.atomic():
            told = _("Vừa có người khác ghi cùng người này; hãy làm lại dòng này.")
            steps.settle([Outcome(items[0], ItemState.REFUSED, told)])


def _line(item: Item) -> Line:
    faults = [Fault(*f) for f in item.data["faults"][: item.data["own"]]]
    return Line(line=int(item.key), faults=faults, notes=[], **item.data["row"])


def _counted(before: dict[str, int], decisions: Sequence[Decision]) -> dict[str, int]:
    kinds = Counter("bad" if d.faults else d.kind for d in decisions)
    return {kind: before.get(kind, 0) + kinds[kind] for kind in {*before, *kinds}}


def _outcome(item: Item, d: Decision) -> Outcome:
    if d.faults:
        told = " ".join(f"{BY_CODE[f.column].label}: {f.text}" for f in d.faults)
        return Outcome(item, ItemState.REFUSED, told)
    words = {"new": "Thêm mới.", "changed": "Cập nhật.", "same": "Không đổi."}[d.kind]
    return Outcome(item, message=" ".join([words, *d.notes]))


def _forget_rows(run_id: UUID) -> None:
    """What was done needs no copy of people's data any more; refused lines keep theirs to be mended or tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_item SET data = data - 'row' WHERE run_id = %s AND state = 'done' AND data ? 'row'",
            [run_id],
        )
