"""Work in which several agencies have a part, in a real browser: everybody on their own page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.installation import (
    BIRTH,
    HEALTH_CARD,
    INTERLINKED,
    PERMIT,
    PLACES,
    RESIDENCE,
    Installation,
    example,
    notice,
)
from tests.journeys import people
from tinhso.core.testing.browser import DESKTOP, PHONE, Person, person
from tinhso.core.testing.waiting import eventually

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CHILD = """SELECT c.code FROM cases_caselink l JOIN cases_case c ON c.id = l.child_id
           JOIN cases_case p ON p.id = l.parent_id WHERE p.code = %s AND c.procedure_id = %s"""


class Desks:
    """Windows of officials, opened for one act each."""

    def __init__(self, province: Installation, browser: Browser, shots: Path | None) -> None:
        self.province, self.browser, self.shots = province, browser, shots

    @contextmanager
    def of(self, who: str) -> Iterator[Person]:
        with person(
            self.browser, self.province.url, size=DESKTOP, places=PLACES, shots=self.shots
        ) as official:
            people.sign_in(official, who)
            yield official
            official.check()

    def child(self, code: str, procedure: str) -> str:
        """The sub-case, once the worker has filed it."""
        eventually(lambda: bool(self.province.ask(CHILD, code, procedure)), what=f"{procedure} of {code}")
        return str(self.province.ask(CHILD, code, procedure)[0][0])

    def grant(self, code: str, officer: str, head: str, answers: dict[str, str]) -> None:
        """An agency does its part and its head signs."""
        with self.of(officer) as official:
            people.work(official, code, answers, name=f"13-{officer}")
        with self.of(head) as leader:
            people.sign_one(leader, code)


@pytest.fixture
def desks(province: Installation, chromium: Browser, shots: Path | None) -> Desks:
    return Desks(province, chromium, shots)


def _file(citizen: Person, procedure: str, answers: dict[str, Any], papers: dict[str, bytes]) -> str:
    people.begin(citizen, procedure)
    citizen.fill_in(answers | {"return_how": "online"}, papers)
    citizen.inspect("06-check")
    citizen.page.check("#declared")
    citizen.press("Nộp hồ sơ", name="07-filed")
    found = people.CODE.search(citizen.page.url)
    assert found is not None, citizen.page.url
    return found[1]


def test_a_newborn_declared_once_gets_papers_of_three_agencies(
    province: Installation, chromium: Browser, desks: Desks, shots: Path | None
) -> None:
    born = (date.today() - timedelta(days=10)).isoformat()  # noqa: DTZ011  a day is near enough
    answers = example(INTERLINKED, "01", child_birth=born, notice_date=born)
    with person(chromium, province.url, size=PHONE, places=PLACES, shots=shots) as citizen:
        code = _file(citizen, INTERLINKED, answers, {"birth_proof": notice()})
        with desks.of("clerk") as clerk:
            people.accept(clerk, code)
        registered = {"book_number": "01", "personal_id": "093226000123"}
        desks.grant(desks.child(code, BIRTH), "officer", "leader", registered)
        card = {"card_number": "TE1 9320010201"}
        residence, health = desks.child(code, RESIDENCE), desks.child(code, HEALTH_CARD)
        desks.grant(health, "insurance", "insurance_head", card)
        desks.grant(residence, "police", "police_head", {"household_code": "HG-001"})
        eventually(province.all_handled, what="the results on their way back")
        with desks.of("leader") as leader:
            people.sign_one(leader, code)
        with desks.of("clerk") as clerk:
            people.deliver(clerk, code)
        people.await_document(citizen, code, "Thông báo kết quả liên thông")
        citizen.inspect("19-returned")
        people.download(citizen, "Thông báo kết quả liên thông")
        people.await_document(citizen, residence, "Thông báo kết quả giải quyết đăng ký thường trú")
        people.await_document(citizen, health, "Thẻ bảo hiểm y tế")
        citizen.check()


def test_a_permit_asks_three_departments_at_once(
    province: Installation, chromium: Browser, desks: Desks, shots: Path | None
) -> None:
    answers = example(PERMIT, "02", special_areas=["waterway", "road", "heritage"])
    papers = {"land_paper": notice(), "drawings": notice()}
    with person(chromium, province.url, size=PHONE, places=PLACES, shots=shots) as citizen:
        code = _file(citizen, PERMIT, answers, papers)
        with desks.of("clerk") as clerk:
            people.accept(clerk, code)
        with desks.of("builder") as builder:
            people.work(builder, code, name="12-appraise")
        for who, agrees in (("transport", True), ("agriculture", True), ("culture", False)):
            with desks.of(who) as head:
                people.give_opinion(head, code, f"Ý kiến của {who}", agrees=agrees, name=f"13-{who}")
        with desks.of("builder") as builder:
            people.work(builder, code, name="14-weigh")  # the opinion against is dealt with
            found = {
                "site_findings": "Phù hợp quy hoạch",
                "ground_level": "+0,20 m",
                "red_line": "Cách tim đường 12 m",
                "valid_until": (date.today() + timedelta(days=300)).isoformat(),  # noqa: DTZ011
            }
            people.work(builder, code, found, name="14-draft")
        with desks.of("leader") as leader:
            people.sign_one(leader, code)
        with desks.of("clerk") as clerk:
            people.deliver(clerk, code)
        people.await_document(citizen, code, "Giấy phép xây dựng")
        citizen.check()
