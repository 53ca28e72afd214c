"""Acts on many cases: a selection that is looked at first, done once, with an outcome for every case."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tinhso.core.access.models import Holding
from tinhso.core.audit.models import Entry
from tinhso.core.cases import bulk
from tinhso.core.cases.actions import many
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Act
from tinhso.core.cases.queries import Filter
from tinhso.core.jobs import actions as runs
from tinhso.core.jobs.models import Run, RunState
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import SmallProvince
from tinhso.kit.errors import NotFound, Refusal
from tinhso.systems.onestop.tests.staff_world import Staff, papers, trust_service
from tinhso.systems.onestop.tests.test_staff_pages import browser

MANY = "/mot-cua/nhieu-ho-so/"


def chosen(act: str, cases: list[Staff], role: str = "one_stop_clerk", **sent: Any) -> Run:
    """A confirmed run over some cases."""
    actor = cases[0].actor(role)
    run = bulk.prepare(act, actor=actor, codes=[s.case.code for s in cases])
    anyway = sent.pop("anyway", False)
    return bulk.confirm(run, sent, actor=actor, anyway=anyway)


def done(run: Run) -> list[tuple[str, str]]:
    runs.work(run.id)
    run.refresh_from_db()
    return list(run.items.order_by("position").values_list("state", "message"))


def acts(staff: Staff, kind: str) -> int:
    return Act.objects.filter(case=staff.case, kind=kind).count()


def own_queries(asked: CaptureQueriesContext) -> int:
    """Without the looks at whether units changed, which happen once in some seconds outside of tests."""
    return sum("orgs_revision" not in q["sql"] for q in asked.captured_queries)


def test_it_is_looked_at_confirmed_once_and_each_outcome_told(province: SmallProvince) -> None:
    ready, fresh = Staff.file(province).accepted(), Staff.file(province)
    clerk = browser(province, "one_stop_clerk")
    asked = clerk.post(MANY, {"viec": "hand_over", "ma": [ready.case.code, fresh.case.code]})
    page = clerk.get(asked.url)
    trial = page.context["trial"]
    assert (trial.total, trial.fit, [r.count for r in trial.reasons]) == (2, 1, [1])
    assert "Mới đăng ký" in trial.reasons[0].message
    run = Run.objects.get()
    assert run.state == RunState.PREPARED
    begun = clerk.post(asked.url, {"dong-y": "1"})
    assert begun.url == f"/cong-viec/{run.id}/"
    assert clerk.post(asked.url, {"dong-y": "1"}).url == begun.url, "confirmed twice is begun once"
    assert Entry.objects.filter(act="jobs.start", object_id=str(run.id)).count() == 1
    assert [state for state, _told in done(run)] == ["done", "refused"]
    html = clerk.get(begun.url).content.decode()
    assert "Đã chuyển xử lý" in html
    assert f"/mot-cua/ho-so/{ready.case.code}/" in html
    assert (ready.state.status, fresh.state.status) == (Status.PROCESSING, Status.NEW)
    assert Act.objects.get(case=ready.case, kind="hand_over").actor["request"] == f"run:{run.id}"
    assert browser(province, "centre_head").get(begun.url).status_code == 404
    assert clerk.post(MANY, {"viec": "hand_over"}).status_code == 422
    assert clerk.post(MANY, {"viec": "wake", "ma": ready.case.code}).status_code == 400


def test_everything_a_filter_lets_through_and_nothing_beyond_the_scope(province: SmallProvince) -> None:
    for _n in range(3):
        Staff.file(province).accepted()
    fresh = Staff.file(province)
    far = province.officer("one_stop_clerk", "H30.41.26.01")
    with pytest.raises(Refusal, match="ít nhất một"):
        bulk.prepare("hand_over", actor=far, codes=[fresh.case.code])
    with pytest.raises(Refusal, match="ít nhất một"):
        bulk.prepare("hand_over", actor=far, what=Filter())
    clerk = browser(province, "one_stop_clerk")
    listed = clerk.get("/mot-cua/danh-sach/?trang-thai=2").content.decode()
    assert "Làm với tất cả hồ sơ khớp bộ lọc" in listed
    asked = clerk.post(
        MANY, {"viec": "hand_over", "pham-vi": "tat-ca", "ben": "reception", "trang-thai": "2"}
    )
    assert clerk.get(asked.url).context["trial"].total == 3
    run = Run.objects.get()
    assert run.data["back"].endswith("?ben=reception&trang-thai=2")
    clerk.post(asked.url, {"thoi": "1"})
    assert not Run.objects.exists()


def test_a_case_that_changed_is_refused_unless_asked_for(province: SmallProvince) -> None:
    def moved() -> Run:
        run = bulk.prepare("hand_over", actor=one.actor("one_stop_clerk"), codes=[one.case.code])
        one.do("note", text="Gọi lại sau")
        return run

    one = Staff.file(province).accepted()
    run, actor = moved(), one.actor("one_stop_clerk")
    assert bulk.trial(run, actor=actor).changed == 1
    assert done(bulk.confirm(run, {}, actor=actor))[0][0] == "changed"
    runs.retry(run.id, actor=actor, changed=True)
    assert done(run) == [("done", "Đã chuyển xử lý")]
    other = one = Staff.file(province).accepted()
    assert done(bulk.confirm(moved(), {}, actor=actor, anyway=True))[0][0] == "done"
    assert acts(other, "hand_over") == 1


@pytest.fixture
def breaks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The worker dies before the n-th group is committed, each n of the list once."""
    at: list[int] = []
    counted, real = itertools.count(1), bulk.Steps.settle

    def settle(self: Any, outcomes: Any) -> None:
        real(self, outcomes)
        if next(counted) in at:
            raise KeyboardInterrupt

    monkeypatch.setattr(bulk.Steps, "settle", settle)
    return at


def test_killed_in_the_middle_it_loses_and_doubles_nothing(
    province: SmallProvince, breaks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "GROUP", 2)
    cases = [Staff.file(province).accepted() for _ in range(5)]
    run = chosen("hand_over", cases)
    breaks.append(2)
    with pytest.raises(KeyboardInterrupt):
        runs.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.RUNNING, 2)
    assert sum(acts(s, "hand_over") for s in cases) == 2
    assert {state for state, _told in done(run)} == {"done"}
    assert [acts(s, "hand_over") for s in cases] == [1] * 5
    assert (run.state, run.done, run.failed) == (RunState.DONE, 5, 0)
    runs.work(run.id)
    assert [acts(s, "hand_over") for s in cases] == [1] * 5


def test_stopped_it_goes_on_where_it_was(province: SmallProvince, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "GROUP", 1)
    cases = [Staff.file(province).accepted() for _ in range(3)]
    run, actor = chosen("hand_over", cases), cases[0].actor("one_stop_clerk")
    real = bulk._group

    def stop_after_one(*args: Any) -> None:
        real(*args)
        runs.cancel(run.id, actor=actor)

    monkeypatch.setattr(bulk, "_group", stop_after_one)
    assert [state for state, _t in done(run)] == ["done", "waiting", "waiting"]
    assert run.state == RunState.CANCELLED
    monkeypatch.setattr(bulk, "_group", real)
    runs.resume(run.id, actor=actor)
    assert [state for state, _t in done(run)] == ["done"] * 3


def test_a_group_the_database_refuses_is_done_one_by_one(
    province: SmallProvince, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [Staff.file(province).accepted() for _ in range(3)]
    bad, real = cases[1].case.id, many._perform_locked

    def inner(case: Any, *rest: Any) -> Any:
        found = real(case, *rest)
        if case.id == bad:
            raise IntegrityError("hỏng")
        return found

    monkeypatch.setattr(many, "_perform_locked", inner)
    told = done(chosen("hand_over", cases))
    assert [state for state, _t in told] == ["done", "refused", "done"]
    assert "IntegrityError" in told[1][1]
    assert [acts(s, "hand_over") for s in cases] == [1, 0, 1]


def test_rights_are_those_of_the_post_when_it_runs(province: SmallProvince) -> None:
    one = Staff.file(province).accepted()
    assert done(chosen("complete", [one], "civil_status_officer"))[0][0] == "refused"
    run = chosen("hand_over", [one])
    Holding.objects.filter(person_id=run.person_id).update(valid_to="2024-01-01")
    forget()
    assert done(run) == [("waiting", "")]
    assert run.state == RunState.FAILED
    assert "không còn giữ vị trí" in run.error
    assert acts(one, "hand_over") == 0


def test_the_trial_says_what_the_doing_will(province: SmallProvince) -> None:
    """The trial decides with the same rules: what it calls possible is done, what it refuses is refused."""
    cases = [Staff.file(province), Staff.file(province).accepted(), Staff.file(province).handed_over()]
    for act, role, sent in (
        ("accept", "one_stop_clerk", {}),
        ("hand_over", "one_stop_clerk", {}),
        ("complete", "civil_status_officer", {}),
        ("note", "one_stop_clerk", {"text": "Nhắc"}),
        ("extend", "chair", {"until": "2020-01-01", "reason": "x"}),
    ):
        actor = cases[0].actor(role)
        run = bulk.prepare(act, actor=actor, codes=[s.case.code for s in cases])
        values = bulk.values_given(bulk.bulk_act(act), sent)
        expected = bulk.trial(run, actor=actor, values=values)
        told = done(bulk.confirm(run, sent, actor=actor))
        assert sum(state == "done" for state, _t in told) == expected.fit, act
        refused = {t for state, t in told if state == "refused"}
        assert refused == {r.message for r in expected.reasons}, act


def test_data_are_asked_once_and_what_is_wrong_is_said_at_its_field(province: SmallProvince) -> None:
    one = Staff.file(province).accepted()
    clerk = browser(province, "one_stop_clerk")
    asked = clerk.post(MANY, {"viec": "note", "ma": one.case.code})
    refused = clerk.post(asked.url, {"dong-y": "1", "text": " "})
    assert refused.status_code == 422
    assert refused.context["error"].field == "text"
    assert clerk.post(asked.url, {"dong-y": "1", "text": "Nhắc bổ sung ảnh"}).status_code == 302
    assert done(Run.objects.get()) == [("done", "Đã ghi chú")]
    ask = clerk.post(MANY, {"viec": "ask_supplement", "ma": one.case.code})
    (papers_field,) = [c for f, _t, c in clerk.get(ask.url).context["fields"] if f.kind == "papers"]
    assert "birth_proof" in dict(papers_field)
    clerk.post(ask.url, {"dong-y": "1", "papers": ["birth_proof"], "reason": "Bản chụp mờ"})
    assert done(Run.objects.get(data__act="ask_supplement"))[0][0] == "done"
    assert one.state.status == Status.SUPPLEMENT
    head = browser(province, "chair")
    ext = head.post(MANY, {"viec": "extend", "ma": one.case.code})
    assert (
        head.post(ext.url, {"dong-y": "1", "until": "mai", "reason": "x"}).context["error"].field == "until"
    )


def test_steps_are_given_to_who_holds_them(province: SmallProvince) -> None:
    cases = [Staff.file(province).handed_over() for _ in range(2)]
    officer = province.officer("civil_status_officer")
    run = bulk.prepare("assign", actor=cases[0].actor("chair"), codes=[s.case.code for s in cases])
    page = browser(province, "chair").get(f"{MANY}{run.id}/")
    assert (str(officer.person_id), officer.name) in page.context["fields"][0][2]
    bulk.confirm(run, {"person_id": str(officer.person_id)}, actor=cases[0].actor("chair"))
    assert done(run) == [("done", f"Đã phân công cho {officer.name}")] * 2
    clerk = str(province.officer("one_stop_clerk").person_id)
    assert done(chosen("assign", cases, "chair", person_id=clerk))[0][0] == "refused"


def test_results_are_signed_once_however_often_it_runs(province: SmallProvince, breaks: list[int]) -> None:
    first, early, last = Staff.file(province), Staff.file(province).handed_over(), Staff.file(province)
    ready = [first.drafted(), last.drafted()]
    run = chosen("sign", [ready[0], early, ready[1]], "chair")
    breaks.append(1)
    with trust_service():
        with pytest.raises(KeyboardInterrupt):
            runs.work(run.id)
        told = done(run)
    assert [state for state, _t in told] == ["done", "refused", "done"]
    assert [s.state.status for s in ready] == [Status.DONE, Status.DONE]
    assert all(len(papers(s)) == 1 for s in ready)


def test_a_trust_service_away_leaves_them_to_be_tried_again(province: SmallProvince) -> None:
    ready = Staff.file(province).drafted()
    run = chosen("sign", [ready], "chair")
    with override_settings(TRUST_URL="http://127.0.0.1:9"):
        assert done(run)[0][0] == "refused"
    runs.retry(run.id, actor=ready.actor("chair"))
    with trust_service():
        assert done(run)[0][0] == "done"


def test_only_who_chose_may_confirm(province: SmallProvince) -> None:
    one = Staff.file(province).accepted()
    run = bulk.prepare("hand_over", actor=one.actor("one_stop_clerk"), codes=[one.case.code])
    with pytest.raises(NotFound):
        bulk.confirm(run, {}, actor=one.actor("centre_head"))
    assert browser(province, "centre_head").get(f"{MANY}{run.id}/").status_code == 404


def test_the_pages_cost_the_same_for_few_and_for_many(province: SmallProvince) -> None:
    cases = [Staff.file(province).accepted() for _ in range(8)]
    clerk, actor = browser(province, "one_stop_clerk"), cases[0].actor("one_stop_clerk")
    asked = {}
    for number in (2, 8):
        run = bulk.prepare("hand_over", actor=actor, codes=[s.case.code for s in cases[:number]])
        with CaptureQueriesContext(connection) as trial:
            clerk.get(f"{MANY}{run.id}/")
        asked[number] = own_queries(trial)
    assert asked[2] == asked[8] <= 7
    done(bulk.confirm(run, {}, actor=actor))
    with CaptureQueriesContext(connection) as page:
        clerk.get(f"/cong-viec/{run.id}/")
    assert own_queries(page) <= 8
