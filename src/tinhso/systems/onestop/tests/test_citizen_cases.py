"""One's own cases: status in words, history, the date explained, and the acts allowed now."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tinhso.core.access.actor import system_actor
from tinhso.core.cases import queries as cases
from tinhso.core.cases.choices import Status
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop.tests.factories import body, photo, within_budget
from tinhso.systems.onestop.tests.staff_world import DRAFT, MONDAY, Staff

ASKED = {"items": [{"paper": "birth_proof", "reason": "Ảnh mờ, không đọc được số."}], "note": ""}


def page(client: Client, staff: Staff, below: str = "") -> str:
    answer = client.get(f"/ho-so/{staff.case.code}/{below}")
    assert answer.status_code == 200
    assert len(answer.content) < 100 * 1024
    return body(answer)


def test_list_of_cases(province: SmallProvince, citizen: Client, other: Client) -> None:
    staff = Staff.file(province)
    citizen.get("/ho-so/")
    with within_budget("mine"):
        mine = body(citizen.get("/ho-so/"))
    assert staff.case.code in mine
    assert "Mới đăng ký" in mine
    assert "Bạn chưa nộp hồ sơ nào" in body(other.get("/ho-so/"))


def test_case_page_says_status_history_and_next_step(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province)
    page(citizen, staff)
    with within_budget("case"):
        shown = page(citizen, staff)
    assert "Hồ sơ đã đến Bộ phận Một cửa Phường I" in shown
    assert "Đã nộp hồ sơ" in shown
    assert "Rút hồ sơ" in shown
    assert "giay.pdf" in shown
    assert "Đánh giá" not in shown


def test_appointment_opens_into_its_ledger(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province, now=MONDAY).accepted(now=MONDAY.replace(hour=15, minute=30))
    shown = page(citizen, staff)
    assert "25/11/2026 17:00" in shown  # the 24th is a public holiday
    assert "Bộ phận Một cửa chuyển hồ sơ đi" in shown
    assert f"/ho-so/{staff.case.code}/ngay-hen/" in shown
    ledger = page(citizen, staff, "ngay-hen/")
    assert "15:00" in ledger
    assert "Tính vào thời hạn" in ledger


@pytest.mark.parametrize(
    "below", ["", "da-nop/", "ngay-hen/", "bo-sung/", "du-thao/", "rut/", "danh-gia/", "phieu-nop.pdf"]
)
def test_somebody_elses_case_does_not_exist(province: SmallProvince, other: Client, below: str) -> None:
    staff = Staff.file(province)
    assert other.get(f"/ho-so/{staff.case.code}/{below}").status_code == 404


def test_unknown_case_looks_the_same(province: SmallProvince, citizen: Client) -> None:
    assert citizen.get("/ho-so/H30.41.21.01-261123-9999/").status_code == 404


def test_staff_are_led_to_their_own_page(
    province: SmallProvince, signed_in: Callable[[Account], Client]
) -> None:
    staff = Staff.file(province)
    clerk = signed_in(province.account("one_stop_clerk"))
    assert clerk.get(f"/ho-so/{staff.case.code}/")["Location"] == f"/mot-cua/ho-so/{staff.case.code}/"


# Answering a supplement


def asked(province: SmallProvince) -> Staff:
    staff = Staff.file(province)
    staff.do("ask_supplement", **ASKED)
    return staff


def test_supplement_asks_only_for_what_was_asked(province: SmallProvince, citizen: Client) -> None:
    staff = asked(province)
    shown = page(citizen, staff)
    assert "Cần bạn bổ sung trước" in shown
    assert "Ảnh mờ, không đọc được số" in shown
    form = page(citizen, staff, "bo-sung/")
    assert "Ảnh mờ, không đọc được số." in form
    assert form.count('class="paper-box"') == 1


def test_supplement_sent_with_its_paper(province: SmallProvince, citizen: Client) -> None:
    staff = asked(province)
    url = f"/ho-so/{staff.case.code}/bo-sung/"
    before = staff.state.papers[0].files
    empty = citizen.post(url, {})
    assert empty.status_code == 422
    assert "Hãy đính kèm “Giấy chứng sinh”." in body(empty)
    sent = citizen.post(url, {"paper-birth_proof": photo("moi.jpg")})
    assert sent["Location"] == f"/ho-so/{staff.case.code}/"
    state = staff.state
    assert state.status == Status.NEW
    assert state.papers[0].files != before
    assert "Đã nộp bổ sung" in page(citizen, staff)
    again = citizen.post(url, {"paper-birth_proof": photo("moi.jpg")})
    assert again.status_code == 302
    assert staff.state.seq == state.seq


def test_supplement_keeps_files_until_sent(province: SmallProvince, citizen: Client) -> None:
    staff = asked(province)
    url = f"/ho-so/{staff.case.code}/bo-sung/"
    assert citizen.post(url, {"paper-birth_proof": photo("moi.jpg"), "upload": "1"}).status_code == 302
    shown = page(citizen, staff, "bo-sung/")
    assert "moi.jpg" in shown
    assert staff.state.status == Status.SUPPLEMENT
    assert "moi.jpg" not in body(citizen.get("/ho-so/"))
    assert citizen.post(url, {}).status_code == 302
    assert staff.state.status == Status.NEW


def test_supplement_refused_file(province: SmallProvince, citizen: Client) -> None:
    staff = asked(province)
    url = f"/ho-so/{staff.case.code}/bo-sung/"
    answer = citizen.post(url, {"paper-birth_proof": SimpleUploadedFile("a.pdf", b"hello")})
    assert answer.status_code == 422
    assert "Không nhận loại tệp này" in body(answer)
    assert staff.state.status == Status.SUPPLEMENT


# The draft


def waiting_for_confirmation(province: SmallProvince) -> Staff:
    staff = Staff.file(province, review_draft=True)
    staff.accepted().do("hand_over")
    staff.do("complete", "civil_status_officer", fields=DRAFT)
    return staff


def test_draft_is_confirmed(province: SmallProvince, citizen: Client) -> None:
    staff = waiting_for_confirmation(province)
    assert "chờ bạn kiểm tra trước" in page(citizen, staff)
    url = f"/ho-so/{staff.case.code}/du-thao/"
    assert "Đúng, hãy ký" in body(citizen.get(url))
    assert citizen.post(url, {}).status_code == 422
    assert citizen.post(url, {"answer": "confirm"}).status_code == 302
    assert staff.state.at("sign") is not None
    assert citizen.post(url, {"answer": "confirm"}).status_code == 302


def test_draft_is_objected_to_with_words(province: SmallProvince, citizen: Client) -> None:
    staff = waiting_for_confirmation(province)
    url = f"/ho-so/{staff.case.code}/du-thao/"
    silent = citizen.post(url, {"answer": "object", "text": "  "})
    assert silent.status_code == 422
    assert "Hãy ghi chỗ cần sửa." in body(silent)
    assert citizen.post(url, {"answer": "object", "text": "Tên đệm là Gia"}).status_code == 302
    assert "Tên đệm là Gia" in staff.state.correction
    assert "Đã đề nghị sửa bản dự thảo" in page(citizen, staff)


def test_draft_as_pdf(province: SmallProvince, citizen: Client) -> None:
    staff = waiting_for_confirmation(province)
    assert citizen.get(f"/ho-so/{staff.case.code}/du-thao.pdf").content.startswith(b"%PDF")


# Withdrawing and rating


def test_withdrawn_at_once_before_acceptance(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province)
    url = f"/ho-so/{staff.case.code}/rut/"
    silent = citizen.post(url, {"reason": ""})
    assert silent.status_code == 422
    assert "Hãy cho biết lý do" in body(silent)
    assert citizen.post(url, {"reason": "Nộp nhầm"}).status_code == 302
    assert staff.state.status == Status.STOPPED
    assert citizen.post(url, {"reason": "Nộp nhầm"}).status_code == 302
    assert "Rút hồ sơ</a>" not in page(citizen, staff)


def test_withdrawal_after_acceptance_is_considered(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province).accepted()
    citizen.post(f"/ho-so/{staff.case.code}/rut/", {"reason": "Chuyển đi nơi khác"})
    assert staff.state.status == Status.WITHDRAWAL
    assert "đang được xem xét" in page(citizen, staff)
    staff.do("reject_withdrawal", "one_stop_clerk", reason="Kết quả đã ký")
    assert "Chưa cho rút" in page(citizen, staff)


def test_rated_once_when_the_work_is_over(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province)
    url = f"/ho-so/{staff.case.code}/danh-gia/"
    assert citizen.get(url).status_code == 302
    staff.do("refuse_reception", reason="Không thuộc thẩm quyền", ground="Luật Hộ tịch 2014 Điều 13")
    assert "Không thuộc thẩm quyền" in page(citizen, staff)
    assert citizen.post(url, {"text": "Nhanh"}).status_code == 422
    assert citizen.post(url, {"stars": "5", "text": "Nhanh"}).status_code == 302
    assert staff.state.rating is not None
    assert "5/5" in page(citizen, staff)
    assert citizen.post(url, {"stars": "1"}).status_code == 302
    assert staff.state.rating.stars == 5


def test_fees_paid_and_unpaid(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province, copies=2)
    assert "chưa nộp" in page(citizen, staff)
    staff.do("collect", how="cash")
    assert "đã nộp" in page(citizen, staff)


# Who read my data


def test_who_read_my_data(province: SmallProvince, citizen: Client) -> None:
    assert "Chưa ai xem dữ liệu của bạn" in body(citizen.get("/du-lieu-cua-toi/"))
    staff = Staff.file(province)
    staff.open("one_stop_clerk")
    with within_budget("my_data"):
        shown = body(citizen.get("/du-lieu-cua-toi/"))
    assert "Cán bộ tiếp nhận và trả kết quả" in shown
    assert "Giải quyết thủ tục hành chính" in shown
    assert staff.case.code in shown


def test_reading_ones_own_case_is_not_logged(province: SmallProvince, citizen: Client) -> None:
    staff = Staff.file(province)
    page(citizen, staff)
    assert "Chưa ai xem dữ liệu của bạn" in body(citizen.get("/du-lieu-cua-toi/"))
    cases.open_case(staff.case.code, actor=system_actor("test"))
    assert "Chưa ai xem dữ liệu của bạn" in body(citizen.get("/du-lieu-cua-toi/"))
