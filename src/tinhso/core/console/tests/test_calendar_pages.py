"""Calendars: reading hours as typed, a day changed only after its effect was shown, and the cases it would move."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.access.actor import system_actor
from tinhso.core.audit.models import Entry
from tinhso.core.cases import calendars
from tinhso.core.cases.actions import file_case, perform
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.rebuild import rebuilt
from tinhso.core.cases.state import PaperState, Party, load_state
from tinhso.core.console.queries.calendars import effect_of
from tinhso.core.console.rules import kind_of, read_sessions, read_week, sessions_of, week_text
from tinhso.core.desk.models import Task
from tinhso.core.jobs.actions import work
from tinhso.core.jobs.models import Run
from tinhso.core.orgs import actions
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.models import CalendarDay, CalendarWeek, UnitCalendar, WorkCalendar
from tinhso.core.procedures.tests.sample import example
from tinhso.core.testing.province import WEEK
from tinhso.kit.errors import Refusal
from tinhso.kit.worktime import explain

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
    assert orgs.calendar_by_code("sang").closing(date(2027, 1, 4)) is None
    assert WorkCalendar.objects.get(code="sang").weekly[0] == [["07:30", "11:30"]]
    admin.post(reverse("console:calendar_holidays", args=["sang"]), {"nam": "2026"})
    assert CalendarDay.objects.filter(calendar=calendar, day=date(2026, 9, 2), sessions=[]).exists()


@pytest.fixture
def december(monkeypatch):
    """The clock of the machine stands on the 3rd of December 2026, 10:00: after the cases here were accepted."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 3, 10, 0, tzinfo=ZONE))


def _runs() -> Run:
    """Work as the worker does it, at once."""
    run = Run.objects.filter(kind="cases.recount").latest("started_at")
    work(run.id)
    run.refresh_from_db()
    return run


def test_promised_dates_are_kept_unless_counting_again_is_chosen(admin, province):
    case = _case(province, datetime(2026, 12, 3, 9, 0, tzinfo=ZONE))
    typed = {"kind": "closed", "hours": "", "reason": "Bão số 9", "source": "CĐ 12/2026"}
    page = admin.post(url(), typed).content.decode()
    assert 'name="promised" value="keep" checked' in page
    assert "Tính lại 1 hồ sơ" in page
    kept = admin.post(url(), typed | {"confirm": "1", "promised": "keep"})
    assert kept.url.startswith(reverse("console:calendar", args=["standard"]))
    assert not Run.objects.filter(kind="cases.recount").exists()
    case.refresh_from_db()
    assert case.due_current.astimezone(ZONE).date() == date(2026, 12, 7)


def test_counting_again_is_an_act_on_each_case_with_its_reason_in_the_ledger(december, admin, province):
    case = _case(province, datetime(2026, 12, 3, 9, 0, tzinfo=ZONE))
    other = _case(
        province, datetime(2026, 12, 7, 9, 0, tzinfo=ZONE)
    )  # due after the day, started after it: not moved
    before = case.due_current
    typed = {"kind": "closed", "hours": "", "reason": "Bão số 9", "confirm": "1", "promised": "later"}
    answer = admin.post(url(), typed)
    run = _runs()
    assert answer.url == reverse("jobs:show", args=[run.id])
    assert (run.state, run.total, run.failed) == ("done", 1, 0)
    case.refresh_from_db()
    other.refresh_from_db()
    assert case.due_current.astimezone(ZONE).date() == date(2026, 12, 8)
    assert case.due_original == before
    clock = load_state(case.state).clock
    assert [(r.old_due, r.new_due, r.reason) for r in clock.recounts] == [
        (before, case.due_current, "Bão số 9 (04/12/2026)")
    ]
    told = explain(clock)
    assert "Bão số 9 không tính (04/12)" in told
    assert any("theo lịch làm việc mới (bão số 9 (04/12/2026))" in line for line in told)
    act = Act.objects.get(case=case, kind="recount")
    assert act.actor["name"] == "Phạm Quản Trị"
    assert rebuilt(case.id)[1] is None
    task = Task.objects.get(subject_id=case.id, closed_at=None)
    assert task.due_at == load_state(case.state).tokens[0].due_at
    assert not Act.objects.filter(case=other, kind="recount").exists()
    with pytest.raises(Refusal) as refused:
        perform(case.id, "recount", {"reason": "Lần nữa"}, actor=province.actor(province.administrator))
    assert refused.value.code == "not_later"


def test_only_who_keeps_calendars_counts_again(december, province):
    case = _case(province, datetime(2026, 12, 3, 9, 0, tzinfo=ZONE))
    for role in ("one_stop_clerk", "chair", "civil_status_officer"):
        with pytest.raises(Refusal) as refused:
            perform(case.id, "recount", {"reason": "x"}, actor=province.officer(role))
        assert refused.value.code == "no_right"
    with pytest.raises(Refusal) as refused:
        perform(case.id, "recount", {"reason": " "}, actor=province.actor(province.administrator))
    assert refused.value.code == "required"


def test_a_week_or_another_calendar_for_a_unit_shows_what_it_moves_before_it_is_saved(
    december, admin, province
):
    case = _case(province, datetime(2026, 12, 3, 9, 0, tzinfo=ZONE))
    week = {f"day{n}": "07:30-11:30, 13:00-17:00" for n in range(4)} | {
        "first": "04/12/2026",
        "source": "QĐ 7",
    }
    page = admin.post(reverse("console:calendar_week", args=["standard"]), week)
    assert case.code in page.content.decode()
    assert not CalendarWeek.objects.exists()
    admin.post(
        reverse("console:calendar_week", args=["standard"]), week | {"confirm": "1", "promised": "later"}
    )
    assert CalendarWeek.objects.get().source == "QĐ 7"
    assert _runs().done == 1
    case.refresh_from_db()
    assert case.due_current.astimezone(ZONE).date() == date(2026, 12, 8)
    half = [[["07:30", "11:30"]]] * 4 + [[]] * 3
    actions.create_calendar(actor=system_actor("test"), code="half", name="Nửa buổi", weekly=half)
    address = reverse("console:unit_calendar", args=[province.commune.id])
    shown = admin.post(address, {"code": "half", "first": "01/12/2026"}).content.decode()
    assert "08/12/2026" in shown
    assert "11:30" in shown
    assert not UnitCalendar.objects.filter(unit=province.commune).exists()
    admin.post(address, {"code": "half", "first": "01/12/2026", "confirm": "1"})
    assert UnitCalendar.objects.get(unit=province.commune).first == date(2026, 12, 1)
    assert "half" in orgs.calendar_for(province.commune.path).code


def test_closing_for_weeks_is_refused_on_the_page(admin, province):
    days = [date(2026, 12, 7) + timedelta(n) for n in range(16)]
    for day in days:
        actions.set_calendar_day(
            actor=system_actor("test"), code="standard", day=day, sessions=[], reason="Nghỉ"
        )
    answer = admin.post(
        url(date(2026, 12, 23)), {"kind": "closed", "hours": "", "reason": "Nghỉ", "confirm": "1"}
    )
    for extra in (date(2026, 12, 23), date(2026, 12, 24), date(2026, 12, 25)):
        answer = admin.post(url(extra), {"kind": "closed", "hours": "", "reason": "Nghỉ", "confirm": "1"})
    assert answer.status_code == 422
    assert "nghỉ liền" in answer.content.decode()
