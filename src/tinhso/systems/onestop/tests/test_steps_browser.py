"""The screens of several open steps in a real browser, on a telephone and on a desk: readable, accessible, nothing sideways."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tinhso.core.cases.actions import wake_due
from tinhso.core.cases.tests.processes import work
from tinhso.core.orgs.queries import forget
from tinhso.core.people.models import Account
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.core.testing.web import signed_in as in_browser
from tinhso.systems.onestop.tests.staff_world import BIRTH, ZONE
from tinhso.systems.onestop.tests.steps_world import Run, actor_of, another, ask_three, council, fork, subcase
from tinhso.systems.onestop.tests.test_citizen_browser import axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (360, 1280)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)


class Looker:
    """Opens pages as different people at both widths and keeps what is wrong with them."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base
        self.faults: list[str] = []
        self.shots = Path(shots) if (shots := os.environ.get("TINHSO_SHOTS")) else None

    def look(self, name: str, account: Account, path: str, opened: str = "") -> None:
        client = Client()
        in_browser(client, account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        for width in WIDTHS:
            context = self.browser.new_context(viewport={"width": width, "height": 900})
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self.base}])
            page = context.new_page()
            page.goto(self.base + path)
            if opened:
                page.locator(f"details[id^=viec-{opened}]").first.evaluate("e => e.open = true")
            self.faults += [f"{name} {width}: {fault}" for fault in axe(page)]
            if self.shots:
                self.shots.mkdir(parents=True, exist_ok=True)
                page.screenshot(path=self.shots / f"{name}-{width}.png", full_page=True)
            context.close()


@pytest.fixture
def town(transactional_db: None) -> SmallProvince:
    made = small_province((BIRTH,))
    forget()
    return made


@pytest.fixture
def looker(town: SmallProvince, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Looker]:
    playwright = pytest.importorskip("playwright.sync_api")
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield Looker(browser, live_server.url)
        browser.close()


def test_every_screen_of_several_steps(town: SmallProvince, looker: Looker) -> None:
    for look in (several_places, votes_and_returns, machines_and_lateness, decided_by_time):
        look(town, looker)
    assert looker.faults == [], "\n".join(looker.faults)


def several_places(town: SmallProvince, looker: Looker) -> None:
    registrar = town.account("civil_status_officer")
    run = Run.begin(
        town, fork("child", "round", "b", to="council"), subcase("fork"), ask_three("fork", silence="consent"),
        work("b", "fork", two_people=True), council(),
    )  # fmt: skip
    staff = f"/mot-cua/ho-so/{run.case.code}/"
    run.answer("H30.12")
    looker.look("answer", town.account("division_head", "H30.11"), staff)
    run.do("complete", town.officer("civil_status_officer"), token=run.token("b").id)
    looker.look("places", registrar, staff)
    looker.look("second", another(town, "Người thứ hai", 1), staff)
    looker.look("child", registrar, f"/mot-cua/ho-so/{run.child.case.code}/")
    looker.look("citizen", town.citizen, f"/ho-so/{run.case.code}/")
    looker.look("citizen-child", town.citizen, f"/ho-so/{run.child.case.code}/")


def votes_and_returns(town: SmallProvince, looker: Looker) -> None:
    registrar, chair = town.account("civil_status_officer"), town.account("chair")
    back = Run.begin(
        town, work("first", "round"), ask_three("council"), council("more"), work("more", "sign")
    )
    back.do("complete", town.officer("civil_status_officer"), token=back.token("first").id)
    for unit in ("H30.11", "H30.12", "H30.41.03"):
        back.answer(unit)
    looker.look("vote", registrar, f"/mot-cua/ho-so/{back.case.code}/")
    for number in (2, 3):
        member = another(town, f"Ủy viên {number}", number)
        assert member.person_id is not None
        back.do("vote", actor_of(member), token=back.token("council").id, agrees=True)
    back.do("complete", town.officer("civil_status_officer"), token=back.token("more").id)
    looker.look("return", chair, f"/mot-cua/ho-so/{back.case.code}/", "return_for_correction")


def machines_and_lateness(town: SmallProvince, looker: Looker) -> None:
    registrar, chair = town.account("civil_status_officer"), town.account("chair")
    machine = Run.begin(town, subcase(answers={"child_name": "'x'"}))
    looker.look("machine", registrar, f"/mot-cua/ho-so/{machine.case.code}/", "by_hand")

    late = Run.begin(
        town, work("a", "b", within="2 working days"), work("b", "sign", within="2 working days"),
        time="3 working days", now=MONDAY,
    )  # fmt: skip
    assert late.state.warn_at
    wake_due(now=late.state.warn_at + timedelta(minutes=1))
    looker.look("apology", registrar, f"/mot-cua/ho-so/{late.case.code}/")
    assert late.state.clock.due_current
    wake_due(now=late.state.clock.due_current + timedelta(minutes=1))
    looker.look("late", chair, f"/mot-cua/ho-so/{late.case.code}/")


def decided_by_time(town: SmallProvince, looker: Looker) -> None:
    registrar = town.account("civil_status_officer")
    deemed = Run.begin(town, work("a", "sign"), now=MONDAY, time="1 working days", deemed="consent")
    assert deemed.state.clock.due_current
    wake_due(now=deemed.state.clock.due_current + timedelta(minutes=1))
    looker.look("deemed", registrar, f"/mot-cua/ho-so/{deemed.case.code}/")
    looker.look("deemed-citizen", town.citizen, f"/ho-so/{deemed.case.code}/")
