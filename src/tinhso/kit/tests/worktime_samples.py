"""Calendars and hypothesis strategies shared by the clock's tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tinhso.kit.worktime import STANDARD, Calendar, DayRule, Duration, Session
from tinhso.kit.worktime.holidays import vietnam_calendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
VN = vietnam_calendar(range(2025, 2029))
MORNING = Session(time(7, 30), time(11, 30))
#: Police desk: Saturday mornings, Lunar New Year, a half day, a make-up Saturday, hours that change.
POLICE = Calendar(
    "police",
    (*STANDARD[:5], (MORNING,), ()),
    {
        **{date(2026, 2, day): DayRule("closed", reason="Tết Nguyên đán") for day in range(14, 23)},
        date(2026, 2, 13): DayRule("open", (MORNING,), "Nghỉ sớm trước Tết"),
        date(2026, 2, 28): DayRule("open", reason="Ngày làm bù"),
    },
    changes=(
        (
            date(2026, 3, 2),
            ((Session(time(8), time(12)), Session(time(13, 30), time(17, 30))),) * 5 + ((), ()),
        ),
    ),
)
BASE = datetime(2026, 1, 1, tzinfo=ZONE)

calendars = st.sampled_from([VN, POLICE])
moments = st.integers(0, 120 * 1440).map(lambda minutes: BASE + timedelta(minutes=minutes))
cutoffs = st.sampled_from([None, time(15), time(10)])
hours = st.integers(1, 1200).map(lambda n: Duration(n * 5, "working_hour"))
units = st.sampled_from(["working_hour", "working_day", "day", "month", "same_day"])


@st.composite
def durations(draw: st.DrawFn) -> Duration:
    unit = draw(units)
    most = {"working_hour": 100, "working_day": 30, "day": 90, "month": 4, "same_day": 1}[unit]
    return Duration(draw(st.integers(1, most)), unit)


def at(text: str) -> datetime:
    """ "2026-11-20 15:01" in Vietnamese time."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def in_hours(calendar: Calendar, moment: datetime) -> bool:
    """Within a session, or at the end of one."""
    local = moment.astimezone(ZONE)
    return any(s.start < local.time() <= s.end for s in calendar.sessions(local.date()))


_HALVES = [
    (),
    (MORNING,),
    (Session(time(13), time(17)),),
    STANDARD[0],
    (Session(time(8), time(11, 15)), Session(time(13, 45), time(18))),
]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[tuple[Session, ...], ...]:
    """Any week that has work in it."""
    return tuple(draw(st.lists(st.sampled_from(_HALVES), min_size=7, max_size=7).filter(any)))


@st.composite
def any_calendars(draw: st.DrawFn) -> Calendar:
    """A calendar with its own week, closed and special days, dated changes of the week and a successor."""

    def one(code: str) -> Calendar:
        rules = st.one_of(
            st.just(DayRule("closed", reason="Nghỉ lễ")),
            st.just(DayRule("open", reason="Làm bù")),
            st.just(DayRule("open", (MORNING,), "Nửa ngày")),
        )
        offsets = st.integers(0, 150)
        days = draw(st.dictionaries(offsets, rules, max_size=12))
        changes = draw(st.dictionaries(offsets, weeks(), max_size=2))
        return Calendar(
            code,
            draw(weeks()),
            {BASE.date() + timedelta(n): rule for n, rule in days.items()},
            changes=tuple((BASE.date() + timedelta(n), week) for n, week in sorted(changes.items())),
        )

    first = one("any")
    if draw(st.booleans()):
        later = ((BASE.date() + timedelta(draw(st.integers(1, 90))), one("later")),)
        return Calendar("any", first.weekly, first.days, changes=first.changes, later=later)
    return first
