"""Printed forms: their data, made once, sealed when the trust service answers and printed even when it does not."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pikepdf
import pytest
from django.test import override_settings
from django.utils import timezone

from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.files.queries import content
from tinhso.core.signing.errors import TrustUnavailable
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.signing.verify import verify_pdf
from tinhso.core.testing.province import SmallProvince
from tinhso.kit import worktime
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop import documents
from tinhso.systems.onestop.documents import forms
from tinhso.systems.onestop.documents.hops import hops_of, slip_rows
from tinhso.systems.onestop.documents.register import register, register_lines
from tinhso.systems.onestop.documents.words import Subject, ledger_lines, minutes_text
from tinhso.systems.onestop.tests.staff_world import DRAFT, ZONE, Staff, trust_service

SYSTEM = system_actor("test")
NOWHERE = "http://127.0.0.1:9"


def subject(staff: Staff) -> Subject:
    file = staff.open()
    return Subject(file.case, file.state, file.definition, tuple(cases.acts_of(file.case.id)), timezone.now())


def pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)


def test_receipt_is_sealed_once_and_verifies(province: SmallProvince) -> None:
    staff = Staff.file(province).accepted()
    with trust_service():
        made = documents.make_document(staff.case.id, "receipt", actor=SYSTEM)
        again = documents.make_document(staff.case.id, "receipt", actor=SYSTEM)
        report = verify_pdf(content(made.file))
    assert again.id == made.id
    assert made.signer_name == province.centre.name
    assert [s.signer for s in report.signatures] == [province.centre.name]
    assert report.verdict == "valid"


def test_counter_prints_without_the_trust_service_and_a_sealed_paper_follows(province: SmallProvince) -> None:
    staff = Staff.file(province).accepted()
    clerk = staff.actor("one_stop_clerk")
    with override_settings(TRUST_URL=NOWHERE):
        with pytest.raises(TrustUnavailable):
            documents.make_document(staff.case.id, "receipt", actor=SYSTEM)
        first = documents.print_document(staff.open(), "receipt", actor=clerk)
        assert documents.print_document(staff.open(), "receipt", actor=clerk).id == first.id
    assert first.signer_name == ""
    assert content(first.file).startswith(b"%PDF")
    with trust_service():
        sealed = documents.make_document(staff.case.id, "receipt", actor=SYSTEM)
    first.refresh_from_db()
    assert (first.state, first.replaced_by_id) == (IssuedState.REPLACED, sealed.id)
    assert IssuedDocument.objects.filter(case_code=staff.case.code, state=IssuedState.VALID).count() == 1


def test_receipt_explains_the_day(province: SmallProvince) -> None:
    friday = datetime(2026, 11, 27, 15, 0, tzinfo=ZONE)
    staff = Staff.file(province, now=friday)
    staff.accepted(now=friday)
    data = forms.receipt(subject(staff))
    assert data["due_at"] == "17:00 ngày 30/11/2026"
    assert data["time_text"] == "trong ngày"
    told = " ".join(f"{line['day']} {line['note']} {line['counted']}" for line in data["ledger"])
    assert "27/11" in told
    assert "15:00" in told
    assert data["ledger"][-1]["counted"] == "trong ngày"
    assert data["papers"] == [
        {"name": "Giấy chứng sinh", "original": 0, "copy": 0, "note": "bản điện tử, 1 tệp"}
    ]
    assert data["applicant"]["phone"] == "0912 345 678"
    assert data["register_no"] == "1/2026"


def test_ledger_of_days_and_restart_is_told_in_stretches() -> None:
    calendar = worktime.Calendar(code="standard")
    start = datetime(2026, 11, 20, 9, 30, tzinfo=ZONE)
    clock = worktime.start(calendar, start, worktime.Duration.parse("3 working days"))
    lines = ledger_lines(clock)
    assert lines[0] == {"day": "Thứ Sáu 20/11", "note": "Nhận đủ hồ sơ lúc 09:30", "counted": ""}
    assert {"day": "21/11 – 22/11", "note": "Ngày nghỉ hằng tuần", "counted": "không tính"} in lines
    assert lines[-1] == {"day": "23/11 – 25/11", "note": "Thời gian làm việc", "counted": "3 ngày làm việc"}
    paused = worktime.suspend(clock, start + timedelta(hours=3), "Chờ người dân bổ sung hồ sơ")
    again = worktime.restart(paused, calendar, datetime(2026, 11, 24, 8, 0, tzinfo=ZONE))
    assert ledger_lines(again)[0]["note"].startswith("Tính lại đủ thời hạn: hồ sơ đã được bổ sung")
    assert ledger_lines(again)[-1]["counted"] == "3 ngày làm việc"


def test_every_form_is_made_from_a_real_case(province: SmallProvince) -> None:
    asked = Staff.file(province)
    asked.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}], note="Ghi rõ nơi sinh")
    refused = Staff.file(province)
    refused.do(
        "refuse_reception",
        reason="Không thuộc thẩm quyền",
        ground="Luật Hộ tịch 2014",
        instead="UBND xã Vị Tân",
    )
    withdrawn = Staff.file(province).handed_over()
    withdrawn.do("withdraw", reason="Nộp nhầm")
    withdrawn.do("approve_withdrawal")
    with override_settings(TRUST_URL=NOWHERE):
        for staff, kind in ((asked, "supplement_request"), (refused, "refusal"), (withdrawn, "stop_notice")):
            assert kind in documents.available(staff.open().state)
            document = documents.print_document(staff.open(), kind, actor=staff.actor("one_stop_clerk"))
            assert pages(content(document.file)) >= 1
    assert [i["reason"] for i in forms.supplement_request(subject(asked))["items"]] == [
        "Ảnh mờ",
        "Ghi rõ nơi sinh",
    ]
    assert forms.refusal(subject(refused))["go_to"] == "UBND xã Vị Tân"
    assert forms.stop_notice(subject(withdrawn))["asked_by"] == "applicant"


def test_apology_names_both_days(province: SmallProvince) -> None:
    monday = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
    staff = Staff.file(province, now=monday, parents_marriage="elsewhere", marriage_place="31333")
    staff.accepted(now=monday + timedelta(minutes=5))
    staff.do(
        "extend",
        "civil_status_officer",
        now=monday + timedelta(hours=2),
        until="2026-11-30",
        reason="Chờ xã xác minh",
    )
    data = forms.apology(subject(staff))  # 24/11 is a holiday since 2026
    assert (data["due_original"], data["due_new"]) == ("17:00 ngày 27/11/2026", "17:00 ngày 30/11/2026")
    with override_settings(TRUST_URL=NOWHERE):
        document = documents.print_document(staff.open(), "apology", actor=staff.actor("chair"))
    assert pages(content(document.file)) == 1


def test_a_paper_the_case_does_not_have_is_refused(province: SmallProvince) -> None:
    staff = Staff.file(province)
    for kind in ("receipt", "apology", "nonsense", "control_slip"):
        with pytest.raises(Refusal) as refusal:
            documents.make_document(staff.case.id, kind, actor=SYSTEM)
        assert refusal.value.status == 404


def test_control_slip_adds_up(province: SmallProvince) -> None:
    start = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
    staff = Staff.file(province, now=start)
    staff.do("accept", now=start + timedelta(minutes=20))
    staff.do("hand_over", now=start + timedelta(minutes=30))
    staff.do("complete", "civil_status_officer", now=start + timedelta(minutes=300), fields=DRAFT)
    staff.do("return_for_correction", "chair", now=start + timedelta(minutes=330), reason="Sai tên")
    now = start + timedelta(minutes=390)
    file = staff.open()
    hops = hops_of(file.definition, cases.acts_of(file.case.id), now)
    assert [h.step for h in hops] == ["receive", "draft", "sign", "draft"]
    assert [h.used for h in hops] == [30, 180, 30, 60]  # the lunch break is nobody's
    assert sum(h.used for h in hops) == worktime.between(worktime.Calendar(code="x"), start, now)
    assert [h.result for h in hops] == ["early", "on_time", "early", "open"]
    assert hops[0].giver == file.state.applicant.full_name
    assert hops[1].taker == staff.actor("civil_status_officer").name
    rows = slip_rows(hops)
    assert rows[2]["note"].endswith("trả lại để sửa")
    assert rows[3]["used"] is None
    assert pages(documents.print_now(file, "control_slip")) >= 1


def test_late_step_is_late(province: SmallProvince) -> None:
    start = datetime(2026, 11, 23, 8, 0, tzinfo=ZONE)
    staff = Staff.file(province, now=start)
    staff.do("accept", now=start + timedelta(hours=1))
    staff.do("hand_over", now=start + timedelta(hours=3))
    file = staff.open()
    assert (
        hops_of(file.definition, cases.acts_of(file.case.id), start + timedelta(hours=3))[0].result == "late"
    )


def test_register_numbers_on_and_prints(province: SmallProvince) -> None:
    for day in (23, 23, 24):
        Staff.file(province, now=datetime(2026, 11, day, 9, 0, tzinfo=ZONE))
    lines = register_lines(province.centre, date(2026, 11, 24), date(2026, 11, 24))
    assert [line.no for line in lines] == [3]
    everything = register_lines(province.centre, date(2026, 11, 23), date(2026, 11, 24))
    assert [line.no for line in everything] == [1, 2, 3]
    data = register(province.centre, date(2026, 11, 23), date(2026, 11, 24), everything, timezone.now())
    assert data["closing"] == "Trích từ sổ năm 2026, gồm 3 hồ sơ, từ số 1 đến số 3."
    assert register_lines(province.units["H30.41.26.01"], date(2026, 11, 1), date(2026, 11, 30)) == []


def test_draft_is_marked_and_shows_the_answers(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    pdf = documents.preview_result(staff.open("chair"))
    assert pages(pdf) == 1
    refused = Staff.file(province).handed_over()
    refused.do(
        "propose_refusal", "civil_status_officer", reason="Không đủ điều kiện", ground="Luật Hộ tịch 2014"
    )
    assert pages(documents.preview_result(refused.open("chair"))) == 1


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "0 phút"), (25, "25 phút"), (180, "3 giờ"), (205, "3 giờ 25 phút"), (660, "1 ngày 3 giờ")],
)
def test_working_time_in_words(minutes: int, text: str) -> None:
    assert minutes_text(minutes) == text
