"""Cases that a ministry's system handles (scenario 12): late and double news, no local edits, counted once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from tinhso.core.access.actor import system_actor
from tinhso.core.cases.actions import News, perform, take_over, wake_due
from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act, Case, Procedure, ProcedureVersion
from tinhso.core.cases.rebuild import differences
from tinhso.core.cases.state import load_state
from tinhso.core.cases.tests.world import MONDAY
from tinhso.core.orgs.queries import forget
from tinhso.core.people.actions import Particulars
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.kit.errors import Forbidden, Refusal

SENDER = system_actor("bo-cong-an")
MAI = Particulars(full_name="Nguyễn Thị Mai", number="093190000456")
NEWS = ((2, 1), (4, 2), (5, 3), (4, 4), (9, 5), (10, 6))  # status, hours after Monday 9:00


def news(status: int, hours: float, **more) -> News:
    values = {
        "source": "bca.cu-tru",
        "code": "G01.20-261123-0012345",
        "procedure": "1.004222",
        "applicant": MAI,
    }
    return News(status=status, event_at=MONDAY + timedelta(hours=hours), **values | more)


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        made = small_province(())
        Procedure.objects.create(code="1.004222", name="Đăng ký thường trú", field="residence")
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    forget()
    return province_of_module


def the_case() -> Case:
    return Case.objects.get(code="G01.20-261123-0012345")


@pytest.mark.parametrize(
    "order", [tuple(range(6)), (5, 0, 3, 1, 4, 2), (0, 1, 2, 4, 5, 3), (2, 5, 4, 3, 1, 0)]
)
def test_in_whatever_order_the_news_come_the_latest_counts(province: SmallProvince, order) -> None:
    for place in order:
        take_over(news(*NEWS[place]), actor=SENDER)
        take_over(news(*NEWS[place]), actor=SENDER)  # every message is delivered twice
    case = the_case()
    assert (case.status, case.clock, case.source) == (Status.RETURNED, "stopped", "bca.cu-tru")
    assert case.returned_at == MONDAY + timedelta(hours=6)
    assert Act.objects.filter(case=case).count() == len(NEWS)
    assert Case.objects.count() == 1
    assert list(differences()) == []


def test_every_order_of_three_gives_the_same_case(province: SmallProvince) -> None:
    seen = set()
    for n, order in enumerate(permutations(((2, 1), (5, 2), (4, 3)))):
        for status, hours in order:
            take_over(news(status, hours, code=f"G01-{n}"), actor=SENDER)
        case = Case.objects.get(code=f"G01-{n}")
        seen.add((case.status, case.clock, case.finished_at))
    assert seen == {(Status.PROCESSING, "running", None)}


def test_nobody_works_on_it_here(province: SmallProvince) -> None:
    case = take_over(news(2, 1, due=MONDAY + timedelta(days=3)), actor=SENDER).case
    people = [province.officer(r) for r in ("one_stop_clerk", "civil_status_officer", "chair")]
    for kind in ACTS:
        if kind.name in ("file", "mirror"):
            continue
        for actor in (*people, province.actor(province.citizen), system_actor("timer")):
            with pytest.raises(Refusal) as refused:
                perform(case.id, kind.name, actor=actor, now=MONDAY + timedelta(hours=2))
            assert refused.value.code in ("mirrored", "bad_data"), kind.name
    wake_due(now=MONDAY + timedelta(days=30))
    assert load_state(the_case().state).seq == 1


def test_a_case_that_was_over_there_may_go_on(province: SmallProvince) -> None:
    take_over(news(9, 1), actor=SENDER)
    take_over(news(4, 2), actor=SENDER)
    assert (the_case().status, the_case().finished_at) == (Status.PROCESSING, None)


def test_news_need_the_right_and_must_make_sense(province: SmallProvince) -> None:
    with pytest.raises(Forbidden):
        take_over(news(2, 1), actor=province.officer("one_stop_clerk"))
    for wrong, code in (
        ({"status": 11}, "bad_status"),
        ({"procedure": "0.000000"}, "no_procedure"),
        ({"code": " "}, "incomplete"),
        ({"event_at": MONDAY.replace(tzinfo=None)}, "no_zone"),
    ):
        said = {"status": 2, "hours": 1} | {k: v for k, v in wrong.items() if k != "event_at"}
        one = news(**said)
        if "event_at" in wrong:
            from dataclasses import replace

            one = replace(one, event_at=wrong["event_at"])
        with pytest.raises(Refusal) as refused:
            take_over(one, actor=SENDER)
        assert refused.value.code == code
    assert Case.objects.count() == 0


def test_a_copy_does_not_make_the_procedure_take_cases(province: SmallProvince) -> None:
    take_over(news(2, 1), actor=SENDER)
    version = ProcedureVersion.objects.get(procedure_id="1.004222")
    assert (version.number, version.valid.isempty) == (0, True)
