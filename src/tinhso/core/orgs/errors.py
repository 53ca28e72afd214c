"""What can go wrong with units and calendars, as answers people understand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from tinhso.kit.errors import NotFound, Refusal


class UnknownUnit(NotFound):
    """No unit carries the code."""

    def __init__(self, code: str) -> None:
        super().__init__("unknown_unit", _("Không có đơn vị nào mang mã %(code)s.") % {"code": code})


class UnknownTerritory(NotFound):
    """No territory carries the code."""

    def __init__(self, code: str) -> None:
        super().__init__("unknown_territory", _("Không có địa bàn nào mang mã %(code)s.") % {"code": code})


class NoCompetentUnit(Refusal):
    """No unit of that level and agency serves the territory on that date."""

    def __init__(self, level: str, agency: str, place: str, on: date) -> None:
        super().__init__(
            "no_competent_unit",
            _("Không có cơ quan nào giải quyết việc này cho %(place)s vào ngày %(on)s.")
            % {"place": place, "on": f"{on:%d/%m/%Y}"},
            status=422,
            field="territory",
        )
        self.level, self.agency = level, agency


class DividedTerritory(Refusal):
    """The territory was divided among others by that date: only who lives there can say which one is meant."""

    def __init__(self, place: str, parts: Sequence[str], on: date) -> None:
        super().__init__(
            "divided_territory",
            _("%(place)s đã chia về %(parts)s trước ngày %(on)s. Hãy chọn lại xã, phường hiện nay của bạn.")
            % {"place": place, "parts": ", ".join(parts), "on": f"{on:%d/%m/%Y}"},
            status=422,
            field="territory",
        )


class NoCalendar(Refusal):
    """Neither the unit nor anything above it has a working calendar."""

    def __init__(self, path: str) -> None:
        super().__init__("no_calendar", _("Đơn vị %(path)s chưa được gán lịch làm việc.") % {"path": path})
