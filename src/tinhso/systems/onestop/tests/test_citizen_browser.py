"""A filing in a real browser on a phone: questions come up at once, look-ups fill, nothing typed is lost, axe is clean."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import PASSWORD, SmallProvince, small_province
from tinhso.systems.onestop.tests.staff_world import BIRTH

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(transactional_db: None) -> SmallProvince:
    made = small_province((BIRTH,))
    forget()
    return made


@pytest.fixture
def phone(town: SmallProvince, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A page on a phone, signed in, at the first question of a birth registration."""
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
        page.goto(f"{live_server.url}/thu-tuc/{BIRTH}/nop/")
        page.fill("#name", town.citizen.username)
        page.fill("#password", PASSWORD)
        page.click("main form .button.primary")
        assert axe(page) == []
        page.check("input[name=for][value=me]")
        page.click("main form .button.primary")
        yield page
        browser.close()


def axe(page: Any) -> list[str]:
    """What is not accessible on the page, and whether it scrolls sideways."""
    from axe_playwright_python.sync_playwright import Axe

    report = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    found = [f"{fault['id']} {fault['nodes'][0]['html']}" for fault in report]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


def to_birth_place(page: Any) -> None:
    page.check("[name=requester_relation][value=mother]")
    page.check("[name=child_situation][value=normal]")
    page.click("main form .actions .button.primary")
    page.goto(page.url.rsplit("/", 2)[0] + "/birth_place/")


def test_questions_come_up_at_once_and_typing_is_safe(phone: Any) -> None:
    to_birth_place(phone)
    assert phone.locator("[name=birth_facility]").count() == 0
    phone.check("[name=birth_place_kind][value=facility]")
    phone.locator("[name=birth_facility]").wait_for()
    phone.fill("[name=birth_facility]", "Bệnh viện Đa khoa")
    phone.check("[name=birth_outside][value=no]")
    phone.locator("[name=birth_address-detail]").wait_for()
    assert phone.input_value("[name=birth_facility]") == "Bệnh viện Đa khoa"
    phone.fill("[name=birth_address-detail]", "Số 1")
    phone.locator("[name=birth_address-territory-q]").press_sequentially("phuong i")
    phone.get_by_label("Phường I, thành phố Vị Thanh").wait_for()
    assert axe(phone) == []
    phone.click("main form .actions .button.primary")
    assert phone.url.endswith("/birth_proof_page/")
    assert axe(phone) == []


def test_without_script_the_same_questions_come_with_continue(phone: Any, live_server: Any) -> None:
    to_birth_place(phone)
    plain = phone.context.browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}
    )
    plain.add_cookies(phone.context.cookies())
    page = plain.new_page()
    page.goto(phone.url)
    page.check("[name=birth_place_kind][value=facility]")
    page.check("[name=birth_outside][value=no]")
    page.click("main form .actions .button.primary")
    page.fill("[name=birth_facility]", "Bệnh viện Đa khoa")
    page.fill("[name=birth_address-detail]", "Số 1")
    page.fill("[name=birth_address-territory-q]", "phuong i, thanh pho")
    page.click("main form .actions .button.primary")
    assert page.url.endswith("/birth_proof_page/")
    plain.close()
