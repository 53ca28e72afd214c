"""Cases in several agencies, on the database: filed once, three deep, answered late, twice, or not waited for."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from tinhso.core.access.actor import system_actor
from tinhso.core.cases import stuck, versions
from tinhso.core.cases.actions import file_case, perform, settle, wake_due
from tinhso.core.cases.actions.automatic import bring_result
from tinhso.core.cases.actions.publish import publish
from tinhso.core.cases.automatic import AUTOMATIC
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case, CaseLink, ProcedureVersion
from tinhso.core.cases.rebuild import differences
from tinhso.core.cases.state import Party, State, load_state
from tinhso.core.cases.stuck import STUCK
from tinhso.core.cases.tests.processes import HEAD, TAIL, work
from tinhso.core.cases.tests.world import MONDAY
from tinhso.core.desk.models import Task
from tinhso.core.events.dispatch import deliver_due
from tinhso.core.events.models import Delivery
from tinhso.core.orgs.queries import forget
from tinhso.core.procedures.catalog import Catalog
from tinhso.core.procedures.roles import roles_of
from tinhso.core.procedures.tests.sample import CATALOG, example
from tinhso.core.testing.province import SmallProvince, small_province

BIRTH = "1.001193"
CODES = ("9.000001", "9.000002", "9.000003")


def answers() -> dict[str, Any]:
    given = dict(example())
    for name in ("residence", "birth_address"):
        given[name] = {"detail": "Số 12 đường Nguyễn Huệ", "territory": "31318"}
    return given


def sub(code: str) -> dict[str, Any]:
    """A step that is another procedure, with the same answers."""
    return {
        "id": "sub", "do": "subcase", "by": "civil_status_officer @ competent", "within": "3 working days",
        "name": "Hồ sơ con", "procedure": code, "answers": {k: f"form.{k}" for k in answers()}, "next": "sign",
    }  # fmt: skip


def three_procedures() -> SmallProvince:
    """The small province with three procedures, each of which needs the next; the last one is plain work."""
    made = small_province(())
    base = Catalog(CATALOG, roles_of(CATALOG)).source(next((CATALOG / "procedures").glob(f"*/{BIRTH}")))
    for n, code in enumerate(CODES):
        middle = (
            sub(CODES[n + 1]) if code != CODES[-1] else work("draft", "sign", document="birth_certificate")
        )
        publish(source(base, code, middle), actor=system_actor("test"))
    return made


def source(base: dict[str, Any], code: str, middle: dict[str, Any]) -> dict[str, Any]:
    """The birth procedure under another code, with one step between reception and signature."""
    found = copy.deepcopy(base)
    found["procedure"] |= {
        "code": code,
        "papers": [],
        "fees": [],
        "variants": [{"id": "only", "name": {"vi": "Thường"}, "time": "9 working days"}],
        "process": [{**HEAD, "next": middle["id"]}, middle, *copy.deepcopy(TAIL)],
    }
    return found


@pytest.fixture(scope="module")
def province_of_module(django_db_setup: None, django_db_blocker: Any) -> Iterator[SmallProvince]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield three_procedures()
        transaction.set_rollback(True)


@pytest.fixture
def province(province_of_module: SmallProvince, db: None) -> SmallProvince:
    forget()
    versions.forget()
    return province_of_module


def file(province: SmallProvince, code: str = CODES[0], now: datetime | None = MONDAY) -> Case:
    person = province.citizen.person
    party = Party(id=str(person.id), kind="person", full_name=person.full_name, territory="31318")
    return file_case(
        procedure=code, applicant=party, answers=answers(), papers=(), channel="online", key=str(uuid4()),
        actor=province.actor(province.citizen), filer_id=person.id, now=now,
    ).case  # fmt: skip


def state(case: Case) -> State:
    case.refresh_from_db()
    return load_state(case.state)


def hand_over(province: SmallProvince, case: Case) -> None:
    for act in ("accept", "hand_over"):
        perform(case.id, act, actor=province.officer("one_stop_clerk"), now=MONDAY)


def child_of(case: Case) -> Case:
    return Case.objects.get(id=state(case).children[-1].case_id)


def with_child(province: SmallProvince) -> tuple[Case, Case]:
    case = file(province, CODES[1])
    hand_over(province, case)
    settle(case.id, now=MONDAY)
    return case, child_of(case)


def finish(province: SmallProvince, case: Case) -> None:
    """The officers do the rest of a case."""
    if state(case).at("work"):
        perform(
            case.id, "complete", {"fields": {"book_number": "01"}},
            actor=province.officer("civil_status_officer"), now=MONDAY,
        )  # fmt: skip
    perform(case.id, "number", {"number": "7/2026"}, actor=system_actor("numbering"), now=MONDAY)
    perform(case.id, "sign", {"document": "", "signed_by": "x"}, actor=province.officer("chair"), now=MONDAY)


def tell_parents() -> None:
    """Deliver what the engine tells itself; other rooms' handlers are their own matter."""
    Delivery.objects.exclude(handler="cases.give_to_parent").delete()
    deliver_due(limit=1000)


def test_a_result_travels_up_three_agencies(province: SmallProvince) -> None:
    top = file(province)
    chain = [top]
    for _ in range(2):
        hand_over(province, chain[-1])
        settle(chain[-1].id, now=MONDAY)
        chain.append(child_of(chain[-1]))
    assert [c.procedure_id for c in chain] == list(CODES)
    assert CaseLink.objects.filter(kind="child").count() == 2
    assert state(chain[2]).parent.code == chain[1].code
    hand_over(province, chain[2])
    for case in reversed(chain):
        finish(province, case)
        tell_parents()
    assert state(chain[1]).replies["sub"]["number"] == "7/2026"
    assert state(chain[1]).replies["sub"]["fields"]["book_number"] == "01"
    assert [state(c).status for c in chain] == [Status.DONE, Status.RETURNED, Status.RETURNED]
    assert list(differences()) == []


def test_a_sub_case_is_filed_once_however_often_the_machine_tries(province: SmallProvince) -> None:
    case, child = with_child(province)
    before = state(case)
    settle(case.id, now=MONDAY)
    assert state(case) == before
    assert Case.objects.filter(procedure_id=CODES[2]).count() == 1
    assert state(child).applicant == before.applicant


def test_a_second_answer_changes_nothing(province: SmallProvince) -> None:
    case, child = with_child(province)
    hand_over(province, child)
    finish(province, child)
    bring_result(child.id)
    before = state(case)
    bring_result(child.id)
    tell_parents()
    assert state(case) == before


def test_an_answer_after_the_case_closed_is_only_noted(province: SmallProvince) -> None:
    case, child = with_child(province)
    hand_over(province, child)
    perform(case.id, "withdraw", {"reason": "Đổi ý"}, actor=province.actor(province.citizen), now=MONDAY)
    perform(case.id, "approve_withdrawal", actor=province.officer("one_stop_clerk"), now=MONDAY)
    finish(province, child)
    bring_result(child.id)
    assert (state(case).status, state(child).status) == (Status.STOPPED, Status.RETURNED)


def test_a_sub_case_nobody_waits_for_is_stopped(province: SmallProvince) -> None:
    case, child = with_child(province)
    perform(case.id, "withdraw", {"reason": "Đổi ý"}, actor=province.actor(province.citizen), now=MONDAY)
    perform(case.id, "approve_withdrawal", actor=province.officer("one_stop_clerk"), now=MONDAY)
    wake_due(now=MONDAY)
    assert state(child).status == Status.STOPPED
    assert case.code in state(child).stop_reason
    assert [c.status for c in state(case).children] == ["stopped"]
    assert state(case).wake_at is None


def test_an_agency_that_never_answers_stands_on_the_page_of_stuck_cases(province: SmallProvince) -> None:
    case, child = with_child(province)
    head = province.officer("chair")
    assert stuck.counts(head)["unanswered"] == 0
    hand_over(province, child)
    long_ago = datetime(2026, 1, 5, tzinfo=UTC)
    Case.objects.filter(id=child.id).update(due_original=long_ago, due_current=long_ago)
    page = stuck.stuck(head, STUCK.get("unanswered"))
    assert [row.code for row in page.rows] == [case.code]


def test_what_cannot_be_filed_becomes_a_persons_task(province: SmallProvince) -> None:
    case = file(province, CODES[1])
    hand_over(province, case)

    ProcedureVersion.objects.filter(procedure_id=CODES[2]).delete()
    versions.forget()
    settle(case.id, now=MONDAY)
    token = state(case).tokens[0]
    assert "chưa nhận hồ sơ" in token.error
    task = Task.objects.get(subject_id=case.id, closed_at=None)
    assert (task.kind, task.role) == ("case.subcase", "civil_status_officer")
    officer = province.officer("civil_status_officer")
    head = province.officer("chair")
    assert stuck.counts(head)["machine"] == 1
    perform(case.id, "retry", actor=officer, now=MONDAY)
    assert not Task.objects.filter(subject_id=case.id, closed_at=None).exists()
    settle(case.id, now=MONDAY)
    perform(
        case.id, "by_hand", {"evidence": "Công văn 5/CV", "fields": {"so": "1"}}, actor=officer, now=MONDAY
    )
    assert [t.step for t in state(case).tokens] == ["sign"]


def test_whatever_breaks_outside_is_tried_again_later(province: SmallProvince, monkeypatch: Any) -> None:
    case = file(province, CODES[1])
    hand_over(province, case)
    real = AUTOMATIC.get("subcase")

    def broken(call: Any) -> None:
        raise ConnectionError("mất mạng")

    monkeypatch.setitem(AUTOMATIC._items, "subcase", type(real)("subcase", broken))
    settle(case.id, now=MONDAY)
    token = state(case).tokens[0]
    assert (token.tries, token.retry_at) == (1, MONDAY + timedelta(minutes=1))
    assert not Task.objects.filter(subject_id=case.id, closed_at=None).exists()
    monkeypatch.undo()
    wake_due(now=MONDAY)
    assert state(case).children == ()
    wake_due(now=MONDAY + timedelta(minutes=1))
    assert len(state(case).children) == 1


def test_a_procedure_that_needs_itself_does_not_file_for_ever(province: SmallProvince) -> None:
    base = Catalog(CATALOG, roles_of(CATALOG)).source(next((CATALOG / "procedures").glob(f"*/{BIRTH}")))
    code = "9.000009"
    publish(source(base, code, sub(code)), actor=system_actor("test"))
    case = file(province, code)
    for _ in range(12):
        hand_over(province, case)
        settle(case.id, now=MONDAY)
        if not state(case).children:
            break
        case = child_of(case)
    assert "lồng nhau" in state(case).tokens[0].error
