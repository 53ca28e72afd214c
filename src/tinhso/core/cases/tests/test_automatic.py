"""Automatic steps and sub-cases in the pure rules: retries, a person's fallback, answers too late or twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tinhso.core.cases.choices import Status
from tinhso.core.cases.rules.automatic import WAITS
from tinhso.core.cases.tests.processes import at_work, work
from tinhso.core.cases.tests.test_engine import refused
from tinhso.core.cases.tests.world import CHAIR, CITIZEN, CLERK, OTHER, REGISTRAR, SYSTEM, World

ASK = {
    "id": "number", "do": "exchange", "by": "civil_status_officer @ competent", "name": "Cấp số định danh",
    "request": "AssignNumber", "undo": "TakeNumberBack", "values": {"name": "form.child_name"},
    "next": [{"when": "case.replies.number.status == 'done'", "to": "sign"}, {"to": "again"}],
}  # fmt: skip
CHILD = {
    "id": "police", "do": "subcase", "by": "civil_status_officer @ competent", "name": "Đăng ký thường trú",
    "procedure": "1.004222", "within": "2 working days", "answers": {}, "next": "sign",
}  # fmt: skip
FILED = {"case_id": "c1", "code": "H30.2-1", "procedure": "1.004222", "unit": OTHER}


def asking() -> World:
    return at_work(ASK, work("again", "sign"))


def child(**more) -> World:
    w = at_work({**CHILD, **more}, work("again", "sign"))
    w.do("child_filed", SYSTEM, token=w.token(), **FILED)
    return w


def steps(world: World) -> list[str]:
    return [t.step for t in world.state.tokens]


def test_an_automatic_step_is_due_at_once_and_its_reply_is_read_by_conditions():
    w = asking()
    assert (w.state.wake_at, w.state.for_machine(w.now)) == (w.now, True)
    w.do("auto_done", SYSTEM, reply={"fields": {"number": "093326000001"}})
    assert steps(w) == ["sign"]
    assert w.state.replies["number"] == {"status": "done", "fields": {"number": "093326000001"}}


def test_a_failing_step_is_tried_again_ever_later_and_then_given_to_a_person():
    w = asking()
    for minutes in WAITS:
        w.do("auto_failed", SYSTEM, error="Không kết nối được")
        token = w.state.tokens[0]
        assert token.retry_at == w.now + timedelta(minutes=minutes)
        with refused("still_trying"):
            w.do("by_hand", REGISTRAR, evidence="Gọi điện")
        w.now = token.retry_at
    w.do("auto_failed", SYSTEM, error="Không kết nối được")
    assert (w.state.tokens[0].retry_at, w.state.for_machine(w.now)) == (None, False)


def test_what_cannot_succeed_goes_to_a_person_at_once():
    w = asking()
    w.do("auto_failed", SYSTEM, error="Sai dữ liệu", final=True)
    with refused("required"):
        w.do("by_hand", REGISTRAR, fields={"number": "1"})
    w.do("by_hand", REGISTRAR, fields={"number": "1"}, evidence="Công văn 12/CV-CA")
    assert w.state.replies["number"]["evidence"] == "Công văn 12/CV-CA"
    assert steps(w) == ["sign"]


def test_a_person_may_let_the_machine_try_again():
    w = asking()
    w.do("auto_failed", SYSTEM, error="x", final=True)
    w.do("retry", REGISTRAR)
    assert (w.state.tokens[0].error, w.state.tokens[0].retry_at, w.state.tokens[0].tries) == ("", w.now, 0)


def test_a_second_reply_finds_the_step_gone():
    w = asking()
    token = w.token()
    w.do("auto_done", SYSTEM, token=token)
    for act in ("auto_done", "auto_failed"):
        with refused("step_gone"):
            w.do(act, SYSTEM, token=token)


def test_going_back_asks_the_other_system_to_take_it_back():
    w = at_work(work("first", "number"), {**ASK, "next": "sign"})
    w.do("complete", REGISTRAR)
    w.do("auto_done", SYSTEM, reply={"fields": {"number": "1"}})
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Sai tên", to_step="first")
    assert [u.step for u in w.state.undo] == ["number"]
    assert w.state.replies == {}
    assert w.state.for_machine(w.now)
    undo = w.state.undo[0]
    w.do("undone", SYSTEM, step_token=undo.token, error="Bận")
    assert w.state.undo[0].retry_at == w.now + timedelta(minutes=WAITS[0])
    w.do("undone", SYSTEM, step_token=undo.token)
    assert w.state.undo == ()
    with refused("known"):
        w.do("undone", SYSTEM, step_token=undo.token)


def test_what_nobody_can_take_back_by_hand_is_not_taken_back():
    w = at_work(work("first", "number"), {**ASK, "next": "sign"})
    w.do("complete", REGISTRAR)
    w.do("auto_failed", SYSTEM, error="x", final=True)
    w.do("by_hand", REGISTRAR, fields={}, evidence="Công văn")
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Sai", to_step="first")
    assert w.state.undo == ()


def test_a_sub_case_is_waited_for_and_its_result_moves_the_case_on():
    w = child()
    assert (steps(w), w.state.for_machine(w.now)) == (["police"], False)
    w.do(
        "child_ended",
        SYSTEM,
        case_id="c1",
        reply={"status": "done", "number": "7/2026", "fields": {"book": "2"}},
    )
    assert steps(w) == ["sign"]
    assert w.state.children[0].status == "done"
    assert w.state.replies["police"]["fields"] == {"book": "2"}


def test_an_agency_that_refuses_is_an_answer_too():
    w = child(next=[{"when": "case.replies.police.status != 'done'", "to": "again"}, {"to": "sign"}])
    w.do(
        "child_ended",
        SYSTEM,
        case_id="c1",
        reply={"status": "refused", "reason": "Không đủ điều kiện", "fields": {}},
    )
    assert steps(w) == ["again"]


def test_an_agency_that_answers_twice_or_for_an_unknown_case_changes_nothing():
    w = child()
    w.do("child_ended", SYSTEM, case_id="c1", reply={"status": "done", "fields": {}})
    before = w.state
    with refused("known"):
        w.do("child_ended", SYSTEM, case_id="c1", reply={"status": "done", "fields": {}})
    with refused("not_a_child"):
        w.do("child_ended", SYSTEM, case_id="c2", reply={"status": "done", "fields": {}})
    assert w.state is before


def test_an_answer_after_the_case_closed_is_refused():
    w = child()
    w.do("withdraw", CITIZEN, reason="Đổi ý")
    w.do("approve_withdrawal", CLERK)
    assert w.state.status == Status.STOPPED
    assert [c.code for c in w.state.orphans] == ["H30.2-1"]
    with refused("closed"):
        w.do("auto_done", SYSTEM)


def test_a_sub_case_goes_on_while_the_citizen_is_asked():
    w = child()
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    assert steps(w) == ["police"]
    w.do("child_ended", SYSTEM, case_id="c1", reply={"status": "done", "fields": {}})
    assert w.state.status == Status.SUPPLEMENT
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    assert steps(w) == ["sign"]


def test_an_agency_that_never_answers_is_put_before_the_head():
    w = child()
    w.now = w.state.tokens[0].due_at
    w.do("wake", SYSTEM)
    late = w.state.at("late")
    assert (late.role, late.unit) == ("chair", w.state.competent)
    assert steps(w)[0] == "police"
    with refused("required"):
        w.do("direct", CHAIR, token=late.id)
    w.do("direct", CHAIR, token=late.id, text="Văn phòng gọi Công an xã, báo cáo trong ngày")
    assert steps(w) == ["police"]
    with refused("nothing_due"):
        w.do("wake", SYSTEM)


def test_a_result_once_brought_is_not_asked_for_again():
    w = at_work(work("first", "police"), CHILD)
    w.do("complete", REGISTRAR)
    w.do("child_filed", SYSTEM, token=w.state.at("subcase").id, **FILED)
    w.do("child_ended", SYSTEM, case_id="c1", reply={"status": "done", "fields": {}})
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Sai", to_step="first")
    w.do("complete", REGISTRAR)
    assert steps(w) == ["sign"]
    assert len(w.state.children) == 1


@pytest.mark.parametrize(
    "act", ["auto_done", "auto_failed", "child_filed", "child_ended", "undone", "stop_by_parent"]
)
def test_only_the_engine_does_what_is_the_engines(act):
    w = child()
    for person in (REGISTRAR, CHAIR, CITIZEN, CLERK):
        with refused("system_only"):
            w.do(act, person)


def test_what_cannot_be_taken_back_becomes_a_persons_task():
    w = at_work(work("first", "number"), {**ASK, "next": "sign"})
    w.do("complete", REGISTRAR)
    w.do("auto_done", SYSTEM, reply={"fields": {"number": "1"}})
    w.do("return_for_correction", CHAIR, token=w.state.at("sign").id, reason="Sai", to_step="first")
    asked = w.state.undo[0].token
    for _ in range(len(WAITS) + 1):
        w.do("undone", SYSTEM, step_token=asked, error="Hệ thống kia từ chối")
    token = w.state.at("undo")
    assert (token.role, w.state.undo[0].retry_at) == ("civil_status_officer", None)
    with refused("required"):
        w.do("taken_back", REGISTRAR, token=token.id)
    w.do("taken_back", REGISTRAR, token=token.id, evidence="Công văn 9/CV thu hồi số")
    assert (w.state.undo, w.state.at("undo")) == ((), None)
