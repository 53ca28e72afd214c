"""When things do not go straight: a paper is missing, a citizen changes their mind, an administrator renames a unit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installation import PLACES, Installation, notice
from tests.journeys import people
from tinhso.core.testing.browser import DESKTOP, PHONE, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PAPER = "birth_proof"


def test_a_missing_paper_is_asked_for_once_and_brought(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    code = province.filed()["code"]
    with person(chromium, province.url, DESKTOP, shots=shots) as clerk:
        people.sign_in(clerk, "clerk")
        clerk.open(f"/mot-cua/ho-so/{code}/")
        clerk.page.locator("summary", has_text="Yêu cầu bổ sung").click()
        clerk.page.check(f"#ask-{PAPER}")
        clerk.page.fill(f"#askr-{PAPER}", "Ảnh mờ, không đọc được ngày sinh")
        clerk.press("Gửi yêu cầu bổ sung", name="30-asked")
        assert "Yêu cầu bổ sung" in clerk.text
        with person(chromium, province.url, PHONE, places=PLACES, shots=shots) as citizen:
            citizen.open(f"/ho-so/{code}/bo-sung/")
            people.sign_in(citizen, "citizen")
            assert "Ảnh mờ, không đọc được ngày sinh" in citizen.text
            citizen.inspect("31-supplement")
            citizen.file("ro-hon.pdf", notice(), to=f"paper-{PAPER}")
            citizen.press("Nộp bổ sung", name="32-supplemented")
            assert "/bo-sung/" not in citizen.page.url
            citizen.check()
        clerk.open(f"/mot-cua/ho-so/{code}/")
        assert "ro-hon.pdf" in clerk.text
        clerk.press("Tiếp nhận")
        assert "Được tiếp nhận" in clerk.text
        clerk.check()


def test_a_citizen_withdraws(province: Installation, chromium: Browser, shots: Path | None) -> None:
    fresh, accepted = province.filed()["code"], province.filed()["code"]
    province.act("clerk", accepted, "accept")
    with person(chromium, province.url, DESKTOP, shots=shots) as citizen:
        citizen.open(f"/ho-so/{fresh}/rut/")
        people.sign_in(citizen, "citizen")
        _withdraw(citizen, fresh)
        assert "Rút hồ sơ" not in citizen.text
        _withdraw(citizen, accepted)
        assert "yêu cầu rút" in citizen.text
        citizen.inspect("33-withdrawing")
        citizen.check()
    with person(chromium, province.url, PHONE, shots=shots) as clerk:
        people.sign_in(clerk, "clerk")
        clerk.open(f"/mot-cua/ho-so/{accepted}/", "34-to-approve")
        clerk.press("Đồng ý")
        clerk.check()
    assert province.number("SELECT status FROM cases_case WHERE code = %s", accepted) == 8


def _withdraw(citizen: people.Person, code: str) -> None:
    citizen.open(f"/ho-so/{code}/rut/")
    citizen.page.fill("textarea[name=reason]", "Tôi nộp nhầm")
    citizen.press("Rút hồ sơ")


def test_an_administrator_renames_a_centre(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    """Citizens read the new name at once; the log says who changed it and what it was."""
    unit = province.ask("SELECT id FROM orgs_unit WHERE code = 'H30.41.26.01'")[0][0]
    with person(chromium, province.url, DESKTOP, shots=shots) as administrator:
        people.sign_in(administrator, "administrator")
        administrator.open("/quan-tri/", "40-console")
        administrator.open(f"/quan-tri/don-vi/{unit}/", "41-unit")
        administrator.press("Đổi tên", name="42-rename")
        administrator.page.fill("#name", "Bộ phận Một cửa Xã Vị Tân mới")
        administrator.page.fill("#ground", "Quyết định 12/QĐ-UBND")
        administrator.press("Đổi tên", name="43-renamed")
        assert "Bộ phận Một cửa Xã Vị Tân mới" in administrator.text
        administrator.open("/quan-tri/thu-tuc/1.001193/", "44-procedure")
        administrator.check()
    with person(chromium, province.url, PHONE, shots=shots) as visitor:
        visitor.open("/thu-tuc/1.001193/?xa=31333")
        assert "Bộ phận Một cửa Xã Vị Tân mới" in visitor.page.locator("body").inner_text()
        visitor.check()
    logged = "SELECT data::text FROM audit_entry WHERE object_id = %s ORDER BY id DESC LIMIT 1"
    assert "Bộ phận Một cửa Xã Vị Tân" in province.ask(logged, str(unit))[0][0]
