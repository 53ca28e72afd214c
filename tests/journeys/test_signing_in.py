"""A citizen makes the account safe, loses the telephone, uses a passkey, comes in by VNeID and by an officer's code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyotp
import pytest

from tests.installation import PASSWORD, PEOPLE, Installation
from tests.journeys import people
from tinhso.core.testing.browser import DESKTOP, PHONE, Person, person
from tinhso.core.testing.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
SECURITY = "/bao-mat/"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def named(province: Installation) -> str:
    """The installation by a name: browsers bind passkeys to names only."""
    return province.url.replace("127.0.0.1", "localhost")


def sign_out(one: Person) -> None:
    with one.page.expect_navigation():
        one.page.evaluate("document.querySelector('form[action=\"/dang-xuat/\"]').submit()")


def bind_program(one: Person) -> str:
    """Turn an authenticator program on; its secret."""
    one.open("/bao-mat/ung-dung/", "80-program")
    assert one.page.locator(".qr svg").count() == 1
    secret = one.page.locator("main code").inner_text().replace(" ", "")
    with one.expecting(422):
        one.page.fill("#code", "000000")
        one.press("Bật", within="main form", name="81-wrong-code")
    one.page.fill("#code", pyotp.TOTP(secret).now())
    one.press("Bật", within="main form", name="82-security")
    assert "Đang bật" in one.text
    return secret


def make_codes(one: Person) -> list[str]:
    one.open("/bao-mat/ma-du-phong/")
    one.press("Lập mã dự phòng", name="83-codes")
    return one.page.locator(".codes code").all_inner_texts()


def test_two_steps_and_a_passkey_on_a_telephone(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    with person(chromium, named(province), PHONE, shots=shots) as one:
        line = one.page.context.new_cdp_session(one.page)
        line.send("WebAuthn.enable")
        line.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        people.sign_in(one, "other")
        bind_program(one)
        codes = make_codes(one)
        assert len(codes) == 10
        one.open(SECURITY)
        one.page.fill("#key-name", "điện thoại của tôi")
        one.press("Thêm khóa truy cập", name="84-key")
        assert "điện thoại của tôi" in one.text
        sign_out(one)
        one.open("/dang-nhap/?next=/bao-mat/", "85-sign-in")
        one.press("Dùng khóa truy cập")
        assert "Thiết bị này" in one.text
        sign_out(one)
        one.sign_in(PEOPLE["other"], PASSWORD)
        one.inspect("86-second-step")
        with one.expecting(422):
            one.page.fill("#code", "AAAAA-AAAAA")
            one.press("Đăng nhập", within="main form:last-of-type")
        one.page.fill("#code", codes[0])
        one.press("Đăng nhập", within="main form:last-of-type", name="87-in")
        one.open(SECURITY, "88-security")
        assert "còn 9 mã" in one.text
        one.page.locator("summary", has_text="Đổi tên hoặc gỡ").click()
        one.press("Gỡ khóa này")
        one.check()
    without_script(province, chromium, codes[1])


def without_script(province: Installation, chromium: Browser, code: str) -> None:
    """The second step, the list of devices and taking the program off again work without JavaScript."""
    with person(chromium, province.url, DESKTOP, scripts=False) as plain:
        plain.sign_in(PEOPLE["other"], PASSWORD)
        plain.page.fill("#code", code)
        plain.press("Đăng nhập", within="main form:last-of-type")
        plain.open(SECURITY)
        plain.press("Đăng xuất mọi thiết bị khác")
        plain.press("Gỡ", within="main form[action='/bao-mat/ung-dung/go/']")
        assert "Chưa bật" in plain.text
        plain.check()


def test_vneid_and_an_officers_code_when_it_is_down(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    number = "093099000777"
    with person(chromium, province.url, PHONE, shots=shots) as one:
        one.open("/dang-nhap/?next=/bao-mat/")
        one.page.get_by_role("link", name="Đăng nhập bằng VNeID").click()
        assert "mô phỏng" in one.page.inner_text("body").lower()
        one.page.fill("[name=SoDinhDanh]", number)
        one.page.fill("[name=HoVaTen]", "Võ Thị Mới")
        one.page.get_by_role("button", name="Đồng ý chia sẻ").click()
        one.page.wait_for_url("**/bao-mat/")
        assert "VNeID" in one.text
        sign_out(one)
        province.kill("vneid")
        with one.expecting(503):
            one.open("/dang-nhap/vneid/?next=/bao-mat/", "90-down")
        assert "đang không trả lời" in one.text
        one.open("/quen-mat-khau/", "91-forgot")
        code = given(province, chromium, number, shots)
        one.open("/dang-nhap/ma-can-bo/")
        one.page.fill("#number", number)
        one.page.fill("#code", code)
        one.press("Đăng nhập", name="93-new-password")
        one.page.fill("#new", "vườn quýt nhà tôi")
        one.press("Đặt mật khẩu")
        assert "mã do cán bộ cấp" in one.text
        notices = "SELECT count(*) FROM notify_message m JOIN people_identity i ON i.person_id = m.person_id WHERE i.number = %s"
        eventually(lambda: province.number(notices, number) >= 2, what="the notices")
        one.check()
    province.start("vneid")


def given(province: Installation, chromium: Browser, number: str, shots: Path | None) -> str:
    """At the counter: the officer looks at the card and gives a code."""
    with person(chromium, province.url, DESKTOP, shots=shots) as clerk:
        clerk.open("/mot-cua/ma-dang-nhap/")
        people.sign_in(clerk, "clerk")
        clerk.page.fill("#number", number)
        clerk.page.locator("main [name=purpose][value=forgot]").check()
        clerk.page.fill("#reason", "Quên mật khẩu, VNeID không vào được")
        with clerk.expecting(422):
            clerk.press("Cấp mã", within="main form")
        clerk.page.check("main [name=card]")
        clerk.press("Cấp mã", within="main form", name="92-code")
        code = clerk.page.locator(".big-code").inner_text()
        clerk.check()
    return code
