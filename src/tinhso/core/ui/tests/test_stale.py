"""A form sent from an old page keeps what was typed, and only for the person who typed it."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.core.ui.tests.urls")]
HERE = {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def test_what_was_typed_can_be_sent_again(browser: Client) -> None:
    typed = {"name": 'Nguyễn "Ánh" <Nguyệt>', "needs": ["a", "b"], "csrfmiddlewaretoken": "old"}
    reply = browser.post("/echo/?buoc=2", typed, headers=HERE)
    page = reply.content.decode()
    assert reply.status_code == 403
    assert "Những gì bạn đã nhập vẫn còn ở đây" in page
    assert 'action="/echo/?buoc=2"' in page
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    assert ("name", "Nguyễn &quot;Ánh&quot; &lt;Nguyệt&gt;") in hidden
    assert [value for name, value in hidden if name == "needs"] == ["a", "b"]
    (token,) = [value for name, value in hidden if name == "csrfmiddlewaretoken"]
    assert token != "old"
    again = browser.post("/echo/?buoc=2", {"name": typed["name"], "csrfmiddlewaretoken": token}, headers=HERE)
    assert again.status_code == 200
    assert 'Nguyễn "Ánh"' in again.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/x"},
        {},
        {**HERE, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_a_form_of_another_site_is_not_repeated(browser: Client, headers: dict[str, str]) -> None:
    page = browser.post("/echo/", {"name": "Trần Văn Kẻ Gian"}, headers=headers).content.decode()
    assert "Trần Văn Kẻ Gian" not in page
    assert "Gửi lại" not in page.split("<main")[1]


def test_passwords_never_come_back(browser: Client) -> None:
    page = browser.post("/echo/", {"name": "a", "password": "vườn cam"}, headers=HERE).content.decode()
    assert "vườn cam" not in page


def test_lost_files_are_said(browser: Client) -> None:
    page = browser.post(
        "/echo/", {"name": "a", "f": SimpleUploadedFile("a.pdf", b"%PDF")}, headers=HERE
    ).content.decode()
    assert "Tệp đính kèm không giữ lại được" in page


def test_htmx_and_programs_get_a_short_answer(browser: Client) -> None:
    reply = browser.post("/echo/", {"name": "a"}, headers={**HERE, "HX-Request": "true"})
    assert reply.status_code == 403
    assert "<html" not in reply.content.decode()
    reply = browser.post("/echo/", {"name": "a"}, headers={**HERE, "Accept": "application/json"})
    assert reply.json()["code"] == "stale_form"
