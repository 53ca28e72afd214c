"""The gallery in a real browser: accessible at both sizes in both colour schemes, light, quiet."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tinhso.core.ui.tests.urls")]

MOST_BYTES = 100 * 1024
MOST_CSS_BYTES = 30 * 1024


@pytest.mark.parametrize("frame", ["", "?khung=desk"])
def test_the_page_is_light(client: Client, frame: str, record_property: Any) -> None:
    html = client.get(f"/gallery/{frame}").content
    assets = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js|svg))"', html.decode())
    sizes = {"page": len(gzip.compress(html))}
    for asset in dict.fromkeys(assets):
        found = finders.find(asset)
        assert found is not None, asset
        sizes[asset] = len(gzip.compress(Path(found).read_bytes()))
    record_property("gzip_bytes", sizes)
    assert sum(sizes.values()) < MOST_BYTES, sizes
    assert {"ui/ui.css", "ui/ui.js"} < set(sizes)


def test_the_style_sheet_stays_small() -> None:
    found = finders.find("ui/ui.css")
    assert found is not None
    assert Path(found).stat().st_size <= MOST_CSS_BYTES


def test_nothing_in_the_page_breaks_the_security_policy(client: Client) -> None:
    html = client.get("/gallery/").content.decode()
    assert " style=" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)


@pytest.fixture
def chromium() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/gallery/", "/gallery/?khung=desk", "/tro-giup/"])
def test_accessible_at_both_sizes_and_in_both_schemes(chromium: Any, live_server: Any, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    page.goto(live_server.url + address)
    for scheme in ("light", "dark"):
        for width in (360, 1280):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            where = f"{scheme} {width}"
            report = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            found += [f"{where} {fault['id']} {fault['nodes'][0]['html']}" for fault in report]
            wider = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            found += [f"{where} scrolls sideways"] if wider else []
    assert found == []


@pytest.mark.browser
def test_the_comforts_work(chromium: Any, live_server: Any) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    page.goto(live_server.url + "/gallery/?khung=desk")
    page.locator("#child_birth").press_sequentially("27032026")
    assert page.locator("#child_birth").input_value() == "27/03/2026"
    page.keyboard.press("Control+k")
    assert page.evaluate("document.activeElement.id") == "site-q"
    page.locator("[data-check-all]").check()
    assert page.locator("[data-check-count]").inner_text() == "5"
    page.locator("[data-keys] tbody th a").first.focus()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "H30.24-261123-0012"
    page.locator("[data-dialog]").click()
    assert page.locator("dialog").is_visible()
    page.keyboard.press("Escape")
    page.locator("#birth_proof").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b""}
    )
    assert "Tệp rỗng" in page.locator("#field-birth_proof .file-picked").inner_text()


@pytest.mark.browser
def test_targets_are_large_enough_for_a_thumb(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(live_server.url + "/gallery/")
    small = page.evaluate(
        """[...document.querySelectorAll('.button, .tool, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, textarea, .option label, summary')]
        .filter((e) => e.checkVisibility() && !e.matches('.visually-hidden, .tabs *'))
        .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
        .filter(([, height]) => height > 1 && height < 43.5)"""
    )
    assert small == []
