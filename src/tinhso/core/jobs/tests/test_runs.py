"""Long work: started with the change that asks for it, done step by step, stopped, resumed, watched."""

from __future__ import annotations

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.audit.models import Entry
from tinhso.core.db.models import Series
from tinhso.core.jobs import actions, queries, runs
from tinhso.core.jobs.models import Run, RunState
from tinhso.core.jobs.slots import WORK_KINDS
from tinhso.core.jobs.tests import kinds
from tinhso.core.testing.office import small_office
from tinhso.core.testing.race import race
from tinhso.core.testing.web import signed_in
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.slots import SlotError
from tinhso.kit.uuid7 import uuid7

ME = Actor(person_id=uuid7(), name="Lê Thu")


@pytest.fixture(autouse=True)
def _kind(monkeypatch):
    monkeypatch.setattr(WORK_KINDS, "_items", dict(WORK_KINDS._items))
    kinds.use()


def _start(to: int = 7) -> Run:
    return actions.start(kind=kinds.KIND, title="Đếm", actor=ME, data={"to": to})


@pytest.mark.django_db
def test_it_is_queued_with_the_change_that_asks_for_it_and_audited():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _start()
        raise ZeroDivisionError
    assert not Run.objects.exists()
    assert not ProcrastinateJob.objects.exists()
    run = _start()
    assert ProcrastinateJob.objects.get().args == {"run_id": str(run.id)}
    assert Entry.objects.filter(object_id=str(run.id)).values_list("act", flat=True).get() == "jobs.start"


@pytest.mark.django_db
def test_work_is_done_step_by_step_to_its_result():
    run = _start(7)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.total, run.done, run.failed, run.percent) == (RunState.DONE, 7, 7, 1, 100)
    assert run.result == {"counted": 7}
    actions.work(run.id)
    assert set(Series.objects.values_list("last", flat=True)) == {1}, "delivered again it does nothing"


@pytest.mark.django_db
def test_stopped_work_keeps_what_is_done_and_goes_on_from_there():
    def stops(steps):
        if steps.cursor == 3:
            actions.cancel(steps.run_id, actor=ME)
        return kinds.count(steps)

    run = _start(6)
    Run.objects.filter(id=run.id).update(cursor=3, done=3)
    kinds.use(stops)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.CANCELLED, 3)
    assert not Series.objects.exists(), "the step that met the stop is undone"
    kinds.use()
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.done) == (RunState.DONE, 6)
    assert sorted(Series.objects.values_list("key", flat=True)) == ["step:4", "step:5", "step:6"]


@pytest.mark.django_db
def test_failed_work_says_why_and_can_be_resumed():
    def breaks(steps):
        raise ValueError("tệp hỏng")

    kinds.use(breaks)
    run = _start(3)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.FAILED, "ValueError: tệp hỏng")
    kinds.use()
    actions.resume(run.id, actor=ME)
    actions.work(run.id)
    run.refresh_from_db()
    assert (run.state, run.error) == (RunState.DONE, "")


@pytest.mark.django_db
def test_what_is_over_cannot_be_stopped_and_what_runs_cannot_be_resumed():
    run = _start()
    with pytest.raises(Refusal):
        actions.resume(run.id, actor=ME)
    actions.work(run.id)
    with pytest.raises(Refusal):
        actions.cancel(run.id, actor=ME)


@pytest.mark.django_db
def test_only_who_asked_and_who_operates_may_see_and_stop():
    run = _start()
    with pytest.raises(NotFound):
        queries.run(run.id, actor=Actor(person_id=uuid7()))
    with pytest.raises(NotFound):
        actions.cancel(run.id, actor=Actor(person_id=uuid7()))
    assert queries.run(run.id, actor=system_actor("x")).id == run.id
    assert [r.id for r in queries.my_runs(ME).rows] == [run.id]


@pytest.mark.django_db
def test_an_unknown_kind_and_work_of_nobody_are_refused():
    with pytest.raises(SlotError):
        actions.start(kind="nothing", title="x", actor=ME)
    with pytest.raises(ValueError, match="belongs to the person"):
        actions.start(kind=kinds.KIND, title="x", actor=system_actor("x"))


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_the_same_run_do_it_once():
    run = _start(10)
    race(*[lambda: actions.work(run.id)] * 3)
    assert set(Series.objects.values_list("last", flat=True)) == {1}
    assert Run.objects.get(id=run.id).done == 10


@pytest.mark.django_db
def test_a_list_keeps_every_outcome_and_goes_on_after_a_refusal_and_after_a_break():
    run = runs.start(kind="t.list", title="Ký", person_id=ME.person_id, items=["a", "b", "c"], data={"x": 1})

    def do(key: str, data: dict) -> tuple[str, str]:
        if key == "b":
            raise Refusal("no", "Không ký được")
        if key == "c" and not broken:
            broken.append(key)
            raise ConnectionError
        return key.upper(), f"xong {data['x']}"

    broken: list[str] = []
    with pytest.raises(ConnectionError):
        runs.work_through(run.id, do)
    done = runs.work_through(run.id, do)
    assert [(o["key"], o["ok"], o["message"]) for o in done.outcomes] == [
        ("a", True, "xong 1"), ("b", False, "Không ký được"), ("c", True, "xong 1"),
    ]  # fmt: skip
    assert (done.state, done.done, done.failed, done.succeeded) == (RunState.DONE, 3, 1, 2)


@pytest.mark.django_db
def test_a_stopped_list_does_no_further_item():
    run = runs.start(kind="t.list", title="Ký", person_id=ME.person_id, items=["a", "b"], data={})

    def do(key: str, data: dict) -> tuple[str, str]:
        actions.cancel(run.id, actor=ME)
        return key, "xong"

    done = runs.work_through(run.id, do)
    assert (done.state, [o["key"] for o in done.outcomes]) == (RunState.CANCELLED, ["a"])
    with pytest.raises(Refusal):
        actions.resume(run.id, actor=ME)


@pytest.mark.django_db
def test_the_page_shows_progress_and_its_buttons_work(client):
    office = small_office()
    actor = Actor(person_id=office.citizen.person_id)
    run = actions.start(kind=kinds.KIND, title="Xuất sổ", actor=actor, data={"to": 2})
    assert client.get(f"/cong-viec/{run.id}/").status_code == 302
    signed_in(client, office.citizen)
    html = client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "hx-trigger" in html
    assert "http-equiv" in html
    assert "Dừng lại" in html
    assert client.post(f"/cong-viec/{run.id}/dung/").status_code == 302
    html = client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "Chạy tiếp" in html
    assert "hx-trigger" not in html
    client.post(f"/cong-viec/{run.id}/chay-tiep/")
    actions.work(run.id)
    assert "Đã làm 2 trên 2" in client.get(f"/cong-viec/{run.id}/").content.decode()
    assert "Xuất sổ" in client.get("/cong-viec/").content.decode()
    signed_in(client, office.clerk)
    assert client.get(f"/cong-viec/{run.id}/").status_code == 404
