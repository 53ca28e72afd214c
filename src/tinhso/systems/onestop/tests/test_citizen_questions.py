"""Answering page by page: saved, resumed elsewhere, explained when wrong, seen by nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions.publish import publish
from tinhso.core.forms.models import Draft
from tinhso.core.people.models import Account
from tinhso.core.testing.province import PASSWORD, SmallProvince
from tinhso.systems.onestop.tests.factories import Filing, body, within_budget
from tinhso.systems.onestop.tests.staff_world import birth_source


def test_first_page_then_saved_and_resumed_elsewhere(
    province: SmallProvince, citizen: Client, signed_in: Callable[[Account], Client]
) -> None:
    filing = Filing.begin(citizen)
    assert citizen.get(filing.path)["Location"].endswith("/situation/")
    with within_budget("filing_page"):
        page = body(filing.page("situation"))
    assert "Bước 1 trên" in page
    assert "Đã lưu nháp lúc" in page
    with within_budget("filing_save"):
        sent = filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal"})
    assert sent["Location"].endswith("/child/")
    phone = signed_in(province.citizen)
    assert "Đăng ký khai sinh" in body(phone.get("/ho-so/"))
    overview = body(phone.get(filing.path))
    assert "Làm tiếp" in overview
    assert f"{filing.path}child/" in overview
    assert 'value="mother" checked' in body(phone.get(f"{filing.path}situation/"))


def test_saving_a_page_with_a_hundred_conditions_asks_the_database_no_more_than_any_page(
    province: SmallProvince, citizen: Client
) -> None:
    source = birth_source()
    asked = [
        {
            "id": f"asked_{n}",
            "type": "text",
            "label": {"vi": f"Câu hỏi {n}", "en": f"Question {n}"},
            "when": f"form.asked_{n - 1} == 'có'" if n else "form.child_situation == 'normal'",
        }
        for n in range(100)
    ]
    source["form"]["pages"][0]["fields"] += asked
    publish(source, actor=system_actor("test"))
    filing = Filing.begin(citizen)
    filing.page("situation")
    many = {f"asked_{n}": "có" for n in range(100)}
    with within_budget("filing_save"):
        filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal", **many})
    assert filing.draft.answers["asked_99"] == "có"


def test_known_answers_are_filled_in(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    assert filing.draft.answers["requester_name"] == "Nguyễn Thị Lan"
    page = body(filing.page("requester"))
    assert "Nguyễn Thị Lan" in page
    assert "093192000123" in page


def test_wrong_answers_are_kept_and_explained(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal"})
    wrong = filing.send_page("child", {"child_name": "Trần Gia Bảo", "child_birth": "32/13/2026"})
    assert wrong.status_code == 422
    assert 'class="error-summary"' in body(wrong)
    assert 'href="#child_birth"' in body(wrong)
    assert "32/13/2026" in body(wrong)
    again = body(filing.page("child"))
    assert "32/13/2026" in again
    assert "Trần Gia Bảo" in again
    assert "Cần sửa" in body(citizen.get(filing.path))


def test_save_and_do_later_keeps_half_a_page(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    answer = filing.send_page("situation", {"requester_relation": "mother"}, later="1")
    assert answer["Location"] == "/ho-so/"
    assert 'value="mother" checked' in body(filing.page("situation"))


def test_an_answer_brings_up_questions_at_once(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen).answer_all({})
    answer = citizen.post(
        f"{filing.path}birth_place/",
        {"version": filing.draft.version, "birth_place_kind": "home", "birth_outside": "yes"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert 'name="birth_address_outside"' in body(answer)
    assert "error-summary" not in body(answer)
    assert filing.draft.answers["birth_place_kind"] == "facility"


def test_changing_a_prefilled_answer_survives_the_refresh(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal"})
    answer = citizen.post(
        f"{filing.path}wishes/",
        {"version": filing.draft.version, "copies": "3", "review_draft": "yes", "exemption": "none"},
        headers={"HX-Request": "true"},
    )
    assert 'name="review_draft" value="yes" checked' in body(answer)
    assert 'value="3"' in body(answer)


def test_stale_page_shows_what_was_typed_and_overwrites_nothing(
    province: SmallProvince, citizen: Client
) -> None:
    filing = Filing.begin(citizen)
    old = filing.draft.version
    filing.send_page("situation", {"requester_relation": "mother", "child_situation": "normal"})
    stale = citizen.post(
        f"{filing.path}situation/",
        {"version": old, "requester_relation": "father", "child_situation": "normal"},
    )
    assert stale.status_code == 409
    assert 'value="father" checked' in body(stale)
    assert filing.draft.answers["requester_relation"] == "mother"
    assert f'name="version" value="{filing.draft.version}"' in body(stale)


def test_session_that_ended_keeps_the_answers(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    version = filing.draft.version
    typed = {"version": version, "requester_relation": "mother", "child_situation": "normal"}
    visitor = Client()
    ended = visitor.post(f"{filing.path}situation/", typed)
    assert ended.status_code == 401
    sealed = body(ended).split('name="resume" value="')[1].split('"')[0]
    back = visitor.post(
        "/dang-nhap/",
        {"name": province.citizen.username, "password": PASSWORD, "resume": sealed, "next": filing.path},
    )
    assert back.status_code == 200
    assert 'name="requester_relation" value="mother"' in body(back)
    visitor.post(f"{filing.path}situation/", typed)
    assert filing.draft.answers["requester_relation"] == "mother"


def test_somebody_elses_draft_does_not_exist(province: SmallProvince, citizen: Client, other: Client) -> None:
    filing = Filing.begin(citizen)
    for stop in ("", "situation/", "giay-to/", "kiem-tra/"):
        assert other.get(f"{filing.path}{stop}").status_code == 404
    assert other.post(f"{filing.path}situation/", {"version": 1}).status_code == 404
    assert other.post(f"{filing.path}xoa/").status_code == 404
    assert Draft.objects.filter(id=filing.draft_id).exists()


def test_page_not_asked_leads_to_the_next_open_one(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    assert filing.page("abandonment")["Location"].endswith("/situation/")
    assert filing.page("nothing")["Location"].endswith("/situation/")


def test_discard(province: SmallProvince, citizen: Client) -> None:
    filing = Filing.begin(citizen)
    assert citizen.get(f"{filing.path}xoa/").status_code == 405
    assert citizen.post(f"{filing.path}xoa/")["Location"] == "/ho-so/"
    assert not Draft.objects.exists()
