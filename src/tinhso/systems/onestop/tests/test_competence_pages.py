"""Whose a procedure is, on every page and through the API; filed anywhere; why a date, the same everywhere."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions import perform
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case
from tinhso.core.cases.state import load_state
from tinhso.core.desk.models import Task
from tinhso.core.orgs import actions as orgs
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.documents.forms import receipt
from tinhso.systems.onestop.documents.words import Subject
from tinhso.systems.onestop.tests.factories import Filing, within_budget
from tinhso.systems.onestop.tests.staff_world import BIRTH, Staff, scan

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WARD, VILLAGE = "31318", "31333"
WHOSE = "/mot-cua/thuoc-ai/"
SYSTEM = system_actor("test")


@pytest.fixture
def clerk(province, signed_in) -> Client:
    return signed_in(province.account("one_stop_clerk"))


def test_the_citizen_reads_which_agency_is_theirs_and_since_when(province):
    on = date(2027, 3, 1)
    orgs.rename_unit(actor=SYSTEM, unit_id=province.commune.id, name="Ủy ban nhân dân Phường Vị Thanh", on=on)
    page = Client().get(f"/thu-tuc/{BIRTH}/", {"xa": WARD}).content.decode()
    assert "Cơ quan của bạn là <strong>Ủy ban nhân dân Phường I</strong>." in page
    assert "Phiên bản 1 của thủ tục" in page
    assert "01/03/2027" in page
    assert "Cơ quan giải quyết: Ủy ban nhân dân Phường Vị Thanh" in page


def test_a_commune_nobody_serves_is_told_why_without_losing_what_was_typed(province):
    for code in ("H30.41.26.01", "H30.41.26.02", "H30.41.26"):
        orgs.close_unit(actor=SYSTEM, unit_id=province.units[code].id, on=date(2026, 11, 1))
    page = Client().get(f"/thu-tuc/{BIRTH}/", {"xa": VILLAGE}).content.decode()
    assert "không có cơ quan cấp xã nào phụ trách Xã Vị Tân" in page
    assert "Cơ quan của bạn là" not in page


def test_an_officer_asks_whose_it_is_by_procedure_day_place_and_applicant(clerk):
    assert clerk.get(WHOSE).status_code == 200
    found = clerk.get(WHOSE, {"tim": "khai sinh"}).content.decode()
    assert f"?thu-tuc={BIRTH}" in found
    page = clerk.get(WHOSE, {"thu-tuc": BIRTH, "xa": VILLAGE, "ngay": "01/12/2026"}).content.decode()
    for text in ("Ủy ban nhân dân Xã Vị Tân", "Bộ phận Một cửa Xã Vị Tân", "Nghị định 87/2020/NĐ-CP", "quy định thẩm quyền thứ 1",
                 "01/12/2026", "163/QĐ-BTP", "trong ngày"):  # fmt: skip
        assert text in page, text
    early = clerk.get(WHOSE, {"thu-tuc": BIRTH, "xa": WARD, "ngay": "01/12/2025"})
    assert early.status_code == 404
    assert "chưa nhận hồ sơ trên hệ thống vào ngày 01/12/2025" in early.content.decode()
    assert clerk.get(WHOSE, {"thu-tuc": BIRTH, "xa": WARD, "ngay": "hôm kia"}).status_code == 422
    nowhere = clerk.get(WHOSE, {"thu-tuc": BIRTH})
    assert "Hãy chọn xã, phường" in nowhere.content.decode()


def test_only_officers_ask_there(province, citizen):
    assert citizen.get(WHOSE).status_code in (302, 403)
    assert Client().get(WHOSE).status_code in (302, 401)


def test_the_answer_takes_few_questions(province, clerk):
    clerk.get(WHOSE, {"thu-tuc": BIRTH, "xa": WARD})
    with within_budget("whose"):
        clerk.get(WHOSE, {"thu-tuc": BIRTH, "xa": WARD})


def test_the_api_gives_the_same_answer_with_its_dates(province):
    on = date(2027, 3, 1)
    orgs.rename_unit(actor=SYSTEM, unit_id=province.commune.id, name="Ủy ban nhân dân Phường Vị Thanh", on=on)
    answer = (
        Client()
        .get(f"/api/v1/onestop/procedures/{BIRTH}/competence", {"place": WARD, "on": "2026-12-01"})
        .json()
    )
    assert answer["decides"]["name"] == "Ủy ban nhân dân Phường I"
    assert answer["receives"]["code"] == "H30.41.21.01"
    assert (answer["since"], answer["until"], answer["version"]) == ("2026-07-01", "2027-03-01", 1)
    assert answer["next"] == {
        "on": "2027-03-01",
        "changes": ["Cơ quan giải quyết: Ủy ban nhân dân Phường Vị Thanh"],
    }
    assert [t["id"] for t in answer["times"]] == ["abandoned", "verify", "review", "normal"]
    refused = Client().get(f"/api/v1/onestop/procedures/{BIRTH}/competence", {"place": "99999"})
    assert refused.status_code == 422
    assert Client().get(f"/api/v1/onestop/procedures/{BIRTH}/competence", {"channel": "x"}).status_code == 422


# File anywhere ------------------------------------------------------------------------------------------------


def test_filed_at_centre_a_for_commune_b_and_fetched_at_a_third(province):
    """A clerk of Xã Vị Tân takes a birth of Phường I; Phường I decides; the paper is fetched at the provincial centre."""
    staff = Staff.file(province, channel="counter", centre="H30.41.26.01", fetch_at="H30.01")
    away = province.officer("one_stop_clerk", "H30.41.26.01")
    assert staff.case.code.startswith("H30.41.26.01-")
    assert staff.case.competent_id == province.commune.id
    perform(staff.case.id, "accept", {}, actor=away)
    perform(staff.case.id, "hand_over", {}, actor=away)
    assert staff.state.tokens[0].unit.code == "H30.41.21"
    staff.do("complete", "civil_status_officer", fields={"book_number": "01"})
    perform(staff.case.id, "number", {"number": "1/2026"}, actor=SYSTEM)
    perform(
        staff.case.id,
        "sign",
        {"document": "d", "signed_by": "x", "issued_code": "c"},
        actor=province.officer("chair"),
    )
    assert staff.state.status == Status.DONE
    task = Task.objects.get(subject_id=staff.case.id, closed_at=None)
    assert (task.kind, task.unit.code) == ("case.deliver", "H30.01")
    with pytest.raises(Refusal):
        perform(staff.case.id, "deliver", {"to": "Nguyễn Thị Lan"}, actor=province.officer("one_stop_clerk"))
    perform(
        staff.case.id, "deliver", {"to": "Nguyễn Thị Lan"}, actor=province.officer("one_stop_clerk", "H30.01")
    )
    assert staff.state.status == Status.RETURNED


def test_a_citizen_online_chooses_who_receives_and_where_to_fetch(province, citizen):
    filing = Filing.begin(citizen).answer_all({"reception_unit": "H30.41.26.01", "return_unit": "H30.01"})
    filing.attach()
    filing.send()
    case = Case.objects.get(key=str(filing.draft_id))
    assert (case.reception_id, case.competent_id) == (province.units["H30.41.26.01"].id, province.commune.id)
    assert load_state(case.state).return_unit.code == "H30.01"
    page = citizen.get(reverse("onestop:my_case", args=[case.code])).content.decode()
    assert "Trung tâm Phục vụ hành chính công tỉnh" in page


# Why that date, everywhere the same ---------------------------------------------------------------------------


def test_the_ledger_of_the_case_and_of_its_open_step_is_the_same_for_everybody(province, citizen, clerk):
    staff = Staff.file(province, now=datetime(2026, 11, 19, 9, 0, tzinfo=ZONE))
    staff.accepted(datetime(2026, 11, 19, 9, 30, tzinfo=ZONE))
    staff.do("hand_over", now=datetime(2026, 11, 19, 9, 45, tzinfo=ZONE))
    api = citizen.get(f"/api/v1/onestop/cases/{staff.case.code}/due").json()
    assert api["explanation"][-1] == "Hẹn trả: 17:00 thứ Năm 19/11/2026 (trong ngày)"
    (step,) = api["steps"]
    assert step["unit"] == "Ủy ban nhân dân Phường I"
    assert datetime.fromisoformat(step["ledger"][-1]["end"]) == datetime.fromisoformat(step["due_at"])
    assert step["explanation"][-1].startswith("Hẹn trả: ")
    due = citizen.get(reverse("onestop:due", args=[staff.case.code])).content.decode()
    officer = clerk.get(reverse("onestop:staff_case", args=[staff.case.code])).content.decode()
    for line in (*api["explanation"], *step["explanation"]):
        assert line in due, line
        assert line in officer, line
    assert "Thời gian đã dùng theo cách chấm điểm" in officer
    assert isinstance(api["scored_minutes"], int)


def test_the_scoring_subtracts_where_the_law_begins_again(province, citizen):
    """Scenario 3: returned for supplement on the second day of seven (here of the variant), answered after four days."""
    answers = {"parents_marriage": "elsewhere", "marriage_place": VILLAGE}
    staff = Staff.file(province, now=datetime(2026, 11, 16, 8, 0, tzinfo=ZONE), **answers)
    staff.accepted(datetime(2026, 11, 16, 8, 0, tzinfo=ZONE))
    staff.do("hand_over", now=datetime(2026, 11, 16, 8, 0, tzinfo=ZONE))
    asked = datetime(2026, 11, 17, 17, 0, tzinfo=ZONE)
    staff.do(
        "ask_supplement", "civil_status_officer", items=[{"paper": "birth_proof", "reason": "Mờ"}], now=asked
    )
    brought = [{"id": "birth_proof", "files": [scan(province.actor(province.citizen))]}]
    perform(
        staff.case.id,
        "supplement",
        {"papers": brought},
        actor=province.actor(province.citizen),
        now=asked + timedelta(days=4),
    )
    why = citizen.get(f"/api/v1/onestop/cases/{staff.case.code}/due").json()
    assert why["due_current"].startswith(
        "2026-11-27T"
    )  # three full days from Monday the 23rd, the 24th is a holiday
    assert why["due_original"].startswith("2026-11-19T")
    assert any("Tính lại đủ thời hạn" in line for line in why["explanation"])
    now = datetime.now(ZONE)
    assert why["scored_minutes"] > 0
    assert now > asked


def test_the_receipt_says_where_the_result_is_fetched(province):
    staff = Staff.file(province, fetch_at="H30.01").accepted()
    acts = tuple(Act.objects.filter(case=staff.case).order_by("seq"))
    subject = Subject(staff.case, staff.state, staff.open().definition, acts, datetime.now(ZONE))
    assert receipt(subject)["delivery"]["way"] == "tại Trung tâm Phục vụ hành chính công tỉnh"
