"""How a deadline stands, in the unit's own hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tinhso.core.desk.rules import standing
from tinhso.kit.worktime import STANDARD, Calendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "due", "state", "left"),
    [
        (_at(23, 9), _at(23, 17), "today", 390),
        (_at(23, 9), _at(24, 17), "soon", 870),
        (_at(23, 16), _at(24, 17), "soon", 540),
        (_at(23, 9), _at(27, 17), "later", 2310),
        (_at(23, 18), _at(23, 17), "late", -1),
        (_at(24, 9), _at(23, 17), "late", -90),
        (_at(20, 17), _at(23, 8), "soon", 30),
    ],
)
def test_states(now, due, state, left):
    calendar = Calendar(code="t", weekly=STANDARD)
    found = standing(due, now, calendar)
    assert (found.state, found.left) == (state, left)


def test_without_a_deadline():
    assert standing(None, _at(23, 9), Calendar(code="t", weekly=STANDARD)).state == "none"
