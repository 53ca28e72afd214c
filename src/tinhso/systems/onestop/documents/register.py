"""Form 07: the register of a centre for a range of days, as a page and as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import State, load_state
from tinhso.core.orgs.models import Unit
from tinhso.systems.onestop.documents.words import applicant, head, local

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WAYS = {"counter": "tại quầy", "post": "bưu chính", "online": "trực tuyến"}
#: Rows a register extract holds at most; a longer one is asked for in smaller ranges.
MOST_ROWS = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the register; the dates are moments or None."""

    no: int
    case_code: str
    procedure: str
    applicant: str
    address: str
    phone: str
    unit: str
    received: datetime | None
    due: datetime | None
    transferred: datetime | None
    result_in: datetime | None
    returned: datetime | None
    way: str
    note: str


def register_lines(unit: Unit, first: date, last: date) -> list[Line]:
    """The cases a centre received from `first` to `last`, numbered on from the first case of the year."""
    start = datetime(first.year, first.month, first.day, tzinfo=ZONE)
    end = datetime(last.year, last.month, last.day, 23, 59, 59, 999999, tzinfo=ZONE)
    rows = Case.objects.filter(reception_id=unit.id)
    year = datetime(first.year, 1, 1, tzinfo=ZONE)
    before = rows.filter(submitted_at__gte=year, submitted_at__lt=start).count()
    found = list(
        rows.filter(submitted_at__gte=start, submitted_at__lte=end)
        .select_related("procedure")
        .order_by("submitted_at", "id")[:MOST_ROWS]
    )
    handed = dict(
        Act.objects.filter(case_id__in=[c.id for c in found], kind="hand_over")
        .order_by("seq")
        .values_list("case_id", "at")
    )
    return [
        _line(before + i, case, load_state(case.state), handed.get(case.id))
        for i, case in enumerate(found, start=1)
    ]


def _line(no: int, case: Case, state: State, handed: datetime | None) -> Line:
    who = applicant(state)
    notes = []
    if state.clock.extension:
        notes.append("đã hẹn lại 1 lần")
    if state.supplements:
        notes.append(f"bổ sung {len(state.supplements)} lần")
    if state.stop_reason:
        notes.append("không giải quyết")
    return Line(
        no=no,
        case_code=case.code,
        procedure=case.procedure.name,
        applicant=case.applicant_name,
        address=who["address"],
        phone=who["phone"],
        unit=state.competent.name if state.competent else "",
        received=state.accepted_at or state.submitted_at,
        due=state.clock.due_current,
        transferred=handed,
        result_in=state.finished_at,
        returned=state.returned_at,
        way=WAYS.get(state.return_how, state.return_how),
        note="; ".join(notes),
    )


def register(unit: Unit, first: date, last: date, lines: Sequence[Line], now: datetime) -> dict[str, Any]:
    """The data of the printed extract."""
    numbers = f", từ số {lines[0].no} đến số {lines[-1].no}" if lines else ""
    return {
        **head(unit, now),
        "verify_url": None,
        "verify_qr": None,
        "year": first.year,
        "from": f"{first:%d/%m/%Y}",
        "to": f"{last:%d/%m/%Y}",
        "field": None,
        "rows": [_row(line) for line in lines],
        "closing": f"Trích từ sổ năm {first.year}, gồm {len(lines)} hồ sơ{numbers}.",
        "authority": None,
        "signer_title": _head_title(unit),
        "signer_name": "",
    }


def _head_title(unit: Unit) -> str:
    return "Giám đốc Trung tâm" if unit.name.lower().startswith("trung tâm") else "Phụ trách Bộ phận Một cửa"


def _row(line: Line) -> dict[str, Any]:
    def short(moment: datetime | None) -> str | None:
        return f"{local(moment):%H:%M %d/%m}" if moment else None

    return {
        "no": line.no,
        "case_code": line.case_code,
        "procedure": line.procedure,
        "sets": 1,
        "applicant": line.applicant,
        "address": line.address,
        "phone": line.phone,
        "unit": line.unit,
        "received": short(line.received),
        "due": short(line.due),
        "transferred": short(line.transferred),
        "result_in": short(line.result_in),
        "returned": short(line.returned),
        "way": line.way,
        "note": line.note or None,
    }
