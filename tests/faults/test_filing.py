"""Bad input and bad luck while a citizen fills in a form: a clear message, and nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.faults.web import Web, begin, fill_in, said, sign_in, visit
from tests.installation import BIRTH, Installation, birth_answers, notice
from tinhso.core.files.tests import samples

PAGES = (
    "situation",
    "child",
    "birth_place",
    "birth_proof_page",
    "mother",
    "marriage",
    "father",
    "where",
    "requester",
    "wishes",
)


@pytest.fixture(scope="module")
def citizen(province: Installation) -> Iterator[Web]:
    with visit(province, "citizen") as web:
        yield web


@pytest.fixture(scope="module")
def filing(citizen: Web) -> str:
    """A filing that has come to its papers, with one good file attached."""
    address = begin(citizen, BIRTH)
    fill_in(citizen, address, birth_answers(), "situation", "birth_proof_page")
    page = citizen.get(f"{address}giay-to/")
    citizen.send(page, {"upload": "1"}, files={"paper-birth_proof": ("tot.pdf", notice())})
    return address


BAD_FILES = {
    "too big": ("to.pdf", lambda: b"%PDF-1.7\n" + b"0" * (20 * 1024 * 1024 + 1), "lớn hơn mức"),
    "empty": ("rong.pdf", lambda: b"", "không có nội dung"),
    "another type than its name": ("anh.pdf", lambda: b"MZ\x90\x00" + b"\0" * 4096, "anh.pdf|loại|PDF"),
    "a picture called PDF": ("anh.pdf", lambda: samples.picture("PNG"), "PDF|PNG|tên"),
    "a PDF bomb": ("nho.pdf", lambda: samples.pdf_bomb(210 * 1024 * 1024), "lớn|phình|giải nén|MB"),
    "a PDF that runs a program": ("chay.pdf", samples.pdf_with_script, "mã|lệnh|chạy|JavaScript"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_with_a_reason_and_the_draft_is_kept(
    citizen: Web, filing: str, kind: str
) -> None:
    name, make, says = BAD_FILES[kind]
    page = citizen.get(f"{filing}giay-to/")
    answer = citizen.send(page, files={"paper-birth_proof": (name, make())}, status=422)
    errors = re.findall(r'id="paper-birth_proof-error">(.*?)</p>', answer.text, re.S)
    assert errors, f"{kind}: no message at the field"
    assert re.search(says, errors[0]), errors[0]
    assert "tot.pdf" in answer.text
    again = citizen.get(f"{filing}giay-to/")
    assert "tot.pdf" in again.text
    assert name not in again.text
    assert 'value="notice" checked' in citizen.get(f"{filing}birth_proof_page/").text


@pytest.mark.parametrize(
    ("stop", "answer", "message"),
    [
        ("mother", {"mother_id": "09319600123"}, "số"),
        ("mother", {"mother_id": "09319600123A"}, "số"),
        ("child", {"child_birth": (date.today() + timedelta(days=2)).strftime("%d/%m/%Y")}, "tương lai"),  # noqa: DTZ011
        ("child", {"child_birth": "31/02/2026"}, "ngày"),
    ],
    ids=[
        "identity number one digit short",
        "identity number with a letter",
        "birth in the future",
        "no such day",
    ],
)
def test_a_wrong_answer_is_named_and_stays_as_typed(
    citizen: Web, filing: str, stop: str, answer: dict[str, str], message: str
) -> None:
    page = citizen.get(f"{filing}{stop}/")
    refused = citizen.send(page, answer, status=422)
    ((name, typed),) = answer.items()
    error = re.findall(rf'id="{name}-error">(.*?)</p>', refused.text, re.S)
    assert error, said(refused)
    assert re.search(message, error[0]), error[0]
    assert f'value="{typed}"' in refused.text
    assert f'href="#{name}"' in refused.text
    assert f'value="{typed}"' in citizen.get(f"{filing}{stop}/").text


def test_a_form_sent_twice_at_once_makes_one_case(province: Installation, citizen: Web) -> None:
    address = begin(citizen, BIRTH)
    fill_in(citizen, address, birth_answers(), *PAGES)
    page = citizen.get(f"{address}giay-to/")
    citizen.send(page, files={"paper-birth_proof": ("tot.pdf", notice())})
    fill_in(citizen, address, {"return_how": "online"}, "nhan-ket-qua")
    check = citizen.get(f"{address}kiem-tra/")
    before = province.number("SELECT count(*) FROM cases_case")
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: citizen.send(check, {"declared": "yes"}), range(3)))
    assert {str(a.url) for a in answers} == {str(answers[0].url)}
    assert answers[0].url.path.endswith("/da-nop/")
    assert province.number("SELECT count(*) FROM cases_case") == before + 1


def test_a_page_left_open_elsewhere_overwrites_nothing_unseen(citizen: Web) -> None:
    address = begin(citizen, BIRTH)
    here = citizen.get(f"{address}child/")
    citizen.send(citizen.get(f"{address}child/"), {"child_name": "Trần Minh An"}, status=422)
    stale = citizen.send(here, {"child_name": "Trần Bảo Ngọc"}, status=409)
    assert "vừa được sửa ở nơi khác" in stale.text
    assert 'value="Trần Bảo Ngọc"' in stale.text
    assert 'value="Trần Minh An"' in citizen.get(f"{address}child/").text


def test_a_session_that_ended_keeps_the_answers(province: Installation) -> None:
    with visit(province, "citizen") as web:
        address = begin(web, BIRTH)
        page = web.get(f"{address}child/")
        _end_session(province, web)
        answer = web.send(page, {"child_name": "Trần Hết Phiên", "child_birth": "12/11/2026"}, status=401)
        assert "Những gì bạn vừa nhập vẫn được giữ" in answer.text
        again = sign_in(web, answer, "citizen")
        assert "bấm nút để gửi tiếp" in again.text
        web.send(again, action=f"{address}child/", status=422)
        kept = web.get(f"{address}child/")
    assert 'value="Trần Hết Phiên"' in kept.text


def test_a_session_kept_for_another_is_not_theirs(province: Installation) -> None:
    """Somebody else signs in at the same machine: they must not send the first person's answers as their own."""
    with visit(province, "citizen") as web:
        address = begin(web, BIRTH)
        page = web.get(f"{address}child/")
        _end_session(province, web)
        answer = web.send(page, {"child_name": "Trần Riêng Tư"}, status=401)
        again = sign_in(web, answer, "other", status=404)
        assert "Trần Riêng Tư" not in again.text
        assert "Không tìm thấy bản khai này" in again.text


def _end_session(province: Installation, web: Web) -> None:
    """What the clock does after eight hours."""
    key = web.client.cookies["sessionid"]
    province.ask("DELETE FROM django_session WHERE session_key = %s RETURNING 1", key)
