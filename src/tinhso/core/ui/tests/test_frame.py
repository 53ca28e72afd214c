"""What happens around every request, whatever the view does."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tinhso.core.ui.logs import JsonFormatter
from tinhso.core.ui.middleware import LANGUAGE_COOKIE
from tinhso.kit import trace

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.core.ui.tests.urls")]


@pytest.fixture
def browser() -> Client:
    cache.clear()
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("how", "status", "words"),
    [
        ("refusal", 409, "Hồ sơ đã kết thúc. Hãy mở hồ sơ mới."),
        ("not-found", 404, "Không có hồ sơ này."),
        ("forbidden", 403, "Hồ sơ thuộc đơn vị khác."),
        ("stale", 409, "Hồ sơ đã được người khác tiếp nhận."),
        ("denied", 403, "không có quyền"),
        ("database", 503, "Dữ liệu đã lưu không mất"),
        ("bug", 500, "lỗi đã được ghi lại"),
    ],
)
def test_every_failure_is_a_page_that_says_what_to_do(
    browser: Client, how: str, status: int, words: str
) -> None:
    reply = browser.get(f"/fail/{how}/")
    page = reply.content.decode()
    assert reply.status_code == status
    assert words in page
    assert "Bạn có thể làm gì" in page
    assert reply["X-Request-ID"] in page
    assert "Traceback" not in page


def test_unknown_addresses_get_the_same_page(browser: Client) -> None:
    reply = browser.get("/khong-co/")
    assert reply.status_code == 404
    assert "Địa chỉ này không có" in reply.content.decode()


def test_a_host_we_do_not_serve_gets_a_page_too(browser: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["hcc.example"]
    reply = browser.get("/tro-giup/", headers={"Host": "evil.example"})
    assert reply.status_code == 400
    assert "Bạn có thể làm gì" in reply.content.decode()


def test_the_ground_of_a_refusal_is_shown_and_escaped(browser: Client) -> None:
    assert "Điều 8 &lt;Luật&gt;" in browser.get("/fail/refusal/").content.decode()


def test_a_database_that_is_away_asks_to_come_back(browser: Client) -> None:
    assert browser.get("/fail/database/")["Retry-After"] == "10"


@pytest.mark.parametrize(
    ("address", "headers"), [("/api/fail/refusal/", {}), ("/fail/refusal/", {"Accept": "application/json"})]
)
def test_programs_get_problem_json(browser: Client, address: str, headers: dict[str, str]) -> None:
    reply = browser.get(address, headers=headers)
    assert reply.status_code == 409
    assert reply["Content-Type"] == "application/problem+json"
    body = reply.json()
    assert body["code"] == "case.closed"
    assert body["field"] == "note"
    assert body["request_id"] == reply["X-Request-ID"]


def test_htmx_gets_a_fragment(browser: Client) -> None:
    reply = browser.get("/fail/stale/", headers={"HX-Request": "true"})
    assert reply.status_code == 409
    assert "<html" not in reply.content.decode()
    assert "Hồ sơ đã được người khác tiếp nhận." in reply.content.decode()


def test_every_answer_carries_the_security_policy(browser: Client) -> None:
    policy = browser.get("/echo/")["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("given", "kept"), [("abcdef-123456", True), ("x", False), ("a" * 65, False), ("bad id\r\n!", False)]
)
def test_a_request_id_from_the_proxy_is_kept_when_it_is_sane(browser: Client, given: str, kept: bool) -> None:
    reply = browser.get("/echo/", headers={"X-Request-ID": given})
    assert (reply["X-Request-ID"] == given) is kept
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", reply["X-Request-ID"])


def test_the_access_line_names_route_status_and_case(
    browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(JsonFormatter().format(record)))

    keep = Keep()
    logger = logging.getLogger("tinhso.access")
    logger.addHandler(keep)
    try:
        with caplog.at_level(logging.INFO, "tinhso.access"):
            reply = browser.get("/echo/?secret=1")
    finally:
        logger.removeHandler(keep)
    (line,) = lines
    assert line["case"] == "H30.24-261123-0012"
    assert line["request_id"] == reply["X-Request-ID"]
    assert (line["route"], line["status"], line["path"]) == ("echo", 200, "/echo/")
    assert line["ms"] >= 0
    assert "secret" not in json.dumps(line)
    assert trace.request_id.get() == ""


def test_vietnamese_whatever_the_browser_prefers(browser: Client) -> None:
    reply = browser.get("/echo/", headers={"Accept-Language": "en-GB,en"})
    assert reply["Content-Language"] == "vi"


def test_english_by_switch_and_only_to_our_own_pages(browser: Client) -> None:
    reply = browser.post("/ngon-ngu/", {"language": "en", "next": "/tro-giup/"})
    assert reply["Location"] == "/tro-giup/"
    assert browser.cookies[LANGUAGE_COOKIE].value == "en"
    page = browser.get("/tro-giup/")
    assert page["Content-Language"] == "en"
    assert "Find a procedure and apply" in page.content.decode()
    assert browser.post("/ngon-ngu/", {"language": "en", "next": "https://evil.example/"})["Location"] == "/"
    browser.post("/ngon-ngu/", {"language": "xx"})
    assert browser.cookies[LANGUAGE_COOKIE].value == "en"


def test_the_language_does_not_leak_into_the_next_request(browser: Client) -> None:
    browser.cookies[LANGUAGE_COOKIE] = "en"
    browser.get("/tro-giup/")
    assert Client().get("/tro-giup/")["Content-Language"] == "vi"
