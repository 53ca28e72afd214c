"""Pages anybody may read: home, search, one procedure in plain words, the look-up of a case."""

from __future__ import annotations

import pytest
from django.test import Client

from tinhso.core.events.dispatch import deliver_due
from tinhso.core.testing.province import SmallProvince
from tinhso.systems.onestop.actions import lookup
from tinhso.systems.onestop.tests.conftest import INFORMATION
from tinhso.systems.onestop.tests.factories import within_budget
from tinhso.systems.onestop.tests.staff_world import BIRTH, Staff

LIGHT = 100 * 1024


@pytest.fixture
def catalogue(province: SmallProvince) -> SmallProvince:
    deliver_due(10)
    return province


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.content) < LIGHT
    return str(answer.content.decode())


def test_home_offers_search_popular_fields_and_proof(catalogue: SmallProvince, client: Client) -> None:
    text(client, "/")
    with within_budget("home"):
        page = text(client, "/")
    assert "Bạn cần làm thủ tục gì?" in page
    assert f"/thu-tuc/{BIRTH}/" in page
    assert "?linh-vuc=civil_status" in page
    assert "/tra-cuu/" in page
    assert "/kiem-tra/" in page


@pytest.mark.parametrize("words", ["khai sinh", "khai+sinh", "KHAI SINH", "giay khai sinh", BIRTH, "em bé"])
def test_found_with_or_without_marks(catalogue: SmallProvince, client: Client, words: str) -> None:
    assert f'href="/thu-tuc/{BIRTH}/"' in text(client, f"/thu-tuc/?q={words}")


def test_search_within_a_field(catalogue: SmallProvince, client: Client) -> None:
    with within_budget("procedures"):
        assert f"/thu-tuc/{BIRTH}/" in text(client, "/thu-tuc/?q=khai sinh&linh-vuc=civil_status")
    assert "Tìm trong mọi lĩnh vực" in text(client, "/thu-tuc/?q=xe tăng&linh-vuc=civil_status")
    assert f"/thu-tuc/{BIRTH}/" in text(client, "/thu-tuc/?linh-vuc=civil_status")


def test_nothing_found_helps_on(catalogue: SmallProvince, client: Client) -> None:
    page = text(client, "/thu-tuc/?q=xyzzy")
    assert "Chưa tìm thấy thủ tục nào" in page
    assert f"/thu-tuc/{BIRTH}/" in page


def test_typed_markup_is_shown_as_text(catalogue: SmallProvince, client: Client) -> None:
    assert "<script>alert" not in text(client, "/thu-tuc/?q=<script>alert(1)</script>")


def test_procedure_in_plain_words(catalogue: SmallProvince, client: Client) -> None:
    text(client, f"/thu-tuc/{BIRTH}/")
    with within_budget("procedure"):
        page = text(client, f"/thu-tuc/{BIRTH}/")
    for words in (
        "Nộp trực tuyến",
        "Ai được làm",
        "“Bạn có giấy tờ nào” là “Giấy chứng sinh bằng giấy”",
        "1 bản chính",
        "cán bộ tra trong cơ sở dữ liệu",
        "trong ngày",
        "Tiếp nhận từ 15:00 trở đi",
        "Không mất tiền",
        "Ký Giấy khai sinh",
        "163/QĐ-BTP",
    ):
        assert words in page, words
    assert "Vì sao là ngày này?" not in page


def test_ones_own_office_and_an_example_date(catalogue: SmallProvince, client: Client) -> None:
    text(client, f"/thu-tuc/{BIRTH}/")
    with within_budget("procedure_office"):
        page = text(client, f"/thu-tuc/{BIRTH}/?xa=31318")
    assert "Bộ phận Một cửa Phường I" in page
    assert "Thứ Hai đến thứ Sáu: 07:30–11:30, 13:00–17:00" in page
    assert "Nếu hồ sơ được tiếp nhận bây giờ, hẹn trả" in page
    assert "Vì sao là ngày này?" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("phuong i, thanh", "Bộ phận Một cửa Phường I"),
        ("thanh pho vi thanh", "Có 2 nơi có tên này"),
        ("ha noi", "Không tìm thấy xã, phường này"),
    ],
)
def test_commune_by_name_without_script(
    catalogue: SmallProvince, client: Client, typed: str, told: str
) -> None:
    assert told in text(client, f"/thu-tuc/{BIRTH}/?xa-q={typed}")


def test_list_of_papers_to_print(catalogue: SmallProvince, client: Client) -> None:
    page = text(client, f"/thu-tuc/{BIRTH}/giay-to/?xa=31318")
    assert "Giấy chứng sinh" in page
    assert 'class="tick"' in page


def test_information_page_says_where_to_go(catalogue: SmallProvince, client: Client) -> None:
    page = text(client, f"/thu-tuc/{INFORMATION}/")
    assert "chưa nhận hồ sơ trực tuyến" in page
    assert f"/thu-tuc/{INFORMATION}/nop/" not in page


def test_unknown_procedure(catalogue: SmallProvince, client: Client) -> None:
    assert client.get("/thu-tuc/9.999999/").status_code == 404


def test_in_english(catalogue: SmallProvince, client: Client) -> None:
    client.cookies["ngon_ngu"] = "en"
    page = text(client, f"/thu-tuc/{BIRTH}/?xa=31318")
    assert "Birth registration" in page
    assert "Monday to Friday" in page


def test_look_up_tells_status_and_nothing_personal(catalogue: SmallProvince, client: Client) -> None:
    case = Staff.file(catalogue).accepted().case
    with within_budget("track"):
        answer = client.post("/tra-cuu/", {"ma": case.code, "so": "0123"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Được tiếp nhận" in page
    assert "Bộ phận Một cửa Phường I" in page
    for private in ("Lan", "093192000123", "0912345678", "Nguyễn Huệ", "Trần Gia Bảo"):
        assert private not in page


@pytest.mark.parametrize(("code", "digits"), [("", "9999"), ("H30.41.21.01-261123-9999", ""), ("", "")])
def test_look_up_does_not_tell_what_was_wrong(
    catalogue: SmallProvince, client: Client, code: str, digits: str
) -> None:
    case = Staff.file(catalogue).case
    answer = client.post("/tra-cuu/", {"ma": code or case.code, "so": digits or "0123"})
    if not code and not digits:
        assert answer.status_code == 200
        return
    assert answer.status_code == 422
    assert "Không tìm thấy hồ sơ khớp với mã và 4 số này" in answer.content.decode()


def test_look_up_asks_for_what_is_missing(catalogue: SmallProvince, client: Client) -> None:
    answer = client.post("/tra-cuu/", {"ma": "", "so": "12"})
    assert answer.status_code == 422
    assert "Hãy nhập mã hồ sơ." in answer.content.decode()
    assert "Hãy nhập đúng 4 chữ số cuối." in answer.content.decode()


def test_guessing_is_slowed_down(
    catalogue: SmallProvince, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_AN_HOUR", 3)
    case = Staff.file(catalogue).case
    answers = [client.post("/tra-cuu/", {"ma": case.code, "so": f"{n:04d}"}) for n in range(1000, 1004)]
    assert answers[0].status_code == 422
    assert answers[-1].status_code == 429
    assert "thử lại sau một giờ" in answers[-1].content.decode()


def test_qr_code_of_a_paper_leads_a_visitor_to_the_look_up(catalogue: SmallProvince, client: Client) -> None:
    case = Staff.file(catalogue).case
    answer = client.get(f"/ho-so/{case.code}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/tra-cuu/?ma={case.code}"
    assert case.code in text(client, answer["Location"])
