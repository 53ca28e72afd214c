"""The officers' pages: what they show, what they ask of the database, and what comes of a post."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from tinhso.core.audit.models import PersonRead
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case
from tinhso.core.signing.models import IssuedDocument
from tinhso.core.testing.province import SmallProvince
from tinhso.core.testing.web import signed_in
from tinhso.systems.onestop.tests.staff_world import BIRTH, DRAFT, Staff, birth_answers, trust_service

NOWHERE = "http://127.0.0.1:9"
#: Session, person and posts take three queries of every page; the rest is the page's own.
BUDGET = 12


def browser(province: SmallProvince, role: str, unit: str = "") -> Client:
    return signed_in(Client(), province.account(role, unit))


def address(staff: Staff, act: str = "") -> str:
    return f"/mot-cua/ho-so/{staff.case.code}/" + (f"{act}/" if act else "")


def post(client: Client, staff: Staff, act: str, *, seq: int | None = None, **data: Any) -> Any:
    token = next((t.id for t in staff.state.tokens), "")
    return client.post(
        address(staff, act), {"seq": staff.state.seq if seq is None else seq, "token": token, **data}
    )


def test_home_shows_each_case_in_its_queue(province: SmallProvince) -> None:
    fresh, accepted = Staff.file(province), Staff.file(province).accepted()
    Staff.file(province).handed_over()
    page = browser(province, "one_stop_clerk").get("/mot-cua/")
    queues = {queue.key: queue for queue, *_ in page.context["queues"]}
    assert [line.case.code for line in queues["check"].lines] == [fresh.case.code]
    assert [line.case.code for line in queues["hand_over"].lines] == [accepted.case.code]
    assert (queues["return"].count, queues["decide"].count) == (0, 0)
    other = browser(province, "one_stop_clerk", "H30.41.26.01").get("/mot-cua/")
    assert all(queue.count == 0 for queue, *_ in other.context["queues"])


def test_a_whole_case_through_the_pages(province: SmallProvince) -> None:
    staff = Staff.file(province)
    clerk, officer, chair = (
        browser(province, r) for r in ("one_stop_clerk", "civil_status_officer", "chair")
    )
    assert post(clerk, staff, "accept", shown=["identity"]).status_code == 302
    assert staff.state.paper("identity").shown
    assert post(clerk, staff, "hand_over").status_code == 302
    draft = {"book_number": "01", "registered_on": "23/11/2026"}
    assert post(officer, staff, "draft", **draft).status_code == 302
    assert staff.state.draft["registered_on"] == "2026-11-23"
    assert post(officer, staff, "complete", **draft).status_code == 302
    preview = chair.get(f"/mot-cua/ho-so/{staff.case.code}/du-thao/")
    assert preview.content.startswith(b"%PDF")
    with trust_service():
        assert post(chair, staff, "sign", next="ky").url == "/ky/"
        result = clerk.get(address(staff))
        assert "Giấy khai sinh" in result.content.decode()
        printed = clerk.get(f"/mot-cua/in/{staff.case.code}/receipt/")
    assert printed.content.startswith(b"%PDF")
    assert post(clerk, staff, "deliver", to="Nguyễn Thị Lan", how="counter").status_code == 302
    assert staff.state.status == Status.RETURNED
    assert clerk.get(address(staff)).context["forms"] == []


def test_refusal_stands_at_its_act_and_keeps_what_was_typed(province: SmallProvince) -> None:
    staff = Staff.file(province)
    clerk = browser(province, "one_stop_clerk")
    page = post(clerk, staff, "refuse_reception", reason="Không thuộc địa bàn", ground="", catalogue="")
    assert page.status_code == 409
    form = next(f for f in page.context["forms"] if f.act == "refuse_reception")
    assert form.open
    assert "căn cứ" in form.error.message
    assert "Không thuộc địa bàn" in page.content.decode()
    assert staff.state.status == Status.NEW
    page = post(clerk, staff, "ask_supplement", papers=["birth_proof"], **{"reason-birth_proof": " "})
    assert "vì sao" in page.content.decode()
    page = post(clerk, staff, "ask_supplement", papers=["birth_proof"], **{"reason-birth_proof": "Ảnh mờ"})
    assert page.status_code == 302
    assert staff.state.supplements[0].items[0].reason == "Ảnh mờ"


def test_missing_paper_at_the_counter_names_the_paper_and_the_law(province: SmallProvince) -> None:
    staff = Staff.file(province, channel="counter", papers=())
    page = post(browser(province, "one_stop_clerk"), staff, "accept")
    text = page.content.decode()
    assert page.status_code == 409
    assert "Giấy chứng sinh" in text
    assert "Điều 15 khoản 3" in text


def test_stale_page_says_so_and_shows_the_new_state(province: SmallProvince) -> None:
    staff = Staff.file(province)
    seen = staff.state.seq
    staff.do("note", "centre_head", text="Đang gọi điện cho người nộp")
    page = post(browser(province, "one_stop_clerk"), staff, "accept", seq=seen)
    text = page.content.decode()
    assert page.status_code == 409
    assert "vừa được người khác xử lý" in text
    assert "Đang gọi điện cho người nộp" in text
    assert f'name="seq" value="{staff.state.seq}"' in text
    assert staff.state.status == Status.NEW


def test_a_form_sent_twice_acts_once(province: SmallProvince) -> None:
    staff = Staff.file(province)
    clerk = browser(province, "one_stop_clerk")
    seen, token = staff.state.seq, staff.state.tokens[0].id
    answers = [clerk.post(address(staff, "accept"), {"seq": seen, "token": token}) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Act.objects.filter(case_id=staff.case.id, kind="accept").count() == 1
    other = browser(province, "centre_head").post(address(staff, "accept"), {"seq": seen, "token": token})
    assert other.status_code == 409


def test_draft_with_mistakes_comes_back_field_by_field(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    officer = browser(province, "civil_status_officer")
    page = post(officer, staff, "complete", book_number="", registered_on="32/13/2026")
    assert page.status_code == 422
    form = next(f for f in page.context["forms"] if f.act == "complete")
    assert {v.id for v in form.extra["views"] if v.error} == {"book_number", "registered_on"}
    assert "32/13/2026" in page.content.decode()
    assert staff.state.at("work") is not None


def test_signing_without_the_trust_service_says_try_again(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    with override_settings(TRUST_URL=NOWHERE):
        page = post(browser(province, "chair"), staff, "sign")
    assert page.status_code == 503
    text = page.content.decode()
    assert "chưa ký được" in text
    assert staff.state.number in text
    assert staff.state.at("sign") is not None


def test_assigning_only_to_who_holds_the_role(province: SmallProvince) -> None:
    staff = Staff.file(province).handed_over()
    chair = browser(province, "chair")
    wanted = str(province.officer("civil_status_officer").person_id)
    assert (
        post(chair, staff, "assign", person_id=str(province.officer("land_officer").person_id)).status_code
        == 409
    )
    assert post(chair, staff, "assign", person_id=wanted).status_code == 302
    assert staff.state.tokens[0].person_id == wanted


def test_second_supplement_is_for_a_superior_with_a_reason(province: SmallProvince) -> None:
    staff = Staff.file(province)
    staff.do("ask_supplement", items=[{"paper": "birth_proof", "reason": "mờ"}])
    clerk, head = browser(province, "one_stop_clerk"), browser(province, "centre_head")
    assert post(clerk, staff, "supplement", shown=["birth_proof"]).status_code == 302
    assert "ask_supplement" not in {f.act for f in clerk.get(address(staff)).context["forms"]}
    again = {"papers": ["birth_proof"], "reason-birth_proof": "vẫn mờ"}
    assert post(clerk, staff, "ask_supplement", **again).status_code == 409
    assert post(head, staff, "ask_supplement", **again).status_code == 409
    assert (
        post(head, staff, "ask_supplement", approved_reason="Bản mới vẫn không đọc được", **again).status_code
        == 302
    )


def test_list_keeps_filters_and_shows_only_its_units(province: SmallProvince) -> None:
    mine, far = Staff.file(province), Staff.file(province, centre="H30.41.26.01")
    clerk = browser(province, "one_stop_clerk")
    page = clerk.get("/mot-cua/danh-sach/?trang-thai=1&tim=nguyen")
    assert [line.case.code for line in page.context["page"].rows] == [mine.case.code]
    assert "trang-thai=1" in page.content.decode()
    assert far.case.code not in page.content.decode()
    assert clerk.get("/mot-cua/danh-sach/?trang-thai=9").context["page"].rows == []
    assert clerk.get("/mot-cua/danh-sach/?trang-thai=99&ben=x&after=rubbish").status_code == 200
    competent = browser(province, "civil_status_officer").get("/mot-cua/danh-sach/")
    assert {line.case.code for line in competent.context["page"].rows} == {mine.case.code, far.case.code}
    elsewhere = browser(province, "civil_status_officer", "H30.41.26").get("/mot-cua/danh-sach/")
    assert elsewhere.context["page"].rows == []


@pytest.mark.parametrize(
    ("role", "where"),
    [
        ("one_stop_clerk", "/mot-cua/"),
        ("one_stop_clerk", "/mot-cua/danh-sach/"),
        ("civil_status_officer", "/mot-cua/danh-sach/?dang-mo=1"),
        ("chair", "/ky/"),
        ("one_stop_clerk", "/mot-cua/so-theo-doi/"),
    ],
)
def test_lists_ask_the_same_few_queries_however_long(province: SmallProvince, role: str, where: str) -> None:
    client = browser(province, role)
    Staff.file(province).drafted()
    Staff.file(province)
    client.get(where)
    few = _queries(client, where)
    for _ in range(3):
        Staff.file(province)
        Staff.file(province).drafted()
    assert _queries(client, where) == few
    assert few <= BUDGET


@pytest.mark.parametrize(
    ("role", "state"), [("one_stop_clerk", "new"), ("chair", "signing"), ("chair", "working")]
)
def test_case_page_keeps_its_budget(province: SmallProvince, role: str, state: str) -> None:
    staff = Staff.file(province)
    if state != "new":
        staff = staff.handed_over()
    if state == "signing":
        staff.do("complete", "civil_status_officer", fields=DRAFT)
    client = browser(province, role)
    client.get(address(staff))
    assert _queries(client, address(staff)) <= BUDGET


def _queries(client: Client, where: str) -> int:
    # Units are kept in memory for seconds; tests look every time unless told otherwise.
    with override_settings(ORGS_CACHE_SECONDS=60), CaptureQueriesContext(connection) as asked:
        assert client.get(where).status_code == 200
    return len([q for q in asked if "SAVEPOINT" not in q["sql"]])


def test_opening_a_case_leaves_a_trace_for_its_applicant(province: SmallProvince) -> None:
    staff = Staff.file(province)
    before = PersonRead.objects.filter(person_id=staff.case.applicant_id).count()
    browser(province, "one_stop_clerk").get(address(staff))
    read = PersonRead.objects.filter(person_id=staff.case.applicant_id).latest("id")
    assert PersonRead.objects.filter(person_id=staff.case.applicant_id).count() == before + 1
    assert (read.subject_id, bool(read.purpose)) == (staff.case.code, True)


def test_scanner_opens_the_case(province: SmallProvince) -> None:
    staff = Staff.file(province).accepted()
    clerk = browser(province, "one_stop_clerk")
    with override_settings(TRUST_URL=NOWHERE):
        clerk.get(f"/mot-cua/in/{staff.case.code}/receipt/")
    code = IssuedDocument.objects.get(case_code=staff.case.code).code
    for typed in (
        staff.case.code,
        staff.case.code.lower(),
        f"http://x/v/{code}/",
        code,
        f" {code[:6]}-{code[6:12]}-{code[12:]} ",
    ):
        answer = clerk.get(f"/mot-cua/tim/?ma={quote(typed)}")
        assert answer.url == address(staff), typed
    assert clerk.get("/mot-cua/tim/?ma=khong-co").url == "/mot-cua/"
    far = browser(province, "one_stop_clerk", "H30.41.26.01")
    assert far.get(f"/mot-cua/tim/?ma={staff.case.code}").url == "/mot-cua/"


def test_leader_sees_what_waits_and_may_return_it(province: SmallProvince) -> None:
    staff = Staff.file(province).drafted()
    chair = browser(province, "chair")
    (line,) = chair.get("/ky/").context["lines"]
    assert (line.case.code, line.drafter) == (staff.case.code, province.officer("civil_status_officer").name)
    assert post(chair, staff, "return_for_correction", reason="Sai ngày sinh", next="ky").url == "/ky/"
    assert chair.get("/ky/").context["lines"] == []
    page = browser(province, "civil_status_officer").get(address(staff))
    assert "Sai ngày sinh" in page.content.decode()


# At the counter ---------------------------------------------------------------------------------------------------


def _walk_in(province: SmallProvince, **more: Any) -> dict[str, Any]:
    """The form as a browser would send it."""
    sent: dict[str, Any] = {
        "key": "quay:thu-1",
        "return_how": "counter",
        "shown": ["birth_proof", "identity", "residence"],
    }
    for name, value in birth_answers().items():
        if isinstance(value, dict):
            sent |= {f"{name}-{part}": text for part, text in value.items()}
        elif isinstance(value, bool):
            sent[name] = "yes" if value else "no"
        elif isinstance(value, str) and len(value) == 10 and value[4] == "-":
            sent[name] = "/".join(reversed(value.split("-")))
        else:
            sent[name] = value
    return {**sent, **more}


def _dossier(province: SmallProvince) -> str:
    return f"/mot-cua/nhan/{BIRTH}/?nguoi={province.citizen.person_id}"


def test_walk_in_is_filed_and_accepted_in_one_go(province: SmallProvince) -> None:
    clerk = browser(province, "one_stop_clerk")
    answer = clerk.post(_dossier(province), _walk_in(province))
    assert answer.status_code == 302, [v.error for v in answer.context["form"].views if v.error]
    case = Case.objects.get(key="quay:thu-1")
    assert (case.status, case.channel, case.reception_id) == (Status.ACCEPTED, "counter", province.centre.id)
    assert "in=receipt" in answer.url
    assert "In giấy hẹn" in clerk.get(answer.url).content.decode()
    again = clerk.post(_dossier(province), _walk_in(province))
    assert again.url == answer.url
    assert Case.objects.count() == 1


def test_walk_in_with_mistakes_loses_nothing(province: SmallProvince) -> None:
    clerk = browser(province, "one_stop_clerk")
    page = clerk.post(_dossier(province), _walk_in(province, child_birth="31/02/2026", return_address="Số 9"))
    assert page.status_code == 422
    text = page.content.decode()
    assert "31/02/2026" in text
    assert "Số 9" in text
    missing = clerk.post(_dossier(province), _walk_in(province, shown=["identity", "residence"]))
    assert missing.status_code == 409
    assert "Giấy chứng sinh" in missing.context["error"].message
    assert not Case.objects.exists()
    only = clerk.post(_dossier(province), _walk_in(province, shown=[], **{"chi-nop": "1"}))
    assert only.status_code == 302
    assert Case.objects.get().status == Status.NEW


def test_choosing_an_answer_brings_its_questions(province: SmallProvince) -> None:
    clerk = browser(province, "one_stop_clerk")
    page = clerk.post(
        _dossier(province), _walk_in(province, parents_marriage="elsewhere", **{"xem-lai": "1"})
    )
    assert page.status_code == 200
    assert "marriage_place" in {v.id for v in page.context["form"].views}
    assert not any(v.error for v in page.context["form"].views)


def test_person_by_number_by_card_by_name_and_new(province: SmallProvince) -> None:
    clerk = browser(province, "one_stop_clerk")
    by_number = clerk.post("/mot-cua/nhan/", {"ai": "093192000123"})
    assert by_number.url == f"/mot-cua/nhan/?nguoi={province.citizen.person_id}"
    assert PersonRead.objects.filter(person_id=province.citizen.person_id).exists()
    chosen = clerk.get(by_number.url + "&thu-tuc=khai sinh")
    assert [p.code for p in chosen.context["procedures"]] == [BIRTH]
    named = clerk.post("/mot-cua/nhan/", {"ai": "nguyen thi lan"})
    assert [p.full_name for p in named.context["found"]] == ["Nguyễn Thị Lan"]
    assert "093192000123" not in named.content.decode()
    card = "093085123456|364123456|Lý Văn Tám|02111985|Nam|Ấp 2, Vị Tân, Vị Thanh, Hậu Giang|15062022"
    assert clerk.post("/mot-cua/nhan/", {"ai": card}).status_code == 302
    refused = clerk.post("/mot-cua/nhan/", {"ai": "abc|def"})
    assert refused.status_code >= 400
    wrong = clerk.post("/mot-cua/nhan/", {"tao": "1", "full_name": "Trần Thị Mới", "number": "12"})
    assert wrong.status_code == 422
    assert "Trần Thị Mới" in wrong.content.decode()
    made = clerk.post("/mot-cua/nhan/", {"tao": "1", "full_name": "Trần Thị Mới", "birth": "01/02/1990"})
    assert made.status_code == 302


def test_register_by_days_as_page_and_print(province: SmallProvince) -> None:
    Staff.file(province)
    clerk = browser(province, "one_stop_clerk")
    page = clerk.get("/mot-cua/so-theo-doi/")
    assert [line.no for line in page.context["lines"]] == [1]
    assert clerk.get("/mot-cua/so-theo-doi/?pdf=1").content.startswith(b"%PDF")
    for wrong in ("tu=abc", "tu=02/01/2026&den=01/01/2026", "tu=01/12/2025&den=05/01/2026"):
        assert clerk.get(f"/mot-cua/so-theo-doi/?{wrong}").status_code == 422
