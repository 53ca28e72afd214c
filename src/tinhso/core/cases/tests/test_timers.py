"""Late honestly: reminders, the apology drafted a working day before, escalation, deemed decisions."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.cases.choices import Status
from tinhso.core.cases.rules.forecast import finish_by
from tinhso.core.cases.tests.processes import at_work, work
from tinhso.core.cases.tests.test_engine import refused
from tinhso.core.cases.tests.world import CHAIR, CLERK, REGISTRAR, SYSTEM, ZONE, World


def to_the_day_before(world: World) -> World:
    assert world.state.warn_at is not None
    world.now = world.state.warn_at
    return world


def test_the_apology_is_foreseen_when_work_begins_on_the_working_day_before():
    w = at_work(work("a", "sign", within="2 working days"), time="5 working days")
    due = w.state.clock.due_current
    assert w.state.warn_at < due
    assert w.state.warn_at.astimezone(ZONE).date() < due.astimezone(ZONE).date()
    assert w.state.warn_at.astimezone(ZONE).hour == 7


def test_a_case_that_cannot_be_done_in_time_gets_its_letter_drafted_with_the_reason():
    w = to_the_day_before(at_work(work("a", "sign", within="3 working days"), time="3 working days"))
    w.do("wake", SYSTEM)
    apology, token = w.state.apology, w.state.at("apology")
    assert "“a” tại UBND phường I" in apology.reason
    assert date.fromisoformat(apology.until) > w.state.clock.due_current.astimezone(ZONE).date()
    assert token.role == "civil_status_officer"
    before = w.state.clock.due_original
    w.do("extend", REGISTRAR, until=apology.until, reason=apology.reason)
    assert (w.state.clock.due_original, w.state.at("apology")) == (before, None)
    with refused("no_extension"):
        w.do("extend", REGISTRAR, until="2027-03-01", reason="Lần hai")


def test_a_case_that_will_be_done_in_time_is_left_alone():
    w = to_the_day_before(at_work(work("a", "sign", within="2 hours"), time="5 working days"))
    assert finish_by(w.definition, w.state, w.facts(SYSTEM)) <= w.state.clock.due_current
    with refused("nothing_due"):
        w.do("wake", SYSTEM)


def test_finishing_after_all_takes_the_draft_away():
    w = to_the_day_before(at_work(work("a", "sign", within="3 working days"), time="3 working days"))
    w.do("wake", SYSTEM)
    w.do("complete", REGISTRAR)
    w.do("number", SYSTEM, number="1")
    w.do("sign", CHAIR, document="d", signed_by="x")
    assert [t.do for t in w.state.tokens] == ["deliver"]


def test_a_late_case_goes_before_the_head_once():
    w = at_work(work("a", "sign"), time="1 working days")
    w.now = w.state.clock.due_current
    w.do("wake", SYSTEM)
    assert [t.do for t in w.state.tokens] == ["work", "late"]
    with refused("nothing_due"):
        w.do("wake", SYSTEM)
    assert w.state.wake_at is None


@pytest.mark.parametrize(("outcome", "kind"), [("consent", "deemed"), ("refusal", "refusal")])
def test_where_the_law_says_so_time_decides(outcome, kind):
    w = at_work(work("a", "sign"), time="1 working days", deemed=outcome)
    w.now = w.state.clock.due_current
    w.do("wake", SYSTEM)
    assert (w.state.status, w.state.result.kind, w.state.result.signed_by) == (Status.DONE, kind, "")
    assert [t.do for t in w.state.tokens] == ["deliver"]
    w.do("deliver", CLERK)
    assert w.state.status == Status.RETURNED


def test_a_decision_taken_in_time_is_not_deemed():
    w = at_work(work("a", "sign"), time="1 working days", deemed="consent")
    due = w.state.clock.due_current
    w.do("complete", REGISTRAR)
    w.do("number", SYSTEM, number="1")
    w.do("sign", CHAIR, document="d", signed_by="x")
    w.now = due
    with refused("nothing_due"):
        w.do("wake", SYSTEM)
    assert w.state.result.kind == "result"


def test_while_the_citizen_is_waited_for_nothing_is_late():
    w = at_work(work("a", "sign"), time="3 working days", deemed="consent")
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    w.now = datetime(2026, 12, 10, 9, 0, tzinfo=ZONE)
    with refused("nothing_due"):
        w.do("wake", SYSTEM)


def test_whoever_has_a_step_is_reminded_once():
    w = at_work(work("a", "sign", within="3 working days", remind_after="8 hours"), time="9 working days")
    assert w.state.wake_at == w.state.tokens[0].remind_at
    w.now = w.state.wake_at
    w.do("wake", SYSTEM)
    assert w.state.tokens[0].remind_at is None


@settings(max_examples=60, deadline=None)
@given(hours=st.lists(st.integers(1, 60), min_size=1, max_size=12), deemed=st.sampled_from(["", "consent"]))
def test_waking_at_any_moment_never_moves_a_date_and_always_comes_to_rest(hours, deemed):
    w = at_work(
        work("a", "sign", within="6 hours", late="head", remind_after="2 hours"),
        time="2 working days",
        deemed=deemed,
    )
    due = w.state.clock.due_current
    for step in hours:
        w.pass_time(hours=step)
        for _ in range(5):
            try:
                w.do("wake", SYSTEM)
            except Exception as refusal:
                assert refusal.code in ("nothing_due", "closed")
                break
        else:
            raise AssertionError("the engine never comes to rest")
        assert w.state.clock.due_current == due
        assert len([t for t in w.state.tokens if t.do == "late"]) <= 1
