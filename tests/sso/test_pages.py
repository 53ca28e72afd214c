"""The pages of single sign-on looked over in a browser: on a phone and on a desk, without a script too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installation import PASSWORD, PEOPLE, Installation
from tinhso.core.testing.browser import DESKTOP, PHONE, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size", "scripts"), [(PHONE, True), (DESKTOP, False)], ids=["phone", "desk"])
def test_an_administrator_connects_a_program_and_turns_a_key(
    province: Installation, chromium: Browser, shots: Path | None, size: tuple[int, int], scripts: bool
) -> None:
    with person(chromium, province.url, size, scripts=scripts, shots=shots) as one:
        one.sign_in(PEOPLE["administrator"], PASSWORD)
        one.open("/quan-tri/ung-dung/", "clients")
        one.press("Kết nối ứng dụng", name="create")
        one.answer({"kind": "web", "name": "Cổng nội bộ", "redirect_uris": "http://nowhere.example/cb"})
        with one.expecting(422):
            one.press("Kết nối", name="mistake")
        assert "https://" in one.text
        one.answer({"redirect_uris": "https://noi-bo.example/cb", "scope_profile": ["1"]})
        one.press("Kết nối", name="secret")
        assert "client_id: cong-noi-bo-" in one.text
        one.press("Đã chép xong", name="client")
        one.press("Đổi khóa bí mật", name="rotate")
        one.open("/quan-tri/khoa-ky/", "keys")
        one.check()


def test_a_person_lets_a_device_in_and_signs_out_everywhere(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    with person(chromium, province.url, PHONE, shots=shots) as one:
        one.sign_in(PEOPLE["other"], PASSWORD)
        one.open("/ung-dung-da-ket-noi/", "connections-empty")
        one.open("/thiet-bi/", "device")
        one.page.fill("#code", "BBBB-BBBB")
        with one.expecting(422):
            one.press("Tiếp tục", name="device-unknown")
        assert "Không có thiết bị nào" in one.text
        with one.expecting(400):
            one.open("/oidc/authorize?client_id=nobody", "bad-request")
        one.open("/oidc/logout", "logout")
        one.press("Đăng xuất", name="logged-out")
        one.check()
