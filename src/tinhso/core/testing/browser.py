"""A person at a browser: looks at every page as an inspector would, and fills in whatever a page asks.

`Person` drives one Chromium page. Every page it opens is inspected: accessible by axe, no message in the
console, nothing to scroll sideways, light on a first visit. Faults are collected; `check()` raises them all.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
#: A first view may weigh this much on the line, style and scripts included.
MOST_BYTES = 100 * 1024
PHONE, DESKTOP = (360, 740), (1280, 900)
PATIENCE_MS = 60_000
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def launch(playwright: Playwright) -> Browser:
    """The machine's own Chromium. `RuntimeError` when there is none."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        raise RuntimeError(f"no browser found, looked for {', '.join(BROWSERS)}")
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)


@dataclass
class Person:
    """One browser window. `places` gives the name to type for a territory's code; `faults` what was found wrong.

    Pictures go to the folder `shots`, of `whole` pages or of what the window shows.
    """

    page: Page
    base: str
    places: Mapping[str, str]
    scripts: bool = True
    shots: Path | None = None
    whole: bool = True
    faults: list[str] = field(default_factory=list)
    weights: dict[str, int] = field(default_factory=dict)
    _bytes: int = 0
    _refusals: tuple[int, ...] = ()

    # Looking ---------------------------------------------------------------------------------------------------

    def open(self, path: str, name: str = "") -> None:
        """Go to an address of the installation and inspect the page."""
        self.page.goto(path if path.startswith("http") else self.base + path)
        self.inspect(name)

    def inspect(self, name: str = "") -> None:
        """Look the present page over; with a `name` also keep a picture of it."""
        page, where = self.page, f"{name or self.page.url.removeprefix(self.base)}"
        page.wait_for_load_state("load")
        if self.scripts:
            report = Axe().run(page, options=RULES).response["violations"]
            self.faults += [f"{where}: {v['id']}: {n['html'][:160]}" for v in report for n in v["nodes"][:3]]
        if page.evaluate(SIDEWAYS):
            self.faults.append(f"{where}: scrolls sideways")
        self.weights[where] = self._bytes
        if self._bytes > MOST_BYTES:
            self.faults.append(f"{where}: {self._bytes} bytes on a first view")
        if name and self.shots:
            self.picture(self.shots / f"{name}.png", full=self.whole)

    def picture(self, path: Path, *, full: bool = False) -> None:
        """Keep what is seen (or the whole page) as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path, full_page=full, caret="initial")

    def check(self) -> None:
        """Raise everything found wrong so far."""
        assert self.faults == [], "\n".join(self.faults)  # noqa: S101  this is a test's assertion

    @property
    def text(self) -> str:
        """What the main part of the page says."""
        return self.page.locator("main").inner_text()

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Answers with these statuses are meant, so the browser's own line about them is no fault."""
        self._refusals = statuses
        try:
            yield
        finally:
            self._refusals = ()

    def heard(self, text: str) -> None:
        """A message of the browser's console."""
        if not any(f"status of {status} " in text for status in self._refusals):
            self.faults.append(f"{self.page.url.removeprefix(self.base)}: console: {text}")

    # Doing -----------------------------------------------------------------------------------------------------

    def press(self, text: str, *, name: str = "", within: str = "main") -> None:
        """Press the button or follow the link that says `text`, and inspect where it leads."""
        page = self.page
        target = page.locator(within).get_by_role("button", name=text).or_(
            page.locator(within).get_by_role("link", name=text)
        )  # fmt: skip
        with page.expect_navigation():
            target.first.click()
        self.inspect(name)

    def sign_in(self, username: str, password: str) -> None:
        """By the form, from whatever page asks for it."""
        if "/dang-nhap/" not in self.page.url:
            self.open("/dang-nhap/")
        self.page.fill("#name", username)
        self.page.fill("#password", password)
        self.press("Đăng nhập")

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Fill in every question of the page that `answers` has something for."""
        for name, value in flat(answers):
            self._answer(name, value)

    def file(self, name: str, content: bytes, *, to: str, media_type: str = "application/pdf") -> None:
        """Choose a file for an upload field."""
        self.page.set_input_files(f"#{to}", {"name": name, "mimeType": media_type, "buffer": content})

    def fill_in(
        self, answers: Mapping[str, Any], papers: Mapping[str, bytes], *, last: str = "kiem-tra"
    ) -> int:
        """Go page by page through a filing until its check page (an address ending in `last`); pages seen.

        A page that comes back with more questions is filled in again; one that comes back with an error fails.
        """
        seen = 0
        while not self.page.url.rstrip("/").endswith(last):
            before = self.page.url
            self.answer(answers)
            for paper, content in papers.items():
                if self.page.locator(f"#paper-{paper}").count():
                    self.file(f"{paper}.pdf", content, to=f"paper-{paper}")
            self.press("Tiếp tục")
            if self.page.url == before and self.page.locator(".error-summary").count():
                raise AssertionError(f"{before}: {self.page.locator('.error-summary').inner_text()}")
            seen += 1
        return seen

    def _answer(self, name: str, value: str) -> None:
        fields = self.page.locator(f'main [name="{name}"]')
        search = self.page.locator(f'main input[type=search][name="{name}-q"]')
        if search.count():
            self._find_place(name, value)
        elif fields.count():
            kind = fields.first.evaluate("e => e.tagName == 'SELECT' ? 'select' : e.type")
            if kind in ("radio", "checkbox"):
                self.page.locator(f'main [name="{name}"][value="{value}"]').check()
                self._settle()
            elif kind == "select":
                fields.select_option(value)
                self._settle()
            elif kind not in ("hidden", "file"):
                fields.fill(_ISO_DAY.sub(r"\3/\2/\1", value))

    def _settle(self) -> None:
        """Wait until what the last answer set off has come: questions it brings up, places it finds."""
        if self.scripts:
            self.page.locator("main .htmx-request").first.wait_for(state="detached")

    def _find_place(self, name: str, code: str) -> None:
        choice = self.page.locator(f'main input[type=radio][name="{name}"][value="{code}"]')
        if not choice.count():
            box = self.page.locator(f'main input[name="{name}-q"]')
            if self.scripts:
                box.press_sequentially(self.places[code])
            else:
                box.fill(self.places[code])
                with self.page.expect_navigation():
                    self.page.locator(f'main button[name=look][value="{name}"]').click()
        choice.check()


def flat(answers: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """`{"residence": {"detail": "12"}}` → `("residence-detail", "12")`; yes and no in the words of the form."""
    for name, value in answers.items():
        path = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from flat(value, f"{path}-")
        elif isinstance(value, list):
            for item in value:
                yield path, str(item)
        elif isinstance(value, bool):
            yield path, "yes" if value else "no"
        else:
            yield path, str(value)


@contextmanager
def person(
    browser: Browser,
    base: str,
    size: tuple[int, int] = DESKTOP,
    *,
    places: Mapping[str, str] | None = None,
    scripts: bool = True,
    shots: Path | None = None,
    whole: bool = True,
) -> Iterator[Person]:
    """A fresh browser window of its own: no cookies, nothing cached, its line measured."""
    width, height = size
    phone = width < 600  # noqa: PLR2004
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",
        java_script_enabled=scripts, has_touch=phone, is_mobile=phone, reduced_motion="reduce",
        device_scale_factor=1,
    )  # fmt: skip
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    one = Person(page, base, places or {}, scripts, shots, whole)
    page.on("console", lambda line: one.heard(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: one.heard(str(error)))
    _weigh(one)
    try:
        yield one
    finally:
        context.close()


def _weigh(one: Person) -> None:
    """Count the bytes of every page as on a first visit: nothing from a cache."""
    line = one.page.context.new_cdp_session(one.page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def sent(event: dict[str, Any]) -> None:
        if event.get("type") == "Document":
            one._bytes = 0  # noqa: SLF001  this is the person's own measuring

    def came(event: dict[str, Any]) -> None:
        one._bytes += int(event["encodedDataLength"])  # noqa: SLF001

    line.on("Network.requestWillBeSent", sent)
    line.on("Network.loadingFinished", came)
