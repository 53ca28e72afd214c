"""A chair leaves for some days and an officer falls ill: the work goes on, in other hands, and says whose."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.installation import Installation
from tests.journeys import people
from tinhso.core.testing.browser import DESKTOP, PHONE, Person, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
DESK = "/ban-lam-viec/"


def _choose(one: Person, field: str, text: str) -> None:
    """The first choice of a list that holds these words."""
    option = one.page.locator(f"#{field} option", has_text=text).first
    one.page.select_option(f"#{field}", option.get_attribute("value"))


def _days(one: Person) -> None:
    one.page.fill("#last_day", f"{date.today() + timedelta(days=4):%d/%m/%Y}")  # noqa: DTZ011


def test_the_chair_hands_on_the_signature(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    code = province.filed()["code"]
    province.act("clerk", code, "accept")
    province.act("clerk", code, "hand_over")
    fields = {"book_number": "01", "registered_on": date.today().isoformat()}  # noqa: DTZ011
    province.act("officer", code, "complete", fields=fields)
    with person(chromium, province.url, PHONE, shots=shots) as chair:
        chair.open(f"{DESK}uy-quyen/")
        people.sign_in(chair, "leader")
        chair.inspect("60-powers")
        chair.press("Ủy quyền vị trí này", name="61-give")
        _choose(chair, "delegate", "Công chức tư pháp")
        _days(chair)
        chair.page.check('main [name="permissions"][value="cases.sign"]')
        with chair.expecting(422):
            chair.press("Ủy quyền", within="main form .actions", name="62-refused")
        assert "Ghi số văn bản" in chair.text
        chair.page.fill("#ground", "12/QĐ-UBND")
        chair.press("Ủy quyền", within="main form .actions", name="63-power")
        assert "Đang có hiệu lực" in chair.text
        chair.check()
    for size, name in ((PHONE, "64-instead-phone"), (DESKTOP, "65-instead")):
        with person(chromium, province.url, size, shots=shots) as officer:
            officer.open(f"{DESK}?xem=thay")
            people.sign_in(officer, "officer")
            officer.inspect(name)
            assert code in officer.text
            officer.press("Làm thay", within="main table", name=f"{name}-case")
            assert "Ký kết quả" in officer.text
            officer.check()


def test_a_head_finds_and_gives_away_the_work_of_a_sick_officer(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    codes = [province.filed()["code"] for _ in range(2)]
    for code in codes:
        province.act("clerk", code, "accept")
        province.act("clerk", code, "hand_over")
        (token,) = province.ask(
            "SELECT token FROM desk_task WHERE subject_key = %s AND closed_at IS NULL", code
        )
        province.act("officer", code, "take", token=token[0])
    with person(chromium, province.url, DESKTOP, shots=shots) as chair:
        chair.open(f"{DESK}vang-mat/")
        people.sign_in(chair, "leader")
        _choose(chair, "person", "Công chức tư pháp")
        _days(chair)
        chair.page.select_option("#kind", "sick")
        chair.press("Ghi vắng mặt", name="66-absences")
        chair.open(f"{DESK}viec-nguoi-khac/", "67-loads")
        assert "Vắng mặt" in chair.text
        chair.page.locator("main table a").first.click()
        chair.inspect("68-tasks")
        chair.page.check("[data-check-all]")
        chair.page.select_option("#to", "pool")
        chair.page.fill("#reason", "Nghỉ ốm")
        chair.press("Chuyển việc đã chọn", name="69-run")
        chair.open(f"{DESK}khong-nguoi-lam/", "70-idle")
        chair.open(f"{DESK}?xem=unit", "71-unit")
        chair.check()
    with person(chromium, province.url, PHONE, shots=shots) as chair:
        chair.open(f"{DESK}viec-nguoi-khac/")
        people.sign_in(chair, "leader")
        chair.inspect("72-loads-phone")
        chair.open(f"{DESK}vang-mat/", "73-absences-phone")
        chair.open(f"{DESK}uy-quyen/don-vi/", "74-powers-phone")
        chair.check()
