"""Pictures for people to look at: `python tools/screenshots.py [--base URL]` walks a birth through a running
installation of the demonstration province (`make run`) on a telephone and on a desk, and keeps what it saw
in `docs/pictures`. The cases it files are made up and stay in that installation.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from PIL import Image  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from tests.installation import BIRTH  # noqa: E402
from tests.journeys import people  # noqa: E402
from tinhso.core.testing.browser import PHONE, launch, person  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES = ROOT / "docs" / "pictures"
SIZES = {"phone": PHONE, "desk": (1200, 800)}
MOST_BYTES = 80 * 1024
#: What the journey calls a page, and what its picture is called.
WANTED = {
    "01-home": "home",
    "03-procedure": "procedure",
    "04-form": "form",
    "06-check": "check-answers",
    "07-filed": "filed",
    "08-case": "case",
    "10-counter": "counter",
    "11-case": "case-of-staff",
    "14-signing": "signing",
    "21-verify": "verify",
    "44-console": "console-procedure",
}
ACCOUNTS = {
    "citizen": "congdan",
    "clerk": "motcua",
    "officer": "hotich",
    "leader": "chutich",
    "administrator": "quantri",
}


def walk(browser: Browser, base: str, size: tuple[int, int], seen: Path, password: str) -> None:
    """One birth from the front page to the verified certificate; a picture of each page on the way."""
    see = {"size": size, "places": {"31318": "phuong i"}, "shots": seen, "whole": False}
    with person(browser, base, **see) as citizen:
        people.find_birth(citizen)
        citizen.sign_in(ACCOUNTS["citizen"], password)
        citizen.open(f"/thu-tuc/{BIRTH}/")
        people.begin_birth(citizen)
        people.fill_in_birth(citizen)
        code = people.send(citizen)
        citizen.press("Mở trang hồ sơ", name="08-case")
        for who, does in (
            ("clerk", people.accept), ("officer", people.draft), ("leader", people.sign_one), ("clerk", people.deliver),
        ):  # fmt: skip
            with person(browser, base, **see) as one:
                one.sign_in(ACCOUNTS[who], password)
                does(one, code)
        people.await_document(citizen, code, "Giấy khai sinh")
        address = citizen.page.locator('main a[href*="/v/"]').first.get_attribute("href") or ""
    with person(browser, base, **see) as visitor:
        visitor.open(address, "21-verify")
    with person(browser, base, **see) as administrator:
        administrator.sign_in(ACCOUNTS["administrator"], password)
        administrator.open(f"/quan-tri/thu-tuc/{BIRTH}/", "44-console")


def keep(picture: Path, target: Path) -> int:
    """Write a picture with as many colours as fit; its size in bytes."""
    image = Image.open(picture).convert("RGB")
    for colours in (256, 128, 64, 32, 16):
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MOST_BYTES:
            break
    target.write_bytes(out.getvalue())
    return out.tell()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="address of the running installation")
    parser.add_argument("--password", default="tinhso2026", help="of the demonstration accounts")
    given = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        for kind, size in SIZES.items():
            seen = Path(folder) / kind
            walk(browser, given.base, size, seen, given.password)
            for page, name in WANTED.items():
                target = PICTURES / f"{kind}-{name}.png"
                sys.stdout.write(f"{keep(seen / f'{page}.png', target):>7} {target.relative_to(ROOT)}\n")
        browser.close()


if __name__ == "__main__":
    main()
