"""Whether the competence rules of a definition point somewhere everywhere: what verification shows before publishing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.errors import NoCompetentUnit
from tinhso.core.procedures.model import Competence, Definition

LEVELS = {"commune": "cấp xã", "district": "cấp huyện", "province": "cấp tỉnh"}
#: How many dates of change are looked at before and after the day asked about.
LOOKED_AT = 120
NAMED = 5


@dataclass(frozen=True, slots=True)
class Gap:
    """A competence rule that points nowhere: from a day on, for how many territories, and the first of them by name."""

    rule: int
    on: date
    level: str
    agency: str
    count: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        agency = f", lĩnh vực “{self.agency}”," if self.agency else ""
        more = f" và {self.count - len(self.names)} nơi khác" if self.count > len(self.names) else ""
        return (
            f"Quy định thẩm quyền thứ {self.rule}: từ ngày {self.on:%d/%m/%Y} không có cơ quan "
            f"{LEVELS[self.level]}{agency} phụ trách {'; '.join(self.names)}{more}."
        )


def gaps(definition: Definition, today: date) -> list[Gap]:
    """Where the competence rules of a definition find no unit, today or on a later known date; one entry a rule and day.

    Looked at: every commune in force (the province for a rule without place), on the first day of each rule from
    `today` on and on every later day on which units change.
    """
    found = []
    for number, rule in enumerate(definition.competence, 1):
        first = max(today, rule.valid_from or today, definition.valid_from)
        ends = [day for day in (rule.valid_to, definition.valid_to) if day is not None]
        days = [first, *(day for day in orgs.days_of_change() if day > first)][:LOOKED_AT]
        missing_before: list[str] = []
        for day in days:
            if any(day >= end for end in ends):
                break
            missing = [place for place in _places(rule, day) if not _served(rule, place, day)]
            if missing and missing != missing_before:
                names = tuple(orgs.territory_name(place) for place in missing[:NAMED])
                found.append(Gap(number, day, rule.level, rule.agency, len(missing), names))
            missing_before = missing
    return found


def _places(rule: Competence, on: date) -> list[str]:
    if not rule.place:
        return [settings.PROVINCE_CODE]
    return [
        t.code
        for t in orgs.communes_of(settings.PROVINCE_CODE)
        if (t.valid_from is None or t.valid_from <= on) and (t.valid_to is None or on < t.valid_to)
    ]


def _served(rule: Competence, place: str, on: date) -> bool:
    try:
        orgs.competent_unit(rule.level, rule.agency or None, place, on)
    except NoCompetentUnit:
        return False
    return True
