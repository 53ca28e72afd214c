"""What all papers share: the head, the applicant, moments and spans of time in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import State, UnitRef, dump
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import Unit
from tinhso.core.procedures.model import Definition, Situation
from tinhso.core.signing.render import qr_svg
from tinhso.kit import dates, worktime
from tinhso.kit.identity import show_phone

DAY_MINUTES = 480
ONE_DAY = timedelta(days=1)
_KIND_OF_PLACE = re.compile(r"^(Phường|Xã|Thị trấn|Thị xã|Thành phố|Huyện|Tỉnh)\s+", re.IGNORECASE)
_ONLY_NUMERAL = re.compile(r"^[IVX\d]+$")
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a paper is made from: a case with its history, and the moment it is printed."""

    case: Case
    state: State
    definition: Definition
    acts: tuple[Act, ...]
    now: datetime

    def situation(self) -> Situation:
        """What conditions of papers may read, on the day the dossier was filed."""
        day = local(self.state.submitted_at or self.now).date()
        return Situation.of(
            self.definition,
            self.state.answers,
            dump(self.state.applicant),
            self.state.channel,
            day,
            self.state.variant,
        )

    def last(self, *kinds: str) -> Act | None:
        """The latest act of these kinds."""
        return next((a for a in reversed(self.acts) if a.kind in kinds), None)


def local(moment: datetime) -> datetime:
    """The moment in Vietnam."""
    return timezone.localtime(moment)


def moment_text(moment: datetime | None) -> str:
    """ "09:30 ngày 23/11/2026", "" for None."""
    return dates.vi_datetime(moment) if moment else ""


def day_text(moment: datetime) -> str:
    """ "Thứ Hai 23/11"."""
    here = local(moment)
    return f"{_WEEKDAYS[here.weekday()]} {here:%d/%m}"


def minutes_text(minutes: int) -> str:
    """Working time as people say it: "25 phút", "3 giờ", "2 ngày 3 giờ" (a day has 8 working hours)."""
    days, rest = divmod(max(0, minutes), DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [f"{days} ngày"] * bool(days) + [f"{hours} giờ"] * bool(hours)
    if left and not days:
        parts.append(f"{left} phút")
    return " ".join(parts) or "0 phút"


def place_of(unit: Unit) -> str:
    """The place name papers are dated from: the territory of the unit, without its kind unless it is a number."""
    above: Unit | None = unit
    while above is not None and above.territory is None:
        above = above.parent
    name = above.territory.name if above is not None and above.territory is not None else ""
    short = _KIND_OF_PLACE.sub("", name)
    return name if _ONLY_NUMERAL.match(short) else short


def unit_of(ref: UnitRef | None) -> Unit | None:
    return orgs.unit(UUID(ref.id)) if ref is not None else None


def head(unit: Unit, now: datetime, *, number: str | None = None) -> dict[str, Any]:
    """The head of a paper of a unit (Decree 30/2020/NĐ-CP, Annex I)."""
    return {
        "agency": unit.name,
        "parent_agency": unit.parent.name if unit.parent else None,
        "number": number,
        "place": place_of(unit),
        "date_words": dates.vi_date_long(local(now).date()),
    }


def case_address(case_code: str) -> dict[str, str]:
    """The address and QR code of the case itself, for papers of the moment that are not issued."""
    url = f"{settings.SITE_URL.rstrip('/')}/ho-so/{case_code}/"
    return {"verify_url": url, "verify_qr": qr_svg(url)}


def applicant(state: State) -> dict[str, Any]:
    """The applicant as papers name them; nothing is None so that templates print an empty line."""
    who = state.applicant
    names = ("full_name", "identity", "address", "phone", "email")
    given = {name: getattr(who, name) if who else "" for name in names}
    given["phone"] = show_phone(given["phone"]) if given["phone"] else ""
    if who and not given["address"] and who.territory:
        given["address"] = orgs.full_territory_name(who.territory)
    return given


def procedure(definition: Definition) -> dict[str, str]:
    return {"code": definition.code, "name": definition.name.vi}


def who_did(act: Act | None) -> dict[str, str]:
    """Name and post of whoever did an act."""
    by = act.actor if act else {}
    return {"name": by.get("name", ""), "title": by.get("title", "")}


def ledger_lines(clock: worktime.Clock) -> list[dict[str, str]]:
    """How the due date came about, one line per stretch: `{day, note, counted}`.

    After a restart only the count that matters is shown, with a first line that says why it began again.
    """
    entries = list(clock.ledger)
    if clock.restarts:
        again = clock.restarts[-1].at
        entries = [e for e in entries if e.start >= local(again).replace(second=0, microsecond=0)]
        first = [
            {
                "day": day_text(again),
                "note": f"Tính lại đủ thời hạn: {_lower(clock.restarts[-1].reason)}",
                "counted": "",
            }
        ]
    else:
        start = clock.started_at
        first = (
            [{"day": day_text(start), "note": f"Nhận đủ hồ sơ lúc {local(start):%H:%M}", "counted": ""}]
            if start
            else []
        )
    return first + [line for e in entries for line in _entry(e)]


def _entry(entry: worktime.Entry) -> Iterable[dict[str, str]]:
    if entry.kind == "voided" or (entry.kind == "not_counted" and entry.start == entry.end):
        return
    notes = {
        "counted": "Thời gian làm việc"
        if entry.unit in ("minute", "same_day", "working_day")
        else "Thời hạn theo ngày",
        "suspended": f"Tạm dừng: {_lower(entry.reason)}",
        "extended": f"Hẹn lại: {_lower(entry.reason)}",
    }
    yield {"day": _stretch(entry), "note": notes.get(entry.kind, entry.reason), "counted": _counted(entry)}


def _stretch(entry: worktime.Entry) -> str:
    """The days of a stretch; one that begins at closing time begins the next day, one that ends at midnight ended before."""
    start, end = local(entry.start), local(entry.end)
    if entry.kind == "shifted" or start.date() == end.date():
        return day_text(start)
    if entry.kind == "counted" and start.hour >= 17:  # noqa: PLR2004  closing time
        start = start.replace(hour=0, minute=0) + ONE_DAY
    if (end.hour, end.minute) == (0, 0):
        end = end - ONE_DAY
    if entry.kind == "not_counted" and entry.amount:
        start = end - ONE_DAY * (entry.amount - 1)
    return day_text(start) if start.date() == end.date() else f"{local(start):%d/%m} – {local(end):%d/%m}"


def _counted(entry: worktime.Entry) -> str:
    if entry.kind != "counted":
        return "không tính" if entry.kind in ("not_counted", "suspended") else ""
    words = {"working_day": "ngày làm việc", "day": "ngày", "same_day": "trong ngày"}
    if entry.unit == "same_day":
        return "trong ngày"
    return minutes_text(entry.amount) if entry.unit == "minute" else f"{entry.amount} {words[entry.unit]}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
