"""The engine's rules on the real birth procedure: the way through, the refusals, the rights, the clock."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.core.cases.acts import ACTS
from tinhso.core.cases.choices import Status
from tinhso.core.cases.effects import fold, load_effects
from tinhso.core.cases.state import State, dump, load_state
from tinhso.core.cases.tests.world import (
    CENTRE,
    CHAIR,
    CITIZEN,
    CLERK,
    HEAD,
    OTHER,
    REGISTRAR,
    STRANGER,
    SYSTEM,
    ZONE,
    World,
    officer,
)
from tinhso.core.procedures.tests.sample import example
from tinhso.kit.errors import Refusal

# one-stop.md section 3: from which status to which; the same status is always allowed.
ALLOWED = {
    0: {1},
    1: {2, 3, 5, 8},
    2: {4, 5, 7},
    4: {5, 6, 7, 8, 9},
    5: {1, 2, 4, 7, 8},
    6: {4, 7, 8, 9},
    7: {1, 2, 4, 5, 6, 8},
    8: set(),
    9: {10},
    3: set(),
    10: set(),
}


@contextmanager
def refused(code: str):
    """The block is refused with this code and a whole sentence."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code, f"{caught.value.code}: {caught.value.message}"
    assert caught.value.message.endswith((".", ")"))


def test_a_birth_goes_from_filing_to_the_parents_hands():
    w = World()
    w.file()
    assert (w.state.status, w.state.variant, w.state.clock.state) == (Status.NEW, "normal", "not_started")
    w.do("accept", CLERK)
    assert w.state.clock.due_current == datetime(2026, 11, 23, 17, 0, tzinfo=ZONE)
    w.do("hand_over", CLERK)
    assert [t.step for t in w.state.tokens] == ["draft"]
    w.do("complete", REGISTRAR, fields={"book_number": "01"})
    w.do("number", SYSTEM, number="1/2026")
    w.do("sign", CHAIR, document="d", issued_code="c", signed_by="Chủ tịch")
    assert (w.state.status, w.state.clock.state) == (Status.DONE, "stopped")
    w.do("deliver", CLERK, to="Nguyễn Thị Mai")
    w.do("rate", CITIZEN, stars=5)
    assert (w.state.status, w.state.tokens, w.state.rating.stars) == (Status.RETURNED, (), 5)


def test_accepted_at_fifteen_is_due_the_next_working_day():
    w = World()
    w.now = w.now.replace(hour=15, minute=0)
    w.file()
    w.do("accept", CLERK)
    # 24/11 is a public holiday in the national table, so the next working day is Wednesday
    assert w.state.clock.due_current.date() > w.now.date()


def test_a_paper_that_is_missing_online_is_refused_at_filing():
    with refused("papers_missing"):
        World().file(papers=())


def test_two_clerks_accept_the_second_is_told():
    w = World()
    w.file()
    w.do("accept", CLERK)
    with refused("wrong_status"):
        w.do("accept", officer("one_stop_clerk", CENTRE, number=2))


def test_supplement_is_asked_once_and_restarts_the_full_time():
    w = World().to_work()
    before = w.state.clock.due_original
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    assert (w.state.status, w.state.clock.state, w.state.tokens) == (Status.SUPPLEMENT, "paused", ())
    w.pass_time(days=2)
    with refused("papers_missing"):
        w.do("supplement", CITIZEN)
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    assert (w.state.status, w.state.clock.state) == (Status.PROCESSING, "running")
    assert w.state.clock.due_original == before
    assert w.state.clock.due_current > before
    assert [t.step for t in w.state.tokens] == ["draft"]


def test_a_second_supplement_needs_approval_and_a_reason():
    w = World().to_work()
    ask = {"items": [{"paper": "birth_proof", "reason": "Ảnh mờ"}]}
    w.do("ask_supplement", REGISTRAR, **ask)
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    with refused("second_supplement"):
        w.do("ask_supplement", REGISTRAR, **ask)
    with refused("required"):
        w.do("ask_supplement", HEAD, **ask)
    w.do("ask_supplement", HEAD, approved_reason="Giấy tờ mới vẫn không đọc được", **ask)
    assert w.state.supplements[-1].round == 2


def test_an_unanswered_supplement_is_proposed_for_stop_and_can_still_be_answered():
    w = World().to_work()
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    with refused("too_early"):
        w.do("stop", CHAIR, reason="Không bổ sung")
    assert w.state.wake_at == w.state.open_supplement.answer_by
    w.now = w.state.wake_at
    w.do("wake", SYSTEM)
    assert [t.do for t in w.state.tokens] == ["stop_proposal"]
    assert w.state.wake_at is None
    w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])
    assert [t.step for t in w.state.tokens] == ["draft"]


def test_stopping_after_the_deadline_is_final():
    w = World().to_work()
    w.do("ask_supplement", REGISTRAR, items=[{"paper": "birth_proof", "reason": "Ảnh mờ"}])
    w.now = w.state.wake_at
    w.do("stop", CHAIR, reason="Không bổ sung trong thời hạn")
    assert (w.state.status, w.state.clock.state, w.state.tokens) == (Status.STOPPED, "stopped", ())
    with refused("wrong_status"):
        w.do("supplement", CITIZEN, papers=[{"id": "birth_proof", "files": ["g"]}])


def test_withdrawing_before_acceptance_is_done_at_once():
    w = World()
    w.file()
    w.do("withdraw", CITIZEN, reason="Nộp nhầm")
    assert w.state.status == Status.STOPPED


def test_withdrawal_is_a_request_that_may_be_rejected_and_the_case_goes_on():
    w = World().to_work()
    w.do("withdraw", CITIZEN, reason="Đổi ý")
    assert (w.state.status, w.state.clock.state) == (Status.WITHDRAWAL, "paused")
    w.do("reject_withdrawal", CLERK, reason="Kết quả đã soạn xong")
    assert (w.state.status, w.state.clock.state) == (Status.PROCESSING, "running")
    assert [t.step for t in w.state.tokens] == ["draft"]
    w.do("withdraw", CITIZEN, reason="Vẫn muốn rút")
    w.do("approve_withdrawal", CLERK)
    assert (w.state.status, w.state.tokens, w.state.parked) == (Status.STOPPED, (), ())


def test_no_withdrawal_once_the_result_is_signed():
    w = World().to_done()
    with refused("wrong_status"):
        w.do("withdraw", CITIZEN, reason="Đổi ý")


def test_one_apology_a_day_before_keeps_the_first_date():
    w = World()
    w.file(answers={**example(), "parents_marriage": "elsewhere", "marriage_place": "31465"})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    due = w.state.clock.due_current
    w.do("extend", REGISTRAR, until="2026-12-04", reason="Xã được hỏi chưa trả lời")
    assert w.state.clock.due_original == due
    assert w.state.clock.due_current > due
    with refused("no_extension"):
        w.do("extend", REGISTRAR, until="2026-12-10", reason="Lần nữa")


def test_an_apology_on_the_due_day_is_refused():
    w = World().to_work()
    with refused("no_extension"):
        w.do("extend", REGISTRAR, until="2026-11-26", reason="Chưa xong")


def test_a_refusal_is_a_result_that_somebody_signs():
    w = World().to_work()
    with refused("required"):
        w.do("propose_refusal", REGISTRAR, reason="Không đủ điều kiện")
    w.do("propose_refusal", REGISTRAR, reason="Trẻ đã được khai sinh", ground="Luật Hộ tịch")
    w.do("number", SYSTEM, number="7/TB-UBND")
    w.do("sign", CHAIR, document="d", signed_by="Chủ tịch")
    assert (w.state.status, w.state.result.kind) == (Status.DONE, "refusal")


def test_the_signer_sends_a_draft_back_with_the_reason():
    w = World().to_sign()
    with refused("required"):
        w.do("return_for_correction", CHAIR)
    w.do("return_for_correction", CHAIR, reason="Sai tên mẹ")
    assert ([t.step for t in w.state.tokens], w.state.correction) == (["draft"], "Sai tên mẹ")
    w.do("complete", REGISTRAR, fields={"book_number": "02"})
    assert (w.state.correction, w.state.draft["book_number"]) == ("", "02")


def test_signing_a_case_that_moved_since_is_refused():
    w = World().to_sign()
    with refused("stale"):
        w.do("sign", CHAIR, document="d", signed_by="x", seq=w.state.seq + 3)


def test_another_commune_is_asked_and_its_opinion_kept():
    w = World()
    w.file(answers={**example(), "parents_marriage": "elsewhere", "marriage_place": "31465"})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    w.do("complete", REGISTRAR, fields={"book_number": "01"})
    assert [(t.step, t.unit) for t in w.state.tokens] == [("verify", OTHER)]
    with refused("no_right"):
        w.do("answer", REGISTRAR, text="Có")
    w.do("answer", officer("civil_status_officer", OTHER), text="Có đăng ký số 45/2024")
    assert w.state.opinions[0].unit == OTHER
    assert [t.step for t in w.state.tokens] == ["sign"]


def test_silence_counts_as_consent_after_its_time():
    w = World()
    w.file(answers={**example(), "review_draft": True})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    w.do("complete", REGISTRAR, fields={"book_number": "01"})
    assert [t.do for t in w.state.tokens] == ["ask_applicant"]
    with refused("nothing_due"):
        w.do("wake", SYSTEM)
    w.now = w.state.at("ask_applicant").due_at
    w.do("wake", SYSTEM)
    assert [t.step for t in w.state.tokens] == ["sign"]


def test_the_applicant_objects_and_the_draft_goes_back():
    w = World()
    w.file(answers={**example(), "review_draft": True})
    w.do("accept", CLERK)
    w.do("hand_over", CLERK)
    w.do("complete", REGISTRAR, fields={"book_number": "01"})
    with refused("not_applicant"):
        w.do("object", STRANGER, text="Sai")
    w.do("object", CITIZEN, text="Sai dấu trong tên")
    assert [t.step for t in w.state.tokens] == ["draft"]


@pytest.mark.parametrize("act", [k.name for k in ACTS if k.who != "filing"])
def test_a_stranger_may_do_nothing(act):
    for world in (World().to_work(), World().to_sign(), World().to_done()):
        before = world.state
        with pytest.raises(Refusal):
            world.do(act, STRANGER)
        assert world.state is before


ACTORS = [CLERK, HEAD, REGISTRAR, CHAIR, CITIZEN, SYSTEM, officer("civil_status_officer", OTHER)]
DATA = {
    "ask_supplement": {"items": [{"paper": "birth_proof", "reason": "Mờ"}], "approved_reason": "Vẫn mờ"},
    "supplement": {"papers": [{"id": "birth_proof", "files": ["n"]}]},
    "refuse_reception": {"reason": "Không thuộc thẩm quyền", "ground": "Luật"},
    "complete": {"fields": {"book_number": "01"}},
    "draft": {"fields": {"book_number": "09"}},
    "answer": {"text": "Đồng ý"},
    "object": {"text": "Sai"},
    "assign": {"person_id": str(REGISTRAR.person_id), "person_name": "B"},
    "return_for_correction": {"reason": "Sai"},
    "propose_refusal": {"reason": "Không đủ", "ground": "Luật"},
    "number": {"number": "1/2026"},
    "sign": {"document": "d", "signed_by": "x"},
    "withdraw": {"reason": "Đổi ý"},
    "reject_withdrawal": {"reason": "Không"},
    "stop": {"reason": "Hết hạn"},
    "extend": {"until": "2026-12-24", "reason": "Chậm"},
    "rate": {"stars": 3},
    "note": {"text": "x"},
}


@settings(max_examples=120, deadline=None)
@given(
    variant=st.sampled_from(["normal", "elsewhere", "review"]),
    script=st.lists(
        st.tuples(
            st.sampled_from([k.name for k in ACTS if k.who != "filing"]),
            st.sampled_from(ACTORS),
            st.integers(0, 30),
        ),
        max_size=40,
    ),
)
def test_whatever_is_tried_the_case_stays_lawful(variant, script):
    """Status moves only as the national list allows, the due date never comes nearer, the first appointment
    stays, closed cases stay closed, and folding the kept effects gives the state again."""
    w = World()
    extra = {
        "elsewhere": {"parents_marriage": "elsewhere", "marriage_place": "31465"},
        "review": {"review_draft": True},
    }
    w.file(answers={**example(), **extra.get(variant, {})})
    for act, actor, hours in script:
        w.pass_time(hours=hours)
        before = w.state
        try:
            w.do(act, actor, **DATA.get(act, {}))
        except Refusal as refusal:
            assert refusal.message
            assert w.state is before
            continue
        after = w.state
        allowed = {8} if act == "stop_by_parent" else ALLOWED[before.status]
        assert after.status == before.status or after.status in allowed, (
            before.status,
            act,
            after.status,
        )
        if before.clock.due_original:
            assert after.clock.due_original == before.clock.due_original
        if before.clock.due_current and after.clock.due_current:
            assert after.clock.due_current >= before.clock.due_current
        if Status(after.status).is_final:
            assert not after.tokens
        elif after.status != Status.SUPPLEMENT:
            assert after.tokens, "an open case always waits for somebody"
    rebuilt = State()
    for effects in w.log:
        rebuilt = fold(rebuilt, load_effects(dump(effects)))
    assert rebuilt == w.state
    assert load_state(dump(w.state)) == w.state
