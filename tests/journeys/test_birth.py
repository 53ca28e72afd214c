"""A birth, from a parent's telephone to a signed certificate that anybody can verify, in a real browser."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.installation import PLACES, Installation
from tests.journeys import people
from tinhso.core.testing.browser import DESKTOP, PHONE, person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["360", "1280"])
def test_from_a_telephone_to_a_verified_certificate(
    province: Installation, chromium: Browser, size: tuple[int, int], shots: Path | None, tmp_path: Path
) -> None:
    see = {"size": size, "places": PLACES, "shots": shots}
    with person(chromium, province.url, **see) as citizen:
        people.find_birth(citizen)
        people.begin_birth(citizen)
        people.fill_in_birth(citizen)
        code = people.send(citizen)
        people.download(citizen, "Tải phiếu xác nhận")
        citizen.press("Mở trang hồ sơ", name="08-case")
        with person(chromium, province.url, **see) as clerk:
            people.sign_in(clerk, "clerk")
            people.accept(clerk, code)
            with person(chromium, province.url, **see) as officer:
                people.sign_in(officer, "officer")
                people.draft(officer, code)
                officer.check()
            with person(chromium, province.url, **see) as leader:
                people.sign_in(leader, "leader")
                (people.sign_many if size == PHONE else people.sign_one)(leader, code)
                leader.check()
            people.deliver(clerk, code)
            clerk.check()
        people.await_document(citizen, code, "Giấy tiếp nhận")
        citizen.inspect("19-returned")
        people.download(citizen, "Giấy tiếp nhận")
        result = tmp_path / "khai-sinh.pdf"
        result.write_bytes(people.download(citizen, "Giấy khai sinh"))
        people.rate(citizen, code)
        citizen.check()
    with person(chromium, province.url, **see) as visitor:
        people.verify(visitor, _printed_code(province, code), result)
        visitor.check()
    _validates_offline(province, result, tmp_path)


def _printed_code(province: Installation, case: str) -> str:
    with province.api("citizen") as api:
        return next(d["code"] for d in api.get(f"/cases/{case}/documents") if d["kind"] == "onestop.result")


def _validates_offline(province: Installation, pdf: Path, folder: Path) -> None:
    """A public tool, the published root, no network: the command the verify page tells people to use."""
    root = folder / "tinhso-root.crt"
    root.write_bytes(httpx.get(f"{province.url}/chung-thu-goc.crt").raise_for_status().content)
    tool = Path(sys.executable).with_name("pyhanko")
    told = subprocess.run(
        [tool, "sign", "validate", "--pretty-print", "--validation-time", "claimed", "--trust", root, "--trust-replace", pdf],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert "The signature is judged VALID" in told.stdout


def test_a_citizen_files_without_javascript(
    province: Installation, chromium: Browser, shots: Path | None
) -> None:
    with person(chromium, province.url, PHONE, places=PLACES, scripts=False, shots=shots) as citizen:
        people.find_birth(citizen)
        people.begin_birth(citizen)
        people.fill_in_birth(citizen)
        code = people.send(citizen)
        citizen.press("Mở trang hồ sơ")
        assert code in citizen.text
        assert "Mới đăng ký" in citizen.text
        citizen.check()
