"""Filing online: for whom, page by page, papers, the check, sending once; nothing typed is ever lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.models import Case
from tinhso.core.cases.state import load_state
from tinhso.core.forms.models import Draft
from tinhso.core.people.actions import (
    Particulars,
    find_or_create_child,
    find_or_create_person,
    record_mandate,
)
from tinhso.core.people.models import Person
from tinhso.core.testing.province import FROM, SmallProvince
from tinhso.systems.onestop.tests.conftest import INFORMATION
from tinhso.systems.onestop.tests.factories import Filing, body, photo, within_budget
from tinhso.systems.onestop.tests.staff_world import BIRTH

CHILD = {"relation": "parent", "full_name": "Nguyễn Gia Hân", "birth": "01/02/2020", "sex": "F", "number": ""}


# For whom


def test_visitor_signs_in_first(province: SmallProvince, client: Client) -> None:
    answer = client.get(f"/thu-tuc/{BIRTH}/nop/")
    assert answer.status_code == 302
    assert "/dang-nhap/" in answer["Location"]


def test_asks_for_whom(province: SmallProvince, citizen: Client) -> None:
    citizen.get(f"/thu-tuc/{BIRTH}/nop/")
    with within_budget("start"):
        page = body(citizen.get(f"/thu-tuc/{BIRTH}/nop/"))
    assert "Bạn nộp hồ sơ này cho ai?" in page
    assert "Cho tôi" in page
    nobody = citizen.post(f"/thu-tuc/{BIRTH}/nop/", {})
    assert nobody.status_code == 422
    assert "Hãy chọn bạn nộp hồ sơ này cho ai." in body(nobody)
    assert not Draft.objects.exists()


def test_information_page_takes_no_filing(province: SmallProvince, citizen: Client) -> None:
    assert citizen.get(f"/thu-tuc/{INFORMATION}/nop/").status_code == 404


def test_for_a_child_not_yet_known(province: SmallProvince, citizen: Client) -> None:
    assert citizen.post(f"/thu-tuc/{BIRTH}/nop/", {"for": "child"})["Location"].endswith("/nop/con/")
    wrong = citizen.post(f"/thu-tuc/{BIRTH}/nop/con/", {**CHILD, "birth": "01/02/1990"})
    assert wrong.status_code == 422
    assert "Nguyễn Gia Hân" in body(wrong)
    assert "Người đã đủ 18 tuổi" in body(wrong)
    sent = citizen.post(f"/thu-tuc/{BIRTH}/nop/con/", CHILD)
    assert sent.status_code == 302
    draft = Draft.objects.get()
    assert draft.on_behalf_of is not None
    assert draft.on_behalf_of.full_name == "Nguyễn Gia Hân"
    assert "Cho con tôi: Nguyễn Gia Hân" in body(citizen.get(f"/thu-tuc/{BIRTH}/nop/"))


def test_by_mandate_and_only_by_mandate(province: SmallProvince, citizen: Client) -> None:
    principal = province.other.person
    refused = citizen.post(f"/thu-tuc/{BIRTH}/nop/", {"for": str(principal.id)})
    assert refused.status_code == 422
    record_mandate(
        actor=system_actor("test"), agent_id=province.citizen.person_id, principal_id=principal.id, kind="authorised",
        ground="Văn bản ủy quyền 12/2026", valid_from=FROM,
    )  # fmt: skip
    filing = Filing.begin(citizen, whom=str(principal.id))
    filing.answer_all().attach()
    case = Case.objects.get(code=filing.send()["Location"].split("/")[2])
    assert case.applicant_id == principal.id
    assert case.filer_id == province.citizen.person_id


def test_mandate_ended_before_sending(province: SmallProvince, citizen: Client) -> None:
    mandate = record_mandate(
        actor=system_actor("test"), agent_id=province.citizen.person_id, principal_id=province.other.person_id,
        kind="authorised", ground="", valid_from=FROM,
    )  # fmt: skip
    filing = Filing.begin(citizen, whom=str(province.other.person_id)).answer_all()
    filing.attach()
    mandate.delete()
    answer = filing.send()
    assert answer.status_code == 422
    assert "Bạn chưa được ghi nhận" in body(answer)
    assert not Case.objects.exists()


# Papers


def test_papers_say_why_and_what_is_not_needed(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    with within_budget("filing_papers"):
        page = body(filing.page("giay-to"))
    assert "Giấy chứng sinh" in page
    assert "Cần vì bạn trả lời" in page
    assert "Văn bản của người làm chứng" not in page
    assert "Cán bộ sẽ tra trong cơ sở dữ liệu" in page
    assert 'capture="environment"' in page


def test_missing_paper_is_asked_for(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    answer = citizen.post(f"{filing.path}giay-to/", {})
    assert answer.status_code == 422
    assert "Hãy đính kèm “Giấy chứng sinh”." in body(answer)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (SimpleUploadedFile("giay.pdf", b"hello"), "Không nhận loại tệp này"),
        (SimpleUploadedFile("giay.jpg", b""), "không có nội dung"),
        (SimpleUploadedFile("giay.pdf", photo().read()), "nội dung là"),
    ],
)
def test_refused_file_says_why_and_the_rest_stays(
    province: SmallProvince, citizen: Client, bad: SimpleUploadedFile, why: str
) -> None:
    filing = Filing.begin(citizen).answer_all()
    assert filing.attach().status_code == 302
    answer = filing.attach(file=bad)
    assert answer.status_code == 422
    assert why in body(answer)
    assert "giay.jpg" in body(answer)
    assert len(filing.draft.files["birth_proof"]) == 1


def test_file_is_replaced_and_removed(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    filing.attach(file=photo("mot.jpg"))
    filing.attach(file=photo("hai.jpg"))
    first, _second = filing.draft.files["birth_proof"]
    citizen.post(f"{filing.path}giay-to/", {f"remove-birth_proof:{first}": "1"})
    assert len(filing.draft.files["birth_proof"]) == 1
    page = body(filing.page("giay-to"))
    assert "hai.jpg" in page
    assert "mot.jpg" not in page


def test_papers_nobody_asked_for_are_ignored(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    filing.attach("abandonment_record")
    assert filing.draft.files == {}


# Checking and sending


def test_check_shows_answers_fees_and_the_expected_date(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all({"copies": 2})
    filing.attach()
    with within_budget("check"):
        page = body(filing.page("kiem-tra"))
    for words in (
        "Trần Gia Bảo",
        "Ủy ban nhân dân Phường I",
        "giay.jpg",
        "16.000",
        "Dự kiến hẹn trả",
        "Vì sao là ngày này?",
    ):
        assert words in page, words
    assert f"{filing.path}child/" in page


def test_unfinished_filing_cannot_be_sent(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal"})
    assert "chỗ cần làm trước khi nộp" in body(filing.page("kiem-tra"))
    assert filing.send().status_code == 422
    assert not Case.objects.exists()


def test_declaration_is_needed(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    filing.attach()
    answer = citizen.post(f"{filing.path}kiem-tra/", {})
    assert answer.status_code == 422
    assert "Hãy đánh dấu vào ô cam đoan" in body(answer)


def test_sent_once_however_often_it_is_sent(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    filing.attach()
    first, second = filing.send(), filing.send()
    case = Case.objects.get()
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"] == f"/ho-so/{case.code}/da-nop/"
    assert case.key == str(filing.draft_id)
    assert case.procedure_id == BIRTH
    state = load_state(case.state)
    assert state.answers["child_name"] == "Trần Gia Bảo"
    assert "return_how" not in state.answers
    assert [p.id for p in state.papers] == ["birth_proof"]
    assert filing.page("situation")["Location"] == first["Location"]
    assert citizen.get(filing.path)["Location"] == first["Location"]


def test_receipt_page_says_what_happens_next(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all(
        {"return_how": "post", "return_address": "Số 12 đường Nguyễn Huệ"}
    )
    filing.attach()
    address = filing.send()["Location"]
    with within_budget("filed"):
        page = body(citizen.get(address))
    case = Case.objects.get()
    assert load_state(case.state).return_address == "Số 12 đường Nguyễn Huệ"
    for words in (case.code, "<svg", "chậm nhất", "gửi qua bưu điện", "Vì sao là ngày này?"):
        assert words in page, words
    pdf = citizen.get(f"/ho-so/{case.code}/phieu-nop.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")


def test_postal_address_is_asked_for_only_when_needed(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all()
    revealed = filing.send_page("nhan-ket-qua", {"return_how": "post"})
    assert revealed.status_code == 200
    assert 'name="return_address"' in body(revealed)
    assert filing.send_page("nhan-ket-qua", {"return_how": "post", "return_address": ""}).status_code == 422


def test_child_case_carries_child_and_filer(province: SmallProvince, citizen: Client) -> None:
    says = Particulars(full_name="Nguyễn Gia Hân", birth="2020-02-01", sex="F")
    child = find_or_create_child(
        actor=province.actor(province.citizen), guardian_id=province.citizen.person_id, says=says
    )
    filing = Filing.begin(citizen, whom=str(child.id)).answer_all()
    filing.attach()
    filing.send()
    state = load_state(Case.objects.get().state)
    assert state.applicant is not None
    assert (state.applicant.full_name, state.applicant.phone) == ("Nguyễn Gia Hân", "+84912345678")
    assert state.filer_id == str(province.citizen.person_id)


def test_wrong_kind_of_applicant(province: SmallProvince, citizen: Client) -> None:
    agent = province.citizen.person_id
    company = find_or_create_person(
        actor=system_actor("test"),
        says=Particulars(full_name="Công ty Cam Sành", kind="organisation", number="0100109106"),
    )
    record_mandate(
        actor=system_actor("test"), agent_id=agent, principal_id=company.id, kind="representative", ground="",
        valid_from=FROM,
    )  # fmt: skip
    assert "Cho tổ chức tôi đại diện: Công ty Cam Sành" in body(citizen.get(f"/thu-tuc/{BIRTH}/nop/"))
    assert Person.objects.filter(kind="organisation").count() == 1
