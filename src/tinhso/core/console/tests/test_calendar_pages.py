"""Calendars: reading hours as typed, a day changed only after its effect was shown, and the cases it would move."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.audit.models import Entry
from tinhso.core.cases import calendars
from tinhso.core.cases.actions import file_case, perform
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import PaperState, Party
from tinhso.core.cases.tests.world import example
from tinhso.core.console.queries.calendars import effect_of
from tinhso.core.console.rules import kind_of, read_sessions, read_week, sessions_of, week_text
from tinhso.core.orgs.models import CalendarDay, WorkCalendar
from tinhso.core.testing.province import WEEK
from tinhso.kit.errors import Refusal

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = date(2026, 12, 4)
HALVES = [["07:30", "11:30"], ["13:00", "17:00"]]


def url(day: date = FRIDAY) -> str:
    return reverse("console:calendar_day", args=["standard", day.isoformat()])


@pytest.mark.parametrize(
    "text",
    [
        "07:30-11:30, 13:00-17:00",
        "7h30 – 11h30; 13h – 17h",
        "7.30-11.30,13:00 - 17:00",
        "7g30-11g30, 13g-17g",
    ],
)
def test_hours_are_read_as_people_write_them(text):
    assert read_sessions(text, "hours") == HALVES


@pytest.mark.parametrize(
    "text", ["sáng", "07:30", "11:30-07:30", "07:30-11:30, 11:00-12:00", "25:00-26:00", "07:99-08:00"]
)
def test_hours_that_cannot_be_are_refused_at_their_field(text):
    with pytest.raises(Refusal) as caught:
        read_sessions(text, "day3")
    assert caught.value.field == "day3"


@given(st.lists(st.sampled_from([[], HALVES, HALVES[:1]]), min_size=7, max_size=7).filter(any))
def test_a_week_written_and_read_is_the_same(week):
    assert read_week(week_text(week)) == week


@given(
    st.sampled_from(["week", "closed", "open", "morning", "afternoon"]),
    st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
def test_a_choice_comes_back_as_it_was_made(kind, day):
    assert kind_of(sessions_of(kind, "", WEEK, day), WEEK, day) == (kind, "")


def test_a_week_without_work_is_refused():
    with pytest.raises(Refusal):
        read_week([""] * 7)


def test_a_day_is_saved_only_when_confirmed_and_logged_with_before_and_after(admin, province):
    typed = {"kind": "closed", "hours": "", "reason": "Bão số 9", "source": "CĐ 12/2026"}
    shown = admin.post(url(), typed)
    assert "Không hồ sơ đang chạy nào bị ảnh hưởng" in shown.content.decode()
    assert not CalendarDay.objects.filter(day=FRIDAY).exists()
    admin.post(url(), typed | {"confirm": "1"})
    assert CalendarDay.objects.get(day=FRIDAY).sessions == []
    admin.post(url(), typed | {"kind": "morning", "confirm": "1"})
    told = Entry.objects.filter(act="orgs.set_calendar_day").latest("id").data
    assert told["before"]["sessions"] == []
    assert told["after"]["sessions"] == [["07:30", "11:30"]]
    page = admin.get(reverse("console:calendar", args=["standard"]) + "?nam=2026").content.decode()
    assert "nửa ngày: Bão số 9" in page.replace("</span>", "")
    admin.post(url(), {"kind": "week", "confirm": "1"})
    assert not CalendarDay.objects.filter(day=FRIDAY).exists()


def test_a_change_without_reason_is_refused_and_keeps_what_was_typed(admin, province):
    answer = admin.post(url(), {"kind": "closed", "reason": "", "source": "CĐ 12"})
    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.content.decode()
    assert 'value="CĐ 12"' in answer.content.decode()
    assert admin.get(reverse("console:calendar_day", args=["standard", "2026-13-01"])).status_code == 404


def _case(province, accepted: datetime) -> Case:
    person = province.citizen.person
    party = Party(id=str(person.id), kind="person", full_name=person.full_name, territory="31318")
    answers = {**example(), "review_draft": True}
    for name in ("residence", "birth_address"):
        answers[name] = {"detail": "Số 12", "territory": "31318"}
    done = file_case(
        procedure="1.001193", applicant=party, answers=answers, papers=(PaperState(id="birth_proof", shown=True),),
        channel="counter", key=str(uuid4()), actor=province.officer("one_stop_clerk"), filer_id=person.id, now=accepted,
    )  # fmt: skip
    perform(done.case.id, "accept", {}, actor=province.officer("one_stop_clerk"), now=accepted)
    return Case.objects.get(id=done.case.id)


def test_the_cases_a_closed_day_would_move_are_counted_and_not_moved(admin, province, monkeypatch):
    case = _case(province, datetime(2026, 12, 3, 9, 0, tzinfo=ZONE))  # two working days: due Monday the 7th
    due = case.due_current
    assert due.astimezone(ZONE).date() == date(2026, 12, 7)
    moved = effect_of("standard", FRIDAY, [], "Bão")
    assert (moved.count, moved.more) == (1, False)
    assert moved.first[0].code == case.code
    assert moved.first[0].then.astimezone(ZONE).date() == date(2026, 12, 8)
    assert effect_of("standard", date(2026, 12, 30), [], "Bão").count == 0
    assert effect_of("standard", date(2026, 12, 5), HALVES, "Làm bù").count == 1  # a Saturday at work: sooner
    page = admin.post(url(), {"kind": "closed", "reason": "Bão"}).content.decode()
    assert case.code in page
    assert "08/12/2026" in page
    admin.post(url(), {"kind": "closed", "reason": "Bão", "confirm": "1"})
    case.refresh_from_db()
    assert case.due_current == due
    _case(province, datetime(2026, 12, 3, 10, 0, tzinfo=ZONE))
    monkeypatch.setattr(calendars, "LOOKED_AT", 1)
    assert effect_of("standard", FRIDAY, None, "").more


def test_a_calendar_is_made_and_its_week_changed(admin, province):
    week = {f"day{n}": "07:30-11:30" for n in range(6)}
    answer = admin.post(reverse("console:create_calendar"), {"name": "Sáng", "code": "sang"} | week)
    assert answer.url == reverse("console:calendar", args=["sang"])
    calendar = WorkCalendar.objects.get(code="sang")
    assert calendar.weekly[5] == [["07:30", "11:30"]]
    bad = admin.post(reverse("console:calendar_week", args=["sang"]), week | {"day2": "sáng"})
    assert bad.status_code == 422
    assert 'id="day2-error"' in bad.content.decode()
    admin.post(reverse("console:calendar_week", args=["sang"]), week | {"day0": ""})
    assert WorkCalendar.objects.get(code="sang").weekly[0] == []
    admin.post(reverse("console:calendar_holidays", args=["sang"]), {"nam": "2026"})
    assert CalendarDay.objects.filter(calendar=calendar, day=date(2026, 9, 2), sessions=[]).exists()
