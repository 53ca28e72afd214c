"""Several people at the same moment: one result, one acceptance, nothing doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tinhso.core.cases.actions import perform
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act
from tinhso.core.db.models import Series
from tinhso.core.signing.models import IssuedDocument, IssuedState
from tinhso.core.testing.province import small_province
from tinhso.core.testing.race import race
from tinhso.kit.errors import Refusal
from tinhso.systems.onestop.actions.staff import sign_result
from tinhso.systems.onestop.documents import make_document
from tinhso.systems.onestop.tests.staff_world import BIRTH, Staff, papers, signing_token, trust_service

# Emptying the tables after each test also empties what migrations wrote; it is put back before the next.
pytestmark = pytest.mark.django_db(transaction=True)


def outcomes_of(*work: Callable[[], object]) -> list[str]:
    """Run all at once; what each came to: `done`, or the code of its refusal. Other errors are raised."""
    found = []
    for result in race(*work):
        if isinstance(result, Refusal):
            found.append(result.code)
        elif isinstance(result, BaseException):
            raise result
        else:
            found.append("done")
    return sorted(found)


def test_a_case_that_moves_while_signing_takes_the_paper_back() -> None:
    staff = Staff.file(small_province((BIRTH,))).drafted()
    chair, officer = staff.actor("chair"), staff.actor("civil_status_officer")
    moved = threading.Event()

    def move() -> None:
        if not moved.is_set():
            moved.set()
            perform(staff.case.id, "note", {"text": "Dừng ký, mẹ vừa báo sai tên"}, actor=officer)
            connection.close()

    with trust_service(before=move):
        with pytest.raises(Refusal) as refusal:
            sign_result(staff.case.id, signing_token(staff), actor=chair)
        assert refusal.value.code == "stale"
        assert [p.state for p in papers(staff)] == [IssuedState.REVOKED]
        number = staff.state.number
        assert sign_result(staff.case.id, signing_token(staff), actor=chair).state.number == number
    assert [p.state for p in papers(staff)] == [IssuedState.REVOKED, IssuedState.VALID]


def test_two_leaders_at_once_make_one_result() -> None:
    province = small_province((BIRTH,))
    staff = Staff.file(province).drafted()
    chair, where = staff.actor("chair"), signing_token(staff)

    def sign() -> None:
        sign_result(staff.case.id, where, actor=chair)

    with trust_service():
        outcomes = outcomes_of(sign, sign)
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "step_gone", "stale", "wrong_status"}
    assert staff.state.status == Status.DONE
    assert [p.state for p in papers(staff)].count(IssuedState.VALID) == 1
    assert Series.objects.get(key__startswith="result:birth:").last == 1


def test_two_clerks_accept_one_case_once() -> None:
    staff = Staff.file(small_province((BIRTH,)))
    clerks = [staff.actor("one_stop_clerk"), staff.actor("centre_head")]
    jobs = [lambda who=who: perform(staff.case.id, "accept", actor=who) for who in clerks]
    assert outcomes_of(*jobs) == ["done", "wrong_status"]
    assert staff.state.status == Status.ACCEPTED
    assert Act.objects.filter(case_id=staff.case.id, kind="accept").count() == 1


def test_a_receipt_asked_for_twice_at_once_is_one() -> None:
    staff = Staff.file(small_province((BIRTH,))).accepted()
    clerk = staff.actor("one_stop_clerk")

    def make() -> None:
        make_document(staff.case.id, "receipt", actor=clerk)

    with trust_service():
        assert outcomes_of(make, make) == ["done", "done"]
    assert IssuedDocument.objects.filter(case_code=staff.case.code, state=IssuedState.VALID).count() == 1
