"""One running installation and one browser for all tests that need them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.installation import Installation, installation

if TYPE_CHECKING:
    from playwright.sync_api import Browser


#: Tests here share one running installation, so one worker runs them all.
ON_THE_INSTALLATION = ("tests/journeys/", "tests/faults/", "tests/sso/")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep them together by their folder: pytest-xdist 3.8 loses its group marks under pytest 9.2."""
    from xdist.scheduler import LoadGroupScheduling

    class OneInstallation(LoadGroupScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "installation" if nodeid.startswith(ON_THE_INSTALLATION) else super()._split_scope(nodeid)

    return OneInstallation(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session")
def province() -> Iterator[Installation]:
    """A real installation, once for the whole run."""
    with installation() as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for one module: its event loop must be gone before Django's database is used again."""
    from playwright.sync_api import sync_playwright

    from tinhso.core.testing.browser import launch

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path | None:
    """Where pictures of the pages go: a folder per test under `TINHSO_SHOTS`, or nowhere."""
    folder = os.environ.get("TINHSO_SHOTS")
    return Path(folder) / request.node.name if folder else None
